import { startTool, type RunningTool } from "./firewall/tool";
import { profile } from "./limits-office";
import { LimitsTestBed } from "./limits-test-bed";
import { onHost } from "./scenario";
import { eventually } from "./faults/settled";

const name = "testfullconn";
const minutes = 60_000;
const { listed } = profile.connectionLimits;

let bed: LimitsTestBed;
let thieves: RunningTool<{ connected: number }> | undefined;

beforeAll(async () => {
  bed = await LimitsTestBed.open(name);
}, 5 * minutes);

afterAll(() => bed.close(), minutes);

afterEach(async () => {
  await thieves?.stop();
  thieves = undefined;
  await bed.hangUpAll();
  await eventually(30_000, async () => ((await standing()) > 5 ? "connections are left" : undefined));
}, minutes);

/** Opens connections in clear, each with one OPTIONS, after which Asterisk lets it stand for ever. */
async function hold(sources: readonly string[], each: number): Promise<void> {
  const { namespaces, addresses } = bed.pbx.sandbox;
  const order = { target: addresses.pbx, port: 5060, sources, each, greet: false, ask: true, seconds: 120 };
  thieves = await startTool(namespaces.office, "idle", order);
}

async function standing(): Promise<number> {
  const open = await onHost(bed.pbx, "ss", "-Htn", "state", "established", "( sport = :5060 )");
  return open.split("\n").filter((line) => line.includes(":5060")).length;
}

/** A phone over TLS that was not there comes, from an address of its own. */
async function anotherPhone(address: string): Promise<unknown> {
  const agent = await bed.openAgent("secure", address);
  try {
    return (await agent.register(60)).status;
  } finally {
    await agent.close();
    bed.agents.delete("secure");
  }
}

test(
  "1,600 connections from five addresses of an office: each address has its own, and 112 is put through over every transport",
  async () => {
    const { office } = bed.pbx.sandbox.addresses;
    await hold(office.slice(10, 15), 320);
    await eventually(40_000, async () =>
      ((now) => (now >= 5 * listed.ofAddress * 0.7 ? undefined : `${now} are there`))(await standing()),
    );
    expect(await standing()).toBeLessThanOrEqual(5 * listed.ofAddress + 5);
    expect(await anotherPhone(office[9] ?? "")).toBe(200);
    await bed.everyTransport();
  },
  3 * minutes,
);

test(
  "all connections of listed phones taken, from every address: 112 is put through over every transport",
  async () => {
    const { office } = bed.pbx.sandbox.addresses;
    await hold(office, 40);
    const most = Math.min(listed.all + listed.reserve, office.length * listed.ofAddress);
    await eventually(40_000, async () =>
      ((now) => (now >= most * 0.7 ? undefined : `${now} of ${most} are there`))(await standing()),
    );
    expect(await standing()).toBeLessThanOrEqual(listed.all + listed.reserve);
    await bed.everyTransport();
  },
  3 * minutes,
);
