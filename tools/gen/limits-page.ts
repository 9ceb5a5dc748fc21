import { platformOf } from "../../core/platform/platforms";
import { emergencyCallsOfPhone, emergencyStartSeconds, emergencyStartsOfPhone } from "../../core/profile/call-limits";
import { connectionLimits } from "../../core/profile/connection-limits";
import type { PbxProfile } from "../../core/profile/profile";
import { resolveProfile } from "../../core/profile/resolve-profile";

/** Sizes as examples: phones with the default of outbound calls. */
const examples = [5, 20, 90, 240, 490, 5000];

/** An office of so many phones and one trunk, with every limit at its default. */
function officeOf(phones: number): PbxProfile {
  const names = Array.from({ length: phones }, (_, index) => String(index + 10_000));
  return resolveProfile(
    {
      country: "DE",
      admins: ["198.51.100.7/32"],
      phones: Object.fromEntries(names.map((number) => [`p${number}`, { number, networks: ["198.51.100.0/24"] }])),
      trunks: { carrier: { signalling: ["192.0.2.2/32"], numbers: { "+49305550100": "p10000" } } },
    },
    { platform: platformOf() },
  );
}

const head = ({ limits, callLimits }: PbxProfile) => `# Limits of calls

Asterisk needs one channel, a **leg**, for the caller and one for each phone that rings. A call to a group of 20 phones has 21 legs while it
rings. The host bounds calls and legs, so that nobody can take them all. A leg to a phone is counted before it takes audio ports. A caller's
own leg takes its ports first, before the dial plan can refuse the call; a refused call gives them back at once.

- **Trunks** that bring calls have equal shares: calls of their own, legs to phones, and audio ports. Calls forged in one carrier's name leave the other
  trunks theirs, and take no leg, place or port of other calls, outbound ones among them. An inbound call over a limit ends at once with 486 (Busy Here).
- **Phones** have their own limit of legs. One phone places at most \`limits.phoneCalls\` calls at one time (default ${limits.phoneCalls}), and as many
  may ring it or talk to it. Of these places, each trunk, and the phones together, leave one to each of the others: with the default and one
  trunk, at most ${callLimits.callsToPhone} are inbound and at most ${callLimits.callsToPhone} internal calls. When there are fewer places than trunks and one more, each of them still
  has one. A call over the limit ends with 503, a call to a busy phone with 486.
- **Groups** ring as many members as there are legs, in the order in which the spec lists them. When the legs for further members are taken,
  each call still rings one member. A group takes as many calls at one time as it has members, at least \`limits.phoneCalls\`. A call that is
  transferred to somebody else leaves its place in the group.
- **Emergency calls** are free of these limits. They have places and audio ports of their own. One phone holds at most ${emergencyCallsOfPhone}, and begins at most ${emergencyStartsOfPhone}
  in any ${emergencyStartSeconds} s. When the reserve is full, a phone without an emergency call ends the second one of another phone. When every phone
  holds one, more take the places of ordinary calls.

The sizes follow from the number of phones plus \`limits.calls\`. These are the sizes with the defaults and one trunk; with more trunks, the
inbound calls and legs are divided by the number of trunks that have \`numbers\`. With more than 5 such trunks, a
small office has the sizes of 90 phones.

`;

const foot = `
A phone over UDP is asked by OPTIONS every 25 s, because many routers forget a silent UDP flow after 30 s; 10,000 such phones are 400
OPTIONS a second. A registered phone is called whatever it answers: \`hardened-asterisk phones\` shows the answer, and only the INVITE's own
time-out, 12.5 s, gives a phone up.

A phone is rung at the Contact it has registered, \`sip:\` or \`sips:\`. Its user has letters, digits and \`. _ ~ + % = : -\`, 200 characters at
most with the address, and the address is IPv4 and none that a carrier takes calls at. Parameters go with it if they have only such
characters and the Contact is at most 512 long; of others, such as those of push services, only \`transport\` does. A Contact that
breaks these rules is not rung, and \`messages.log\` has a warning with the phone and the reason. So has the log when the Contacts
of a group are too long together (7,600 characters): the last members are then not rung.
`;

const row = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;

/** Phones over TCP or TLS as examples, all of one kind. */
const streamExamples = [5, 40, 300, 700];

function connections(): string {
  const rows = streamExamples.map((phones) => {
    const { listed, carriers, strangers, strangersReserve } = connectionLimits({
      listedPhones: phones,
      roamingPhones: 0,
    });
    return row([phones, listed.ofAddress, listed.all, listed.reserve, carriers, strangers, strangersReserve]);
  });
  const titles = ["phones", "one address", "all", "reserve", "carriers", "strangers", "their reserve"];
  return `## Connections over TCP and TLS

The firewall counts a connection when its handshake is complete, so that no forged packet takes a place. Listed phones, phones on the road that
have authenticated from their address, strangers and carriers have places of their own. The reserve is for addresses with no more than two
connections (strangers: networks of 256 addresses with no more than four), when others have taken the rest. Who is over a limit is reset, or waits
for a moment. All together stay below the 1,019 that Asterisk 22.10 holds (measured). With phones of one kind, listed or on the road:

${[row(titles), row(titles.map(() => "---")), ...rows].join("\n")}

Phones of both kinds share the column \`all\` by their number.
`;
}

/** `docs/limits.md`: what bounds calls and legs, and the sizes for some numbers of phones. */
export function limitsPage(): string {
  const titles = [
    "phones",
    "inbound calls",
    "legs of inbound calls",
    "of these for further group members",
    "legs of phones' calls",
    "of these for further group members",
    "reserved emergency calls",
    "audio ports",
  ];
  const rows = examples.map((phones) => {
    const { callLimits, rtp } = officeOf(phones);
    const { trunkCalls, legsOfTrunk, groupLegsOfTrunk, phoneLegs, phoneGroupLegs, emergencyCalls } = callLimits;
    const ports = `${rtp.from}–${rtp.to}`;
    return row([phones, trunkCalls, legsOfTrunk, groupLegsOfTrunk, phoneLegs, phoneGroupLegs, emergencyCalls, ports]);
  });
  const table = [row(titles), row(titles.map(() => "---")), ...rows].join("\n");
  return `${head(officeOf(examples[0] ?? 1))}${table}\n${foot}\n${connections()}`;
}
