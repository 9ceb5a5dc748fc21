import { callLimits } from "../../core/profile/call-limits";
import type { PbxSpec } from "../../core/spec/spec";

const office = ["198.51.100.0/24"];

/** Phones of the group `support`. */
export const members = Array.from({ length: 20 }, (_, index) => `desk${index + 1}`);

/** An office of the smallest step: 20 phones in one group, one of them the target of a number too, and phones on each transport. */
export const officeOfTwenty: PbxSpec = {
  country: "DE",
  admins: ["198.51.100.7/32"],
  phones: {
    udp: { number: "101", networks: office },
    tcp: { number: "102", networks: office, transport: "tcp" },
    ...Object.fromEntries(members.map((member, index) => [member, { number: String(200 + index), networks: office }])),
    tls: { number: "103", networks: office, transport: "tls" },
  },
  groups: { support: { number: "300", phones: members } },
  trunks: {
    carrier: {
      signalling: ["192.0.2.2/32"],
      numbers: { "+49305550100": "support", "+49305550101": "desk1" },
    },
  },
  limits: { calls: 2 },
};

/** Its limits. */
export const limits = callLimits({
  ...{ calls: 2, phoneCalls: 4, phones: Object.keys(officeOfTwenty.phones).length, trunks: 1, firstPort: 10_000 },
});
