import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { SimulatedStack } from "../../../tools/aws/simulated-stack";
import { openStack } from "./minimal";

const elsewhere = { instanceId: "i-of-another", networkInterfaceId: "eni-of-another" };
let stack: SimulatedStack;

beforeAll(async () => {
  stack = await openStack("aws-existing-vpc", {
    vpcId: "vpc-00000000000000001",
    subnetId: "subnet-00000000000000001",
    eipAllocationId: "eipalloc-00000000000000001",
    kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000001",
  });
}, 45 * 60_000);

afterAll(() => stack.close());

jest.setTimeout(180_000);

/** Runs the command while the address serves something that is not of this stack. */
async function whileServedElsewhere<T>(other: Partial<typeof elsewhere>, work: () => Promise<T>): Promise<T> {
  const { surroundings } = stack.simulation;
  surroundings.servedElsewhere = { ...elsewhere, ...other };
  return work().finally(() => {
    surroundings.servedElsewhere = undefined;
  });
}

test.each([
  ["another machine", {}, "serves instance i-of-another,"],
  ["what is no machine, such as a NAT gateway", { instanceId: "" }, "serves network interface eni-of-another,"],
])(
  "an address that serves %s is refused at preview: once, with path and cure, without a stack",
  async (_, other, words) => {
    const { code, stdout } = await whileServedElsewhere(other, () => stack.try(["preview"]));
    expect(code).not.toBe(0);
    const said = stdout.slice(stdout.indexOf("Diagnostics:")).replace(/\s+/g, " ");
    expect(said).toContain(`eipAllocationId: eipalloc-00000000000000001 ${words}`);
    expect(said).toContain(
      "`aws ec2 create-tags --resources eni-of-another --tags " +
        "Key=hardened-asterisk:owner,Value=/hardened-asterisk/aws-existing-vpc/simulated/pbx`",
    );
    expect(said).toContain("`aws ec2 disassociate-address --association-id eipassoc-of-another`");
    expect(said.match(/eipAllocationId: /g)).toHaveLength(1);
    expect(stdout).not.toMatch(/\n\s+at /);
  },
);

test("without a preview it is not taken away from the other machine", async () => {
  const { code, stdout } = await whileServedElsewhere({}, () => stack.tryUp());
  expect(code).not.toBe(0);
  expect(stdout).toContain("eipAllocationId: eipalloc-00000000000000001 serves");
  const made = (await stack.resources()).map(({ type }) => type);
  expect(made.filter((type) => type.includes("eipAssociation"))).toEqual([]);
});

test("one that serves nothing is taken, and the second up finds it at our own machine and changes nothing", async () => {
  await stack.up();
  const serving = stack.simulation.addresses.serving("eipalloc-00000000000000001");
  expect(serving["instanceId"]).toBe(await stack.output("instanceId"));
  await stack.up("--expect-no-changes");
});

test("another interface in another subnet of ours takes the address over", async () => {
  const program = path.join(stack.folder, "index.ts");
  const text = readFileSync(program, "utf8");
  writeFileSync(program, text.replace('config.require("subnetId")', '"subnet-00000000000000002"'));
  const before = stack.simulation.addresses.serving("eipalloc-00000000000000001");
  await stack.up();
  const after = stack.simulation.addresses.serving("eipalloc-00000000000000001");
  expect(after["networkInterfaceId"]).not.toBe(before["networkInterfaceId"]);
  await stack.up("--expect-no-changes");
});
