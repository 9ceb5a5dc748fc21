import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ComponentProvider } from "@pulumi/pulumi/provider/experimental/provider";
import { AsteriskHost } from "../../components/asterisk-host";

const snapshot = path.join(__dirname, "schema.json");

test("the component's inferred schema is the committed one", async () => {
  const root = path.join(__dirname, "../..");
  const provider = new ComponentProvider({ components: [AsteriskHost], dirname: root, name: "hardened-asterisk" });
  const schema = `${JSON.stringify(JSON.parse(await provider.getSchema()), null, 2)}\n`;
  if (process.env["UPDATE_GOLDEN"] === "1" || !existsSync(snapshot)) writeFileSync(snapshot, schema);
  expect(schema).toBe(readFileSync(snapshot, "utf8"));
}, 60_000);
