import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { tryRun } from "../../../sandbox/command";

const root = path.join(__dirname, "../../..");
const smoke = (...args: string[]) =>
  tryRun([
    process.execPath,
    path.join(root, "node_modules/tsx/dist/cli.mjs"),
    path.join(root, "tools/aws/smoke.ts"),
    ...args,
  ]);

test("without the flag that spends money nothing is made, and the cost is told", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "aws-smoke-"));
  rmSync(folder, { recursive: true });
  const { code, stdout } = await smoke("--region", "eu-central-1", "--folder", folder);
  expect(code).toBe(2);
  expect(stdout).toMatch(/costs[\s\S]*Nothing was made\. Add --spend-money/);
  expect(existsSync(folder)).toBe(false);
}, 30_000);

test.each([
  [[], "--asterisk-package: is missing; make it with `npm run build:asterisk`"],
  [["--asterisk-package", "/nowhere.deb"], "--asterisk-package: there is no /nowhere.deb"],
  [["--asterisk-package", __filename], "is no Debian package"],
])(
  "with %j nothing is made either, and it says what to give",
  async (args, words) => {
    const folder = path.join(tmpdir(), "aws-smoke-never-made");
    const { code, stderr } = await smoke("--region", "eu-central-1", "--folder", folder, "--spend-money", ...args);
    expect([code, stderr]).toEqual([1, expect.stringContaining(words)]);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(existsSync(folder)).toBe(false);
  },
  60_000,
);

test("without a region it says which word is missing", async () => {
  const { code, stderr } = await smoke("--folder", "x");
  expect(code).toBe(1);
  expect(stderr).toMatch(/required option '--region/);
}, 30_000);
