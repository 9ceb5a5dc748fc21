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

test("without a region it says which word is missing", async () => {
  const { code, stderr } = await smoke("--folder", "x");
  expect(code).toBe(1);
  expect(stderr).toMatch(/required option '--region/);
}, 30_000);
