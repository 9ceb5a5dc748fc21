import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import type { SealedPbxSpec } from "../../../aws";
import { SimulatedStack } from "../../../tools/aws/simulated-stack";
import { office } from "../../../tools/aws/office";
import { ensureEngine } from "../../../tools/engine/engine";

const masterSecret = "0123456789abcdef0123456789abcdef";
let folder: string;
let stack: SimulatedStack;
let spec = office.pbx;

beforeAll(async () => {
  const engine = await ensureEngine({ progress: (line) => process.stderr.write(`${line}\n`) });
  folder = mkdtempSync(path.join(tmpdir(), "aws-host-"));
  const program = path.join(__dirname, "../../../stacks/aws-minimal");
  stack = await SimulatedStack.open({ engine, program, folder: path.join(folder, "stack") });
  const { asteriskPackage } = office;
  await stack.configure(
    {
      "aws-minimal:asteriskPackage.url": asteriskPackage.url ?? "",
      "aws-minimal:asteriskPackage.sha256": asteriskPackage.sha256,
    },
    { masterSecret },
  );
}, 45 * 60_000);

afterAll(async () => {
  await stack.close();
  rmSync(folder, { recursive: true, force: true });
});

jest.setTimeout(180_000);

/** What the last `up` really did, as `operation module/type name`, sorted. */
function done(): string[] {
  return stack.simulation
    .takeCalls()
    .filter(({ operation, preview }) => operation !== "invoke" && operation !== "read" && !preview)
    .map(({ operation, type, name }) => `${operation} ${type.replace(/^aws:(.*):.*$/, "$1")} ${name}`)
    .sort();
}

function setSpec(change: Partial<SealedPbxSpec>): void {
  spec = { ...spec, ...change };
  writeFileSync(path.join(stack.folder, "spec.ts"), `export const spec = ${JSON.stringify(spec)};\n`);
}

test("a preview of everything succeeds with what it cannot know, and makes nothing", async () => {
  const steps = await stack.plan();
  expect(steps.length).toBeGreaterThan(30);
  expect(steps.filter(({ op }) => op !== "create")).toEqual([]);
  expect(done()).toEqual([]);
});

test("up makes each resource once, and up again changes nothing", async () => {
  await stack.up();
  const made = done();
  expect(new Set(made).size).toBe(made.length);
  expect(made.filter((line) => !line.startsWith("create "))).toEqual([]);
  await stack.up("--expect-no-changes");
  expect(done()).toEqual([]);
});

test("one more phone in a network that is listed already touches nothing of the network", async () => {
  setSpec({ phones: { ...spec.phones, hall: { number: "103", networks: ["198.51.100.0/24"] } } });
  await stack.up();
  expect(done()).toEqual([]);
});

test("one more network is an entry of a prefix list; in another order the list stays", async () => {
  const hall = (networks: string[]) => ({ phones: { ...spec.phones, hall: { number: "103", networks } } });
  setSpec(hall(["198.51.100.0/24", "203.0.113.0/24"]));
  await stack.up();
  expect(done()).toEqual(["update ec2/managedPrefixList pbx-phones"]);
  setSpec(hall(["203.0.113.0/24", "198.51.100.0/24"]));
  await stack.up();
  expect(done()).toEqual([]);
});

test("a carrier's new address is an entry of its prefix list", async () => {
  const { carrier } = spec.trunks ?? {};
  setSpec({ trunks: { carrier: { ...carrier, signalling: ["192.0.2.0/28", "192.0.2.64/28"] } } });
  await stack.up();
  expect(done()).toEqual(["update ec2/managedPrefixList pbx-carriers"]);
});

test("a newer image changes nothing", async () => {
  stack.simulation.surroundings.amiId = "ami-00000000000000002";
  await stack.up("--expect-no-changes");
  expect(done()).toEqual([]);
});
