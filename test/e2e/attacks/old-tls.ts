import { above, type Attack } from "./attack";
import { useTool } from "./stranger";

/** A stranger offers only what TLS should no longer accept: old versions, anonymous, unencrypted and weak suites. */
export const oldTls: Attack = {
  name: "old-tls",
  what: "offers TLS 1.0 and 1.1, and suites without certificate, encryption, forward secrecy or authenticated encryption",
  measures: "weak offers accepted",
  goal: "0",
  weak: ["tls22"],
  run: async (target) => {
    const job = { sources: target.fresh(8), target: target.address, port: 5061 };
    const { sound, ...weak } = await useTool<Record<string, string | null>>(target, "tls_offers.py", job);
    const taken = Object.entries(weak).flatMap(([offer, agreed]) => (agreed === null ? [] : [`${offer}: ${agreed}`]));
    if (sound === null && taken.length === 0) throw new Error("no handshake was answered at all, so nothing was tried");
    return above(0, taken.length, `${taken.join("; ") || "none"}; a sound offer: ${sound ?? "refused"}`);
  },
};
