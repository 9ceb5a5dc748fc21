import { cpus, loadavg } from "node:os";
import type { PbxSpec } from "../../core/spec/spec";
import { heard, ring } from "../../test/e2e/office-calls";
import { asteriskPid, currentReceipt, onHost } from "../../test/e2e/scenario";
import { Installation } from "../operator/installation";
import { manyPhones } from "./many-phones";
import { table } from "./report";

const sizes = [100, 1000, 10_000] as const;
const name = "benchactivate";
const office = ["198.51.100.0/24"];

/** What one PBX came to. */
interface Row {
  readonly phones: number;
  readonly firstMs: number;
  /** Resident size of Asterisk after the first activation, in MB (10^6 bytes). */
  readonly residentMb: number;
  readonly changeMs: number;
  /** Paths that one changed phone changed. */
  readonly changed: readonly string[];
  /** Longest silence that either end of the held call heard meanwhile, in ms. */
  readonly gapMs: number;
  readonly noopMs: number;
  /** The stack's state as the engine keeps it, secrets encrypted, in MB. */
  readonly stateMb: number;
}

/** {@link manyPhones}, of which the first two stand where the test's phones are. */
function spec(count: number, generation = 1): PbxSpec {
  const { phones, ...rest } = manyPhones(count);
  const here = { "phone-0": { number: "100000", networks: office }, "phone-1": { number: "100001", networks: office } };
  const last = `phone-${count - 1}`;
  const changed = { number: String(100_000 + count - 1), networks: office, generation };
  return { ...rest, phones: { ...phones, ...here, [last]: changed } };
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const started = performance.now();
  return [await work(), performance.now() - started];
}

async function residentMb(pbx: Installation): Promise<number> {
  const status = await onHost(pbx, "cat", `/proc/${await asteriskPid(pbx)}/status`);
  return (Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024) / 1e6;
}

/** Changes one phone while two others talk; raises when that restarted Asterisk or cut the call. */
async function changeOne(pbx: Installation, phones: number): Promise<Pick<Row, "changeMs" | "changed" | "gapMs">> {
  const [one, other] = [await pbx.register("phone-0"), await pbx.register("phone-1")];
  await one.call("100001");
  await other.waitEstablished(ring);
  const pid = await asteriskPid(pbx);
  pbx.stack.setSpec(spec(phones, 2));
  const [, changeMs] = await timed(() => pbx.stack.up());
  if ((await asteriskPid(pbx)) !== pid) throw new Error("one changed phone restarted Asterisk");
  await one.hangup();
  await other.waitClosed(ring);
  const gapMs = Math.max(...(await heard(one, other)).map(({ gap }) => gap));
  return { changeMs, changed: (await currentReceipt(pbx)).changed, gapMs };
}

async function measure(phones: number, say: (line: string) => void): Promise<Row> {
  say(`${phones} phones: a fresh host`);
  const pbx = await Installation.open({ name, spec: spec(phones), progress: say });
  try {
    const [, firstMs] = await timed(() => pbx.stack.up());
    const resident = await residentMb(pbx);
    say(`${phones} phones: active after ${Math.round(firstMs)} ms, ${Math.round(resident)} MB`);
    const change = await changeOne(pbx, phones);
    say(`${phones} phones: one changed in ${Math.round(change.changeMs)} ms, longest silence ${change.gapMs} ms`);
    const [{ unchanged }, noopMs] = await timed(() => pbx.stack.up());
    if (unchanged !== 5) throw new Error(`a second up left ${unchanged} of 5 resources unchanged`);
    const exported = await pbx.stack.try(["stack", "export", "--stack", name]);
    return { phones, firstMs, residentMb: resident, ...change, noopMs, stateMb: exported.stdout.length / 1e6 };
  } finally {
    await pbx.close();
  }
}

/** How long `pulumi up` takes and what it changes with more and more phones, as the body of a section. */
export async function activateSection(say: (line: string) => void): Promise<string> {
  const rows: Row[] = [];
  const loads: number[] = [];
  for (const size of sizes) {
    rows.push(await measure(size, say));
    loads.push(loadavg()[1] ?? NaN);
  }
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  const lines = rows.map((row) => [
    row.phones.toLocaleString("en"),
    seconds(row.firstMs),
    row.residentMb.toFixed(0),
    seconds(row.changeMs),
    row.changed.map((file) => `\`${file}\``).join(" "),
    String(row.gapMs),
    seconds(row.noopMs),
    row.stateMb.toFixed(1),
  ]);
  return `Plain \`pulumi up\` on a sandbox host with Asterisk installed, one run each: the first activation; the resident size of Asterisk after
it; a new password for one phone while two others talk, the files it changed and the longest silence either of the two heard;
another \`up\`, which changes nothing; and the size of the stack's state. The spec is read from a file (\`pbx:specFile\`).
Load average of the machine after each run: ${loads.map((load) => load.toFixed(1)).join(", ")}; cores: ${cpus().length}.

${table(
  [
    "phones",
    "first (s)",
    "Asterisk (MB)",
    "one changed (s)",
    "changed files",
    "longest silence (ms)",
    "no change (s)",
    "state (MB)",
  ],
  lines,
)}`;
}
