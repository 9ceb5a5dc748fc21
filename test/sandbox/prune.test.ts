import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../sandbox/command";
import { noteUse, prune } from "../../sandbox/prune";

const digits = (digit: string) => digit.repeat(16);
const image = /^[0-9a-f]{16}$/;
let cache: string;

/** An image of two layers that nobody has used for two days. */
function oldImage(name: string): void {
  for (const layer of ["bare", "packages"]) mkdirSync(join(cache, name, layer), { recursive: true });
  const then = new Date(Date.now() - 48 * 3600 * 1000);
  utimesSync(join(cache, name), then, then);
}

beforeEach(() => {
  cache = realpathSync(mkdtempSync(join(tmpdir(), "hardened-asterisk-prune-")));
});
afterEach(() => {
  rmSync(cache, { recursive: true });
});

it("removes what nobody used for a day, and nothing else", () => {
  for (const name of [digits("a"), digits("b"), digits("c"), ".building-1", "engine"]) oldImage(name);
  noteUse(join(cache, digits("b")));
  expect(prune(cache, image, [digits("c")])).toEqual([digits("a")]);
  expect(readdirSync(cache).sort()).toEqual([".building-1", digits("b"), digits("c"), "engine"]);
});

it("spares what a running sandbox lies over, until it has ended", async () => {
  oldImage(digits("a"));
  const root = mkdtempSync(join(tmpdir(), "hardened-asterisk-root-"));
  const lower = ["packages", "bare"].map((layer) => join(cache, digits("a"), layer)).join(":");
  try {
    await run(["mount", "-t", "overlay", "overlay", "-o", `lowerdir=${lower}`, root]);
    expect(prune(cache, image)).toEqual([]);
  } finally {
    await run(["umount", root]);
    rmSync(root, { recursive: true });
  }
  expect(prune(cache, image)).toEqual([digits("a")]);
});
