import { openStack } from "./minimal";

const existing = {
  vpcId: "vpc-00000000000000001",
  subnetId: "subnet-00000000000000001",
  eipAllocationId: "eipalloc-00000000000000001",
  kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000001",
};
/** Types that a caller who brings a network, an address and a key has already. */
const brought = [
  "aws:ec2/vpc:Vpc",
  "aws:ec2/subnet:Subnet",
  "aws:ec2/eip:Eip",
  "aws:kms/key:Key",
  "aws:ec2/flowLog:FlowLog",
];

test.each([
  ["aws-existing-vpc", existing, brought],
  ["two-carriers", {}, []],
] as const)(
  "%s: preview, up, and up again changes nothing",
  async (name, settings, absent) => {
    const stack = await openStack(name, settings);
    try {
      expect((await stack.plan()).filter(({ op }) => op !== "create")).toEqual([]);
      await stack.up();
      await stack.up("--expect-no-changes");
      const made = (await stack.resources()).map(({ type }) => type);
      expect(made).toContain("aws:ec2/networkInterface:NetworkInterface");
      expect(made.filter((type) => (absent as readonly string[]).includes(type))).toEqual([]);
    } finally {
      await stack.close();
    }
  },
  45 * 60_000,
);

test(
  "another subnet of the caller's in the same zone replaces interface and machine, and the data volume stays",
  async () => {
    const stack = await openStack("aws-existing-vpc", existing);
    try {
      await stack.up();
      await stack.configure({ "aws-existing-vpc:subnetId": "subnet-00000000000000002" });
      const replaced = (await stack.plan()).filter(({ op }) => op === "replace").map(({ name }) => name);
      expect(replaced).toEqual(expect.arrayContaining(["pbx-interface", "pbx-instance"]));
      expect(replaced).not.toContain("pbx-data");
      await stack.up();
    } finally {
      await stack.close();
    }
  },
  45 * 60_000,
);
