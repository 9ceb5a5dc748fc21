import { above, type Attack } from "./attack";
import { keptOut, phonesOverTls, register } from "./fleet";
import { whileIdle } from "./held-connections";

const addresses = 5;
const each = 420;
const newcomers = 4;

/** Somebody with one password of a phone on the road, who proves himself from several addresses and then takes connections. */
export const connectionsOfOnePassword: Attack = {
  name: "connections-of-one-password",
  what: `registers with one stolen password of a phone on the road from ${addresses} addresses, begins ${each} TLS handshakes from each, and leaves them there while ${newcomers} phones, each from a new address, register`,
  measures: `phones kept out of ${newcomers}`,
  goal: "0",
  weak: ["tls22"],
  run: async (target) => {
    const [stolen, ...others] = phonesOverTls(target).reverse();
    if (stolen === undefined) throw new Error(`${target.name} has no phones`);
    const thieves = target.fresh(addresses);
    for (const thief of thieves)
      if ((await register(target, [stolen], thief)).registered !== 1)
        throw new Error(`the stolen password is not accepted from ${thief}`);
    const idle = { place: "attacker", port: 5061, sources: thieves, each, says: "greet" } as const;
    return whileIdle(target, idle, async (connected) => {
      const { kept, slowest } = await keptOut(target, others.slice(0, newcomers));
      return above(0, kept, `${connected} connections came about; the slowest phone took ${slowest} s`);
    });
  },
};
