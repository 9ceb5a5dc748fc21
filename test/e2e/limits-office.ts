import { platformOf } from "../../core/platform/platforms";
import { resolveProfile } from "../../core/profile/resolve-profile";
import type { DialClass, PbxSpec } from "../../core/spec/spec";

const office = ["198.51.100.0/24"];
const outside: DialClass[] = ["internal", "national"];

/** Phones of the group `support`. */
export const members = Array.from({ length: 20 }, (_, index) => `desk${index + 1}`);

/** Address of the phone `desk20`; the second carrier sends audio from it too. */
export const addressOfBoth = "198.51.100.41";

/**
 * An office of the smallest step with two trunks: 20 phones in one group, one of them the target of numbers too, phones on each
 * transport, one of them and `desk10` with outside calls, two of those as a group of their own, of which only `udp` is there, and a group of two of the others.
 */
export const officeOfTwenty: PbxSpec = {
  country: "DE",
  admins: ["198.51.100.7/32"],
  phones: {
    udp: { number: "101", networks: office, mayDial: outside },
    tcp: { number: "102", networks: office, transport: "tcp" },
    ...Object.fromEntries(
      members.map((member, index) => [
        member,
        { number: String(200 + index), networks: office, ...(member === "desk10" ? { mayDial: outside } : {}) },
      ]),
    ),
    tls: { number: "103", networks: office, transport: "tls" },
    secure: { number: "104", networks: office, transport: "tls" },
  },
  groups: {
    support: { number: "300", phones: members },
    pair: { number: "301", phones: ["udp", "secure"] },
    duo: { number: "302", phones: ["desk1", "desk2"] },
  },
  trunks: {
    carrier: {
      signalling: ["192.0.2.2/32"],
      numbers: { "+49305550100": "support", "+49305550101": "desk1", "+49305550102": "pair", "+49305550103": "duo" },
    },
    other: {
      signalling: ["192.0.2.130/32"],
      media: ["192.0.2.130/32", `${addressOfBoth}/32`],
      numbers: { "+49305550110": "support", "+49305550111": "desk1", "+49305550113": "duo" },
    },
  },
  limits: { calls: 1 },
};

/** What it is bounded by. */
export const profile = resolveProfile(officeOfTwenty, { platform: platformOf() });
