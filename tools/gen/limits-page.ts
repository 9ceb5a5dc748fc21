import { callLimits, emergencyCallsOfPhone } from "../../core/profile/call-limits";

const defaultCalls = 2;
const defaultPhoneCalls = 4;

/** Sizes as examples: phones with the default of outbound calls. */
const examples = [5, 20, 90, 240, 490, 5000];

const head = `# Limits of calls

Asterisk needs one channel, a **leg**, for the caller and one for each phone that rings. A call to a group of 20 phones has 21 legs while it
rings. The host bounds calls and legs, so that nobody can take them all. It does so before a leg takes audio ports.

- **Carriers** have their own limit of calls, and of legs to phones. Forged calls in a carrier's name take no leg and no port of a phone.
  An inbound call over a limit ends at once with 486 (Busy Here). With several trunks, each has its share.
- **Phones** have their own limit of legs. One phone places at most \`limits.phoneCalls\` calls at one time (default ${defaultPhoneCalls}), and
  as many may ring it or talk to it. A call over the limit ends with 503, a call to a busy phone with 486.
- **Groups** ring as many members as there are legs, in the order in which the spec lists them. When the legs for further members are taken,
  each call still rings one member. A group takes as many calls at one time as it has members, at least \`limits.phoneCalls\`.
- **Emergency calls** are free of these limits. They have places and audio ports of their own. One phone holds at most ${emergencyCallsOfPhone}. When the reserve is full, a phone without an emergency call ends the second one of another phone. When every phone holds one,
  more take the places of ordinary calls.

The sizes follow from the number of phones plus \`limits.calls\`. These are the sizes with the defaults and one trunk:

`;

const row = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;

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
    const limits = callLimits({
      ...{ calls: defaultCalls, phoneCalls: defaultPhoneCalls, phones, trunks: 1, firstPort: 10_000 },
    });
    const { inboundCalls, inboundLegs, inboundGroupLegs, phoneLegs, phoneGroupLegs, emergencyCalls } = limits;
    const ports = `${limits.phonePorts.from}–${limits.emergencyPorts.to}`;
    return row([phones, inboundCalls, inboundLegs, inboundGroupLegs, phoneLegs, phoneGroupLegs, emergencyCalls, ports]);
  });
  return `${head}${[row(titles), row(titles.map(() => "---")), ...rows].join("\n")}

A phone over UDP is asked by OPTIONS every 25 s, because many routers forget a silent UDP flow after 30 s; 10,000 such phones are 400
OPTIONS a second. A registered phone is called whatever it answers: \`hardened-asterisk phones\` shows the answer, and only the INVITE's own
time-out, 12.5 s, gives a phone up.
`;
}
