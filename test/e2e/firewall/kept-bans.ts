import { setTimeout as pause } from "node:timers/promises";
import { layoutOf } from "../../../sandbox/layout";
import { initOf } from "../../../sandbox/process";
import { bootHost, execOn, killHost } from "../../../sandbox/sandbox";
import type { Installation } from "../../../tools/operator/installation";
import { onHost } from "../scenario";
import { table, until } from "./bench";

/** How bans are put at risk. */
export type Harm = "SIGKILL" | "power cut" | "reboot";
export const harms: readonly Harm[] = ["SIGKILL", "power cut", "reboot"];

const patience = 90_000;
const bansEachRound = 10;
const sets = ["banned4", "banned_nets6", "proven"] as const;

/** Elements of the firewall's sets, each as `set element`. */
async function elements(pbx: Installation): Promise<Set<string>> {
  const found = await Promise.all(
    sets.map(async (set) => {
      const { stdout } = await execOn(pbx.sandbox, "pbx", ["nft", "list", "set", ...table, set]);
      const body = /elements = \{([^}]*)\}/.exec(stdout)?.[1] ?? "";
      return body.split(",").map((element) => `${set} ${element.trim().split(" ")[0] ?? ""}`);
    }),
  );
  return new Set(found.flat().filter((element) => !element.endsWith(" ")));
}

/** Bans fresh addresses through fail2ban, one IPv6 network among them, and proves one; returns when the firewall has them. */
async function addBans(pbx: Installation, round: number): Promise<void> {
  const four = Array.from({ length: bansEachRound }, (_, index) => `10.${round >> 8}.${round & 255}.${index + 1}`);
  const six = `2001:db8:${round.toString(16)}:1::9`;
  // A day, so that none ends by its time in a long run.
  await onHost(pbx, "fail2ban-client", "set", "hardened-asterisk-sip", "bantime", "86400");
  await onHost(pbx, "fail2ban-client", "set", "hardened-asterisk-sip", "banip", ...four, six);
  const proof = `import socket; s=socket.socket(socket.AF_UNIX); s.connect("/run/hardened-asterisk-setter/bans")
s.sendall(b"prove 11.${round >> 8}.${round & 255}.1 5061\\n"); s.shutdown(1); assert s.recv(99) == b"ok\\n"`;
  await onHost(pbx, "python3", "-c", proof);
  const wanted = [...four.map((address) => `banned4 ${address}`), `banned_nets6 ${six.replace("1::9", "1::/64")}`];
  await until(async () => {
    const there = await elements(pbx);
    return wanted.every((element) => there.has(element));
  }, "the bans");
}

async function harm(pbx: Installation, how: Harm): Promise<void> {
  const { sandbox } = pbx;
  if (how === "SIGKILL") {
    const units = ["fail2ban.service", "hardened-asterisk-setter.service"];
    await onHost(pbx, "systemctl", "kill", "--signal=KILL", ...units);
    // The kernel forgets nothing of that: a new table has to be filled with what was saved.
    await onHost(pbx, "nft", "delete", "table", ...table);
    return;
  }
  if (how === "reboot") {
    await execOn(sandbox, "pbx", ["systemctl", "poweroff"]);
    const down = () => Promise.resolve(initOf(layoutOf(sandbox.name).cgroup("pbx")) === undefined);
    await until(down, "the host going down", patience);
  }
  await killHost(sandbox, "pbx");
  await bootHost(sandbox, "pbx");
}

/** One round: bans, harm, and what of all bans is missing once fail2ban answers again. */
export async function bansLost(pbx: Installation, how: Harm, round: number): Promise<string[]> {
  await addBans(pbx, round);
  const before = await elements(pbx);
  // A ban is on the disk within a second.
  await pause(1000);
  await harm(pbx, how);
  const answers = async () => (await execOn(pbx.sandbox, "pbx", ["fail2ban-client", "ping"])).code === 0;
  await until(answers, "fail2ban", patience);
  let missing: string[] = [];
  const complete = async () => {
    const there = await elements(pbx);
    missing = [...before].filter((element) => !there.has(element));
    return missing.length === 0;
  };
  await until(complete, "all bans", 20_000).catch(() => undefined);
  return missing;
}
