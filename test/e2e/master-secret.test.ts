import { randomBytes } from "node:crypto";
import type { PhoneCard } from "../../components/asterisk-host-args";
import type { tryRun } from "../../sandbox/command";
import { Installation } from "../../tools/operator/installation";
import { registerGuess } from "./peers/stranger";
import { onHost } from "./scenario";

const name = "testmastersecret";
const minutes = 60_000;
jest.setTimeout(4 * minutes);
let pbx: Installation;
const other = randomBytes(32).toString("hex");
const spec = {
  country: "JP",
  admins: ["198.51.100.7/32"],
  phones: {
    hall: { number: "10", networks: ["198.51.100.0/24"] },
    door: { number: "11", networks: ["198.51.100.0/24"] },
  },
};

beforeAll(async () => {
  pbx = await Installation.open({ name, spec });
  await pbx.stack.up();
}, 10 * minutes);

afterAll(() => Installation.remove(name), minutes);

const cards = () => pbx.stack.output<Record<string, PhoneCard>>("credentials");
/** Everything that the host keeps, with the times of its files. */
const picture = () =>
  onHost(pbx, "sh", "-c", "find /etc /var/lib/hardened-asterisk -type f -printf '%p %T@ %C@\\n' | sort");
const up = (...more: string[]) => pbx.stack.try([...pbx.stack.upCommand, ...more]);
const preview = () => pbx.stack.try(["preview", "--stack", name]);
const use = async (secret: string) => {
  const { code } = await pbx.stack.try(["config", "set", "--secret", "pbx:masterSecret", "--stack", name], secret);
  expect(code).toBe(0);
};

/** How the PBX answers when somebody in the office registers with a card. */
async function registering(card: PhoneCard | undefined): Promise<number | string> {
  const office = { namespace: pbx.sandbox.namespaces.office, address: pbx.sandbox.addresses.office[0] ?? "" };
  const target = pbx.sandbox.addresses.pbx;
  return (await registerGuess({ ...office, target }, card?.user ?? "", card?.password ?? "")).status;
}

/** Runs with a state that knows nothing of the host, as in another clone. */
async function withoutState<T>(work: () => Promise<T>): Promise<T> {
  const exported = pbx.keep("state.json", "");
  const kept = await pbx.stack.try(["stack", "export", "--show-secrets", "--file", exported, "--stack", name]);
  const removed = await pbx.stack.try(["state", "delete", "--all", "--force", "--yes", "--stack", name]);
  expect([kept.code, removed.code]).toEqual([0, 0]);
  return work().finally(async () => {
    const back = await pbx.stack.try(["stack", "import", "--file", exported, "--stack", name]);
    expect(back.code).toBe(0);
  });
}

/** Makes what the host keeps look as an earlier version left it: without the digest. */
const forgetOnHost = () =>
  onHost(
    pbx,
    "python3",
    "-c",
    `
import glob, json
for path in glob.glob("/var/lib/hardened-asterisk/generations/*/values.json"):
    values = json.load(open(path))
    assert values.pop("master.digest")
    json.dump(values, open(path, "w"))
`,
  );

/** A refusal's words: all of it once, with cure, without a secret and without a stack trace. */
function refusal({ code, stdout, stderr }: Awaited<ReturnType<typeof tryRun>>): string {
  const text = stdout + stderr;
  expect(code).not.toBe(0);
  for (const secret of [pbx.masterSecret, other]) expect(text).not.toContain(secret);
  expect(text).not.toMatch(/\n\s+at .*:\d+/);
  return text;
}

const words = (by: string) =>
  new RegExp(
    `masterSecret: is not the one that ${by}[^]* 2 of 2 phones \\((hall, door|door, hall)\\) would change; nothing was changed.[^]*newMasterSecret: true`,
  );

test("a preview with another master secret is refused, by the state", async () => {
  const before = await picture();
  await use(other);
  expect(refusal(await preview())).toMatch(words("this stack's state was made with"));
  expect(await picture()).toBe(before);
});

test("`up` with it is refused too, and nothing changes: not the host, not the cards that were given out", async () => {
  const [before, given] = [await picture(), await cards()];
  expect(refusal(await up())).toMatch(words("this stack's state was made with"));
  expect(await picture()).toBe(before);
  expect(await registering(given["hall"])).toBe(200);
});

test("with a state that knows nothing, the host refuses it before anything changes", async () => {
  const [before, given] = [await picture(), await cards()];
  await withoutState(async () => {
    expect(refusal(await up())).toMatch(words("this PBX was set up with"));
  });
  expect(await picture()).toBe(before);
  expect(await registering(given["hall"])).toBe(200);
});

test("the right one again is taken as ever", async () => {
  await use(pbx.masterSecret);
  expect((await preview()).code).toBe(0);
  expect((await up("--expect-no-changes")).code).toBe(0);
});

test("a host of an earlier version learns it at the first `up`, and then refuses another", async () => {
  await forgetOnHost();
  // A newer version always has another configuration for the host.
  pbx.stack.setSpec({ ...spec, phones: { ...spec.phones, door: { ...spec.phones.door, number: "12" } } });
  expect(await pbx.stack.up()).toMatchObject({ updated: 3 });
  await use(other);
  await withoutState(async () => {
    expect(refusal(await up())).toMatch(words("this PBX was set up with"));
  });
});

test("when the owner says that it is new, it is taken with a warning, and the phones' new cards count", async () => {
  const old = await cards();
  pbx.stack.editConfig({ "pbx:newMasterSecret": true });
  const shown = await preview();
  expect([shown.code, shown.stdout]).toEqual([0, expect.stringMatching(/newMasterSecret: is true[^]*2 of 2 phones/)]);
  const done = await up();
  expect(done.code).toBe(0);
  expect(done.stdout + done.stderr).toMatch(
    /masterSecret: is a new one, as its owner says; [^\n]* 2 of 2 phones \(door, hall\)/,
  );
  const fresh = await cards();
  expect(fresh["hall"]?.user).not.toBe(old["hall"]?.user);
  expect(await registering(fresh["hall"])).toBe(200);
  expect(await registering(old["hall"])).not.toBe(200);
});

test("afterwards the new one is the one that counts, and the old one is refused", async () => {
  pbx.stack.editConfig({ "pbx:newMasterSecret": undefined });
  expect((await up()).code).toBe(0);
  expect((await up("--expect-no-changes")).code).toBe(0);
  await use(pbx.masterSecret);
  expect(refusal(await preview())).toMatch(words("this stack's state was made with"));
  await withoutState(async () => {
    expect(refusal(await up())).toMatch(words("this PBX was set up with"));
  });
});
