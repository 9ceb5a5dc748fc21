import { above, type Attack } from "./attack";
import { failedCalls } from "./emergency-flood";
import { whileIdle } from "./held-connections";
import { officeAddress, withStolen } from "./insider";

const addresses = 5;
const each = 320;
const rounds = 4;

/** Somebody inside an office's network, without a password, who takes connections that Asterisk lets stand. */
export const connectionsOfAnOffice: Attack = {
  name: "connections-of-an-office",
  what: `opens ${addresses * each} TCP connections from ${addresses} addresses of a listed office, with one OPTIONS each, while a phone calls the emergency number and a colleague ${rounds} times`,
  measures: `calls that failed of ${2 * rounds}`,
  goal: "0",
  weak: ["tutorial22"],
  run: (target) =>
    withStolen(target, 2, async (caller, called) => {
      const sources = Array.from({ length: addresses }, (_, index) => officeAddress(target, 10 + index));
      return whileIdle(target, { place: "office", port: 5060, sources, each, says: "ask" }, async (connected) => {
        const failed: string[] = [];
        for (let round = 0; round < rounds; round += 1)
          failed.push(...(await failedCalls(caller, called.account.number)));
        const which = [...new Set(failed)].join(", ") || "none failed";
        return above(0, failed.length, `${connected} connections came about; ${which}`);
      });
    }),
};
