import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { SimulatedStack } from "../../../tools/aws/simulated-stack";
import { office } from "../../../tools/aws/office";
import { ensureEngine } from "../../../tools/engine/engine";

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
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "aws-stacks-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function open(name: string, settings: Record<string, string>): Promise<SimulatedStack> {
  const engine = await ensureEngine({ progress: (line) => process.stderr.write(`${line}\n`) });
  const program = path.join(__dirname, "../../../stacks", name);
  const stack = await SimulatedStack.open({ engine, program, folder: path.join(folder, name) });
  const { url = "", sha256 } = office.asteriskPackage;
  const all = { ...settings, "asteriskPackage.url": url, "asteriskPackage.sha256": sha256 };
  const named = Object.fromEntries(Object.entries(all).map(([key, value]) => [`${name}:${key}`, value]));
  await stack.configure(named, { masterSecret: "0123456789abcdef0123456789abcdef" });
  return stack;
}

test.each([
  ["aws-existing-vpc", existing, brought],
  ["two-carriers", {}, []],
] as const)(
  "%s: preview, up, and up again changes nothing",
  async (name, settings, absent) => {
    const stack = await open(name, settings);
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
