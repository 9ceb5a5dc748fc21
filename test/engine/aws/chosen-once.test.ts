import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import type { SimulatedStack } from "../../../tools/aws/simulated-stack";
import { earlierState } from "./earlier-state";
import { openMinimal } from "./minimal";

let stack: SimulatedStack;
let program: string;

beforeAll(async () => {
  stack = await openMinimal();
  await stack.import(earlierState());
  program = readFileSync(path.join(stack.folder, "index.ts"), "utf8");
}, 45 * 60_000);

afterAll(() => stack.close());

jest.setTimeout(180_000);

/** Has the program give one more argument. */
function declare(line: string): void {
  writeFileSync(path.join(stack.folder, "index.ts"), program.replace("  pbx: spec,", `  ${line},\n  pbx: spec,`));
}

const replaced = /unable to replace resource "\S*::pbx-data"\s+as it is currently marked for protection/;

test.each([
  ["key", 'kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000001"', replaced],
  ["zone", 'availabilityZone: "eu-central-1b"', replaced],
  [
    "network, the caller's",
    'vpcId: "vpc-00000000000000001", subnetId: "subnet-00000000000000001"',
    /pbx-flow-log-group"? cannot be deleted\s+because it is protected/,
  ],
])("another %s would cost what has to last, and the preview refuses it", async (_what, line, words) => {
  declare(line);
  const { code, stdout } = await stack.try(["preview"]);
  expect(code).not.toBe(0);
  expect(stdout).toMatch(words);
});

test("other addresses for the network replace it and the machine, in the same zone: data volume, address and logs stay", async () => {
  declare('vpcCidr: "10.90.0.0/24"');
  const steps = await stack.plan();
  const replaced = steps.filter(({ op }) => op === "replace").map(({ name }) => name);
  expect(replaced).toEqual(expect.arrayContaining(["pbx-vpc", "pbx-subnet", "pbx-interface", "pbx-instance"]));
  for (const name of ["pbx-data", "pbx-address", "pbx-flow-log-group"])
    expect(steps.filter((step) => step.name === name)).toEqual([]);
});
