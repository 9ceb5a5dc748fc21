import { describeContacts } from "./describe-contacts";
import { describeTwoTrunks } from "./describe-two-trunks";
import { profile } from "./limits-office";
import { LimitsTestBed } from "./limits-test-bed";
import { outcomeOf } from "./office-calls";
import { waitUntil } from "./peers/peer-process";
import { openDescriptors } from "./scenario";

const name = "testlimits";
const minutes = 60_000;
const limits = profile.callLimits;

let bed: LimitsTestBed;
const agent = (member: string) => bed.agent(member);

beforeAll(async () => {
  bed = await LimitsTestBed.open(name);
}, 5 * minutes);

afterAll(() => bed.close(), minutes);

afterEach(() => bed.hangUpAll(), minutes);

describeTwoTrunks(() => bed);
describeContacts(() => bed);

test(
  "a group call rings every member; further ones still ring one each, and what is over the limits is busy at once",
  async () => {
    await bed.forgeCalls("+49305550100", 1);
    await bed.rings(limits.groupLegsOfTrunk + 1);
    await bed.forgeCalls("+49305550100", 40);
    await bed.rings(limits.legsOfTrunk);
    expect(bed.ringing).toBe(limits.legsOfTrunk);
    expect(await bed.inbound("+49305550100")).toBe(486);
    await bed.everyTransport();
  },
  3 * minutes,
);

test(
  "forged calls to one phone take its places alone",
  async () => {
    await bed.forgeCalls("+49305550101", 60);
    await bed.rings(limits.callsToPhone, "desk1");
    expect(agent("desk1").ringing).toBe(limits.callsToPhone);
    expect(await bed.inbound("+49305550101")).toBe(486);
    expect(await outcomeOf(bed.caller("tcp"), "101")).toBe("put through");
    await bed.everyTransport();
  },
  3 * minutes,
);

/** Two thieves ask for every call they can get: to the group, and emergency calls. */
async function fillFromInside(): Promise<void> {
  const thieves = ["desk2", "desk3"];
  const calls = thieves.flatMap((thief) =>
    ["300", "112"].flatMap((number) =>
      Array.from({ length: 20 }, async () => {
        return { thief, number, status: await bed.hold(thief, number) };
      }),
    ),
  );
  const answers = await Promise.all(calls);
  for (const thief of thieves)
    expect(
      answers.filter((one) => one.thief === thief && one.number === "112" && one.status === 200).length,
    ).toBeLessThanOrEqual(2);
}

test(
  "two thieves hold two emergency calls each, and other phones call each other and 112",
  async () => {
    await fillFromInside();
    expect(await outcomeOf(bed.caller("tcp"), "101")).toBe("put through");
    await bed.everyTransport();
  },
  3 * minutes,
);

test(
  "when the emergency places are taken, a phone without one ends another's second call; then calls take ordinary places",
  async () => {
    expect(limits.emergencyCalls).toBe(6);
    const hold = (member: string) => bed.hold(member, "112");
    const first = ["desk2", "desk3", "desk4"];
    for (const member of first.flatMap((one) => [one, one])) expect(await hold(member)).toBe(200);
    expect(await hold("desk2")).toBe(503);
    const ended = () => first.map((member) => agent(member).ended.length);
    const before = ended();
    for (const member of ["desk5", "desk6", "desk7"]) expect(await hold(member)).toBe(200);
    await waitUntil(
      () => ended().every((count, index) => count === (before[index] ?? 0) + 1),
      5_000,
      () => `ended: ${ended().join(", ")}, before ${before.join(", ")}`,
    );
    // All six are first calls now: nobody is cut off any more, and there are ordinary places.
    for (const member of ["desk8", "desk9"]) expect(await hold(member)).toBe(200);
    expect(ended()).toEqual(before.map((count) => count + 1));
    await bed.everyTransport();
  },
  3 * minutes,
);

test(
  "a phone that hands its emergency calls to each other keeps its two places, and gets no more",
  async () => {
    const thief = agent("desk10");
    const [one, other] = [await thief.call("112"), await thief.call("112")];
    const { status } = await thief.handOn(one, other);
    bed.inside.push({ agent: thief, call: one }, { agent: thief, call: other });
    expect([one.status, other.status]).toEqual([200, 200]);
    expect(status).toBe(202);
    await waitUntil(
      () => [one, other].some((call) => thief.ended.includes(call.request.callId)),
      5_000,
      () => `ended: ${thief.ended.join(", ")}`,
    );
    expect((await thief.call("112")).status).toBe(503);
    await bed.everyTransport();
  },
  2 * minutes,
);

test(
  "a phone begins four emergency calls in any 13 s",
  async () => {
    const begun: { readonly asked: number; readonly answered: number }[] = [];
    const from = Date.now();
    const callOnce = async () => {
      const [asked, call] = [Date.now() - from, await agent("desk11").call("112")];
      if (call.status === 200) begun.push({ asked, answered: Date.now() - from });
      await agent("desk11").hangUp(call);
    };
    await callOnce();
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    while (Date.now() - from < 15_500) await callOnce();
    expect(begun.length).toBeGreaterThanOrEqual(4);
    for (const [index, { asked }] of begun.entries())
      expect((begun[index + 4]?.answered ?? Infinity) - asked).toBeGreaterThan(13_000);
  },
  minutes,
);

test(
  "with every limit reached from outside and from inside, 112 is put through over UDP, TCP and TLS",
  async () => {
    await bed.forgeCalls("+49305550101", 60);
    await bed.forgeCalls("+49305550100", 60);
    await fillFromInside();
    await bed.forgeCalls("+49305550100", 60);
    await bed.everyTransport();
    expect(await openDescriptors(bed.pbx)).toBeLessThan(0.75);
  },
  3 * minutes,
);
