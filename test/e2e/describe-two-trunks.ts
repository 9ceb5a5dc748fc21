import type { LimitsTestBed, Trunk } from "./limits-test-bed";
import { outcomeOf, ring } from "./office-calls";
import { waitUntil } from "./peers/peer-process";
import type { UserAgent } from "./peers/user-agent";

const minutes = 60_000;

/** Declares the tests that what is done to one trunk, group or phone is not felt by the others. */
export function describeTwoTrunks(bed: () => LimitsTestBed): void {
  const pickUp = () => {
    for (const agent of bed().agents.values()) agent.answering = "pick up";
  };

  test(
    "calls forged in one carrier's name to a group leave legs to the other carrier's callers",
    async () => {
      await bed().forgeCalls("+49305550100", 1);
      await bed().rings(10);
      await bed().forgeCalls("+49305550100", 40);
      pickUp();
      expect(await bed().inbound("+49305550100")).toBe(486);
      expect(await bed().inbound("+49305550110", "other")).toBe(200);
      expect(await bed().inbound("+49305550111", "other")).toBe(200);
    },
    2 * minutes,
  );

  test(
    "calls forged in one carrier's name to a phone leave it to the other carrier's callers and to colleagues",
    async () => {
      await bed().forgeCalls("+49305550101", 60);
      await bed().rings(1, "desk1");
      pickUp();
      expect(await bed().inbound("+49305550101")).toBe(486);
      expect(await bed().inbound("+49305550111", "other")).toBe(200);
      expect(await outcomeOf(bed().caller("tcp"), "200")).toBe("put through");
    },
    2 * minutes,
  );

  test(
    "with both carriers' calls to a phone forged, colleagues still reach it",
    async () => {
      await bed().forgeCalls("+49305550101", 30);
      await bed().forgeCalls("+49305550111", 30, "other");
      await bed().rings(1, "desk1");
      pickUp();
      expect(await bed().inbound("+49305550111", "other")).toBe(486);
      expect(await outcomeOf(bed().caller("tcp"), "200")).toBe("put through");
    },
    2 * minutes,
  );

  test(
    "a group's calls are bounded also while its first member declines each",
    async () => {
      bed().agent("desk1").answering = "decline";
      await bed().forgeCalls("+49305550103", 2);
      await bed().forgeCalls("+49305550113", 2, "other");
      await bed().rings(4, "desk2");
      bed().agent("desk1").answering = "ring";
      expect(await bed().inbound("+49305550103")).toBe(486);
      expect(await bed().inbound("+49305550101")).toBe("rings");
    },
    2 * minutes,
  );

  test(
    "an outside call that is handed on, and on again, still counts",
    async () => {
      pickUp();
      const desk = bed().agent("desk10");
      const outside = await bed().call("desk10", "03055500011");
      const consult = await bed().call("desk10", "101");
      expect([outside.status, consult.status]).toEqual([200, 200]);
      const second = bed().caller("udp");
      await second.waitEstablished(ring);
      expect((await desk.handOn(outside, consult)).status).toBe(202);
      await waitUntil(
        () => [outside, consult].some(({ request }) => desk.ended.includes(request.callId)),
        ring,
        () => "the outside call was not handed on",
      );
      const before = bed().agent("desk2").received.length;
      await second.transfer("201");
      await waitUntil(
        () => bed().agent("desk2").received.length > before,
        ring,
        () => "desk2 was not called",
      );
      await second.waitClosed(ring);
      expect((await bed().call("desk10", "03055500012")).status).toBe(503);
    },
    2 * minutes,
  );

  test(
    "callers who were transferred to a group take one place there each",
    async () => {
      pickUp();
      const caller = bed().caller("udp");
      const rung = () => bed().agent("desk1").received.length + bed().agent("desk2").received.length;
      // Asterisk knows each by the call in which he was called (linkedid), not by his own.
      for (const member of ["202", "203"]) {
        await caller.call(member);
        await caller.waitEstablished(ring);
        const before = rung();
        await caller.transfer("302");
        await caller.waitClosed(ring);
        await waitUntil(
          () => rung() > before,
          ring,
          () => "the group was not called",
        );
      }
      expect(await bed().hold("desk5", "302")).toBe(200);
      expect(await bed().hold("desk6", "302")).toBe(200);
      expect(await bed().inbound("+49305550103")).toBe(486);
    },
    2 * minutes,
  );

  test(
    "a call that was transferred away from a group leaves its place there",
    async () => {
      pickUp();
      const callers: UserAgent[] = [];
      const member = bed().caller("udp");
      try {
        for (let number = 201; number <= 205; number++) {
          const caller = await bed().carrierAgent("carrier");
          callers.push(caller);
          const { status } = await caller.call("+49305550102", { patience: ring });
          expect([number, status]).toEqual([number, 200]);
          await member.waitEstablished(ring);
          await member.transfer(String(number));
          await member.waitClosed(ring);
          const target = bed().agent(`desk${number - 199}`);
          await waitUntil(
            () => target.received.length > 0,
            ring,
            () => `${number} was not called`,
          );
        }
      } finally {
        for (const caller of callers) await caller.close();
      }
    },
    3 * minutes,
  );

  test(
    "a second emergency call that still rings ends when another phone needs its place, and goes to no other trunk",
    async () => {
      await bed().closeCarrier();
      const carriers = new Map<Trunk, UserAgent>();
      for (const trunk of ["carrier", "other"] as const) {
        const agent = await bed().carrierAgent(trunk, 5060);
        agent.answering = "ring";
        carriers.set(trunk, agent);
      }
      const asked = (trunk: Trunk) => carriers.get(trunk)?.received.length ?? 0;
      const reaches = (count: number) =>
        waitUntil(
          () => asked("carrier") >= count,
          ring,
          () => `the carrier was asked for ${asked("carrier")} of ${count} calls`,
        );
      const statuses: unknown[] = [];
      const call = (member: string) =>
        void bed()
          .hold(member, "112", 20_000)
          .then((status) => statuses.push(status));
      try {
        const thieves = ["desk2", "desk3", "desk4"];
        for (const member of [...thieves, ...thieves]) call(member);
        await reaches(6);
        for (const member of ["desk5", "desk6", "desk7"]) call(member);
        await reaches(9);
        await waitUntil(
          () => statuses.length === 3,
          ring,
          () => `ended: ${statuses.join(", ")}`,
        );
        expect(statuses).not.toContain("no answer");
        expect(asked("other")).toBe(0);
        expect(carriers.get("carrier")?.ringing).toBe(6);
      } finally {
        for (const agent of carriers.values()) await agent.close();
        await bed().openCarrier();
      }
    },
    2 * minutes,
  );
}
