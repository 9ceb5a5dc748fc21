import type { PbxSpec } from "../../core/spec/spec";
import { Installation } from "../../tools/operator/installation";
import type { PhoneCard } from "../../components/asterisk-host-args";
import { inNamespace, run } from "../../sandbox/command";
import { outcomeOf } from "./office-calls";
import { waitUntil } from "./peers/peer-process";
import type { Phone } from "./peers/phone";
import { UserAgent } from "./peers/user-agent";
import { begin, callAgain, heldUnreachable } from "./reach-phones";

const minutes = 60_000;
const office = ["198.51.100.0/24"];
const spec: PbxSpec = {
  country: "JP",
  admins: ["198.51.100.7/32"],
  phones: {
    reception: { number: "101", networks: office },
    sales: { number: "102", networks: office },
    // Behind a router: the address the PBX sees is the router's.
    warehouse: { number: "103", networks: ["100.64.7.2/32"] },
  },
  groups: { support: { number: "200", phones: ["sales"] } },
};
const many = (count: number) => Array.from({ length: count }, () => "put through");

/** How often a registered phone is called. */
export interface Reach {
  /** Calls with each kind of loss. */
  readonly calls: number;
  /** Calls to a phone that sleeps, of 11 s each, by its number and as many by its group's. */
  readonly sleeps: number;
  /** Whether the minute is spent in which a router forgets a flow. */
  readonly router: boolean;
}

/** Declares the tests that a registered phone is called whatever the network does. */
export function describeReach(name: string, { calls, sleeps, router }: Reach): void {
  let pbx: Installation;
  let from: Phone;
  let to: Phone;

  beforeAll(async () => {
    pbx = await Installation.open({ name, spec });
    await pbx.stack.up();
    [from, to] = await Promise.all([pbx.register("reception"), pbx.register("sales")]);
  }, 5 * minutes);

  afterAll(async () => {
    await pbx.hangUp();
    await Installation.remove(name);
  }, minutes);

  test.each(["102", "200"])(
    "a registered phone whose OPTIONS are lost is called, by %s, and again when they pass",
    async (number) => {
      const end = await begin(pbx, "every OPTIONS is lost", to.options.address);
      await heldUnreachable(pbx, to);
      expect(await callAgain(pbx, { from, to, number, count: calls })).toEqual(many(calls));
      await end();
      expect(await callAgain(pbx, { from, to, number, count: calls })).toEqual(many(calls));
    },
    (1 + calls) * minutes,
  );

  if (router)
    test(
      "a phone behind a router that forgets a UDP flow after 30 s is called a minute after it registered for ten",
      async () => {
        const { namespaces, addresses } = pbx.sandbox;
        for (const timeout of ["udp_timeout", "udp_timeout_stream"])
          await run(inNamespace(namespaces.nat, ["sysctl", "-qw", `net.netfilter.nf_conntrack_${timeout}=30`]));
        const cards = await pbx.stack.output<Record<string, PhoneCard>>("credentials");
        const { user = "", password = "" } = cards["warehouse"] ?? {};
        const phone = await UserAgent.open({
          ...{ namespace: namespaces.home, address: addresses.home.at(-1) ?? "", target: addresses.pbx },
          ...{ user, password, number: "103" },
        });
        try {
          expect((await phone.register(600)).status).toBe(200);
          const registered = Date.now();
          await waitUntil(
            () => Date.now() - registered > 60_000,
            61_000,
            () => "the clock stands still",
          );
          expect(await outcomeOf(from, "103")).toBe("put through");
        } finally {
          await phone.close();
        }
      },
      3 * minutes,
    );

  test(
    "with one packet in 20 lost, every call is put through",
    async () => {
      const end = await begin(pbx, "one packet in 20 is lost", to.options.address);
      const outcomes = await callAgain(pbx, { from, to, number: "102", count: calls });
      await end();
      expect(outcomes).toEqual(many(calls));
    },
    (1 + calls) * minutes,
  );

  test.each(["102", "200"])(
    "a phone that sleeps for 10 s is called by %s within the retransmissions of its INVITE",
    async (number) => {
      const trouble = "the phone sleeps for 10 s";
      expect(await callAgain(pbx, { from, to, number, count: sleeps, trouble })).toEqual(many(sleeps));
    },
    (1 + sleeps) * minutes,
  );
}
