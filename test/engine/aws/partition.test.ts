import type { SimulatedStack } from "../../../tools/aws/simulated-stack";
import { openMinimal } from "./minimal";

let stack: SimulatedStack;

beforeAll(async () => {
  stack = await openMinimal();
}, 45 * 60_000);

afterAll(() => stack.close());

jest.setTimeout(180_000);

test.each([
  ["aws-cn", "cn-north-1", "cn-north-1 is in the partition aws-cn (China), which"],
  ["aws-us-gov", "us-gov-west-1", "us-gov-west-1 is in the partition aws-us-gov (AWS GovCloud), which"],
  ["aws-iso", "us-iso-east-1", "us-iso-east-1 is in the partition aws-iso, which"],
])("%s is refused by name at preview: once, with path and cure, without a stack", async (partition, region, words) => {
  Object.assign(stack.simulation.surroundings, { partition, region, zones: [`${region}a`] });
  const { code, stdout } = await stack.try(["preview"]);
  expect(code).not.toBe(0);
  const said = stdout.slice(stdout.indexOf("Diagnostics:")).replace(/\s+/g, " ");
  expect(said).toContain(`aws:region: ${words} this component does not support`);
  expect(said).toContain("choose a region of the partition aws, for example eu-central-1");
  expect(said.match(/aws:region: /g)).toHaveLength(1);
  expect(stdout).not.toMatch(/\n\s+at /);
});
