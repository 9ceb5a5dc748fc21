import { above, type Attack, type Outcome } from "./attack";
import { askAll, type Order, type Reply } from "./stranger";
import { doors, type Target } from "./target";
import { areaUnderCurve } from "./two-samples";

const methods = ["REGISTER", "INVITE", "OPTIONS", "SUBSCRIBE", "MESSAGE", "PUBLISH", "NOTIFY", "INFO", "REFER", "FOO"];

/** Names like the known ones that nobody bears. */
const unknownLike = (name: string) => (/^\d+$/.test(name) ? `${Number(name) + 700}` : name.replace(/.$/, "_"));

/** A request about somebody, in their own name. */
function about(target: Target, method: string, name: string): Order {
  const account = `<sip:${name}@${target.address}>`;
  const uri = method === "REGISTER" ? `sip:${target.address}` : `sip:${name}@${target.address}`;
  return { method, uri, from: account, to: account };
}

/** What an answer looks like when everything that differs from call to call is left out. */
function shape({ status, reason, provisional, headers }: Reply, name: string): string {
  const kept = Object.entries(headers).filter(([header]) => !["via", "call-id", "date"].includes(header));
  const text = JSON.stringify([status, reason, provisional, kept]);
  return text
    .replaceAll(name, "NAME")
    .replace(/(nonce|opaque)=\\"[^"]*\\"/g, "$1")
    .replace(/;tag=[^;"\s]+/g, "")
    .replace(/\d+\.\d+\.\d+\.\d+:\d+/g, "ADDRESS");
}

/** Whether one method, through one door, tells known names from unknown ones. */
async function tells(target: Target, method: string, door: (typeof doors)[number]): Promise<boolean> {
  const known = target.accounts.slice(0, 2).map(({ user }) => user);
  const names = known.flatMap((name) => [name, unknownLike(name)]);
  const orders = names.map((name) => about(target, method, name));
  const replies = await askAll(target, door, orders, { workers: 1, giveUp: 2 });
  const shapes = replies.map((reply, index) => shape(reply, names[index] ?? ""));
  // A ban in between is no difference between names.
  const heard = (parity: number) =>
    new Set(shapes.filter((_, index) => index % 2 === parity && replies[index]?.status !== null));
  const [ofKnown, ofUnknown] = [heard(0), heard(1)];
  return ofKnown.size > 0 && ofUnknown.size > 0 && ![...ofKnown].some((one) => ofUnknown.has(one));
}

/** Compares what is answered about known and unknown names. */
export const enumerationByAnswer: Attack = {
  name: "enumeration-by-answer",
  what: "compares the answers to ten methods about known and unknown names, over every transport",
  measures: "methods that tell known names",
  goal: "0",
  weak: ["tutorial16"],
  bothRoads: true,
  sample: true,
  run: async (target) => {
    const told = new Set<string>();
    for (const door of doors) {
      const found = await Promise.all(methods.map((method) => tells(target, method, door)));
      for (const [index, one] of found.entries()) if (one) told.add(`${methods[index] ?? ""} over ${door.over}`);
    }
    return above(0, told.size, [...told].join(", ") || undefined);
  },
};

interface Times {
  readonly known: readonly number[];
  readonly unknown: readonly number[];
}

/**
 * The times until the answer about a known and an unknown name in turn, as many as one source gets. What is asked first on a
 * connection takes longer, so that every other source begins with the unknown name.
 */
async function times(target: Target, method: string, door: (typeof doors)[number], pairs: number, source: number) {
  const name = target.accounts[0]?.user ?? "";
  const first = source % 2;
  const orders = Array.from({ length: 2 * pairs }, (_, index) =>
    about(target, method, index % 2 === first ? name : unknownLike(name)),
  );
  const replies = await askAll(target, door, orders, { workers: 1, giveUp: 2, patience: 0.5 });
  const of = (parity: number) => replies.flatMap(({ ms }, index) => (ms !== null && index % 2 === parity ? [ms] : []));
  return { known: of(first), unknown: of(1 - first) };
}

async function timesOfAll(target: Target, method: string, door: (typeof doors)[number], pairs: number): Promise<Times> {
  const all = { known: [] as number[], unknown: [] as number[] };
  for (let source = 0; source < sources; source++) {
    const { known, unknown } = await times(target, method, door, pairs, source);
    all.known.push(...known);
    all.unknown.push(...unknown);
  }
  return all;
}

const sources = 16;

/** Measures how long answers take about known and unknown names. */
export const enumerationByTiming: Attack = {
  name: "enumeration-by-timing",
  what: "times the answers to INVITE and REGISTER about a known and an unknown name in turn, 30 pairs from each of 16 addresses",
  measures: "area under the curve (0.5: the times tell nothing)",
  goal: "≤ 0.6, its 99.9 % interval covers 0.5",
  weak: ["tutorial16"],
  bothRoads: true,
  run: async (target, full) => {
    let worst: Outcome = { figure: 0.5, broken: false, note: "no answers" };
    for (const door of doors)
      for (const method of ["INVITE", "REGISTER"]) {
        const all = await timesOfAll(target, method, door, full ? 30 : 10);
        const { area, low, high } = areaUnderCurve(all.known, all.unknown);
        const samples = Math.min(all.known.length, all.unknown.length);
        const interval = `${low.toFixed(2)}–${high.toFixed(2)}`;
        const note = `${method} over ${door.over}, ${samples} of each, 99.9 % interval ${interval}`;
        const figure = Math.max(area, 1 - area);
        const broken = low > 0.5 || high < 0.5 || (samples >= 30 && figure > 0.6);
        if (samples > 1 && (broken === worst.broken ? figure > worst.figure : broken)) worst = { figure, broken, note };
      }
    return worst;
  },
};
