import { existsSync, writeFileSync } from "node:fs";
import { Installation } from "../../../tools/operator/installation";
import { Bench } from "./bench";
test("keep", async () => {
  const bench = await Bench.open("scratchfw", 300);
  writeFileSync("/tmp/scratch.json", JSON.stringify({ ns: bench.pbx.sandbox.namespaces, cards: bench.cards }));
  while (!existsSync("/tmp/scratch.stop")) await new Promise((r) => setTimeout(r, 1000));
  await bench.pbx.hangUp();
  await Installation.remove("scratchfw");
}, 100 * 60_000);
