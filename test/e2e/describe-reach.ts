import type { PbxSpec } from "../../core/spec/spec";
import { Installation } from "../../tools/operator/installation";
import type { Phone } from "./peers/phone";
import { begin, callAgain, heldUnreachable } from "./reach-phones";

const minutes = 60_000;
const office = ["198.51.100.0/24"];
const spec: PbxSpec = {
  country: "JP",
  admins: ["198.51.100.7/32"],
  phones: {
    reception: { number: "101", networks: office },
    sales: { number: "102", networks: office },
  },
  groups: { support: { number: "200", phones: ["sales"] } },
};
const many = (count: number) => Array.from({ length: count }, () => "put through");

/** Declares the tests that a registered phone is called whatever the network does: `calls` of each kind, `sleeps` to a phone that sleeps. */
export function describeReach(name: string, calls: number, sleeps: number): void {
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
