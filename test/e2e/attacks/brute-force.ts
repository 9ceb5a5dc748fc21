import { above, type Attack } from "./attack";
import { guessPassword, type Guesses, type Guessing } from "./stranger";
import { doors, type Door, type Target } from "./target";

const whole = 60_000;
const part = 3_000;

const note = ({ sent, seconds }: Guesses) => `${sent} sent in ${seconds.toFixed(1)} s`;

/** Guesses through every door of a kind from one source each; the door that answers most counts. */
async function guessed(target: Target, kinds: readonly Door[], how: Guessing, tries: number): Promise<Guesses> {
  const user = target.accounts[0]?.user ?? "";
  const all: Guesses[] = [];
  for (const door of kinds) all.push(await guessPassword(target, { sources: target.fresh(1), door, user, tries, how }));
  return all.reduce((most, one) => (one.answered > most.answered ? one : most));
}

const datagrams = doors.filter(({ over }) => over === "udp");
const streams = doors.filter(({ over }) => over !== "udp");
const tls = doors.filter(({ over }) => over === "tls");

/** Guesses one password from one address over UDP, challenge by challenge. */
export const sequential: Attack = {
  name: "brute-force-sequential",
  what: "guesses the password of one known name, 60,000 tries of one address over UDP, challenge by challenge",
  measures: "guesses answered",
  goal: "≤ 3",
  weak: ["tutorial22", "fail2ban22", "tutorial16"],
  bothRoads: true,
  sample: true,
  run: async (target, full) => {
    const guesses = await guessed(target, datagrams, "sequential", full ? whole : part);
    return above(3, guesses.answered, note(guesses));
  },
};

/** Guesses one password from one address over UDP, without waiting for answers. */
export const pipelined: Attack = {
  name: "brute-force-pipelined",
  what: "guesses the password of one known name, 60,000 tries of one address over UDP, at 1,000 a second on one challenge, without waiting for answers",
  measures: "guesses answered",
  goal: "≤ 5",
  weak: ["tutorial22", "fail2ban22"],
  bothRoads: true,
  run: async (target, full) => {
    const guesses = await guessed(target, datagrams, "pipelined", full ? whole : part);
    return above(5, guesses.answered, note(guesses));
  },
};

/** Guesses one password inside TCP and TLS connections. */
export const inOneConnection: Attack = {
  name: "brute-force-in-one-connection",
  what: "guesses the password of one known name inside a TCP or TLS connection, opened again up to 20 times when it is cut",
  measures: "guesses answered",
  goal: "≤ 10",
  weak: ["tls22"],
  run: async (target, full) => {
    const tries = full ? whole : part;
    const ways = [await guessed(target, streams, "sequential", tries), await guessed(target, tls, "pipelined", tries)];
    const worst = ways.reduce((most, one) => (one.answered > most.answered ? one : most));
    return above(10, worst.answered, note(worst));
  },
};

/** Guesses one password from 16 addresses at once. */
export const distributed: Attack = {
  name: "brute-force-16-sources",
  what: "guesses the password of one known name from 16 addresses at the same time, over every transport",
  measures: "guesses answered",
  goal: "≤ 40",
  weak: ["tutorial22", "fail2ban22", "tutorial16"],
  bothRoads: true,
  run: async (target, full) => {
    const user = target.accounts[0]?.user ?? "";
    const tries = full ? whole / 15 : part / 10;
    let worst: Guesses = { sent: 0, answered: 0, found: false, seconds: 0 };
    for (const door of doors) {
      const sources = target.fresh(16);
      const guesses = await guessPassword(target, { sources, door, user, tries, how: "sequential" });
      if (guesses.answered > worst.answered) worst = guesses;
    }
    return above(40, worst.answered, note(worst));
  },
};

/** Guesses so slowly that no counter of failures in ten minutes sees more than ten. */
export const slow: Attack = {
  name: "brute-force-slow",
  what: "guesses the password of one known name once in 65 seconds, 12 times, over every transport",
  measures: "guesses answered to one source",
  goal: "≤ 4",
  weak: ["tutorial22", "tutorial16"],
  bothRoads: true,
  patient: true,
  run: async (target, full) => {
    const user = target.accounts[0]?.user ?? "";
    const tries = full ? 12 : 6;
    // A counter over ten minutes cannot be tried in less; the short form asks whether failures add up at all.
    const job = { user, tries, how: "slow", pause: full ? 65 : 2 } as const;
    const all = await Promise.all(
      doors.map((door) => guessPassword(target, { ...job, door, sources: target.fresh(1) })),
    );
    return above(4, Math.max(...all.map(({ answered }) => answered)), `of ${tries}`);
  },
};
