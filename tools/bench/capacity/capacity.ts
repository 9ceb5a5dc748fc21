import type { PhoneCard } from "../../../components/asterisk-host-args";
import type { PbxSpec } from "../../../core/spec/spec";
import { enter } from "../../../sandbox/host";
import { run } from "../../../sandbox/command";
import { asteriskPid, onHost } from "../../../test/e2e/scenario";
import { Installation } from "../../operator/installation";
import { median } from "../median";
import { table } from "../report";
import { Load, type LoadedPbx } from "./load";

const name = "benchcapacity";
const pairs = 5;
const atOnce = 20;
const calls = 2000;
const most = 450;
const perSecond = 20;

// The twin's accounts, of sandbox/twins/tutorial22/etc/asterisk/pjsip.conf; the hardened PBX has phones of the same numbers.
const passwords = { "101": "101", "102": "102", "103": "1234", "104": "1234", "105": "1234" };
const extensions = Object.keys(passwords);

const spec: PbxSpec = {
  country: "JP",
  admins: ["198.51.100.7/32"],
  phones: Object.fromEntries(
    extensions.map((number) => [`phone-${number}`, { number, networks: ["198.51.100.0/24"] }]),
  ),
  trunks: {
    carrier: {
      ...{ signalling: ["192.0.2.0/28"], media: ["192.0.2.128/28"], server: "192.0.2.2" },
      numbers: Object.fromEntries(extensions.map((number) => [`+81312345${number}`, `phone-${number}`])),
    },
  },
  limits: { calls: most, callMinutes: 60, phoneCalls: most / extensions.length + 1 },
};

/** Gives the twin's Asterisk as many descriptors as the hardened one has, and returns how many. */
async function equalDescriptors(pbx: Installation): Promise<number> {
  const limits = await onHost(pbx, "cat", `/proc/${await asteriskPid(pbx)}/limits`);
  const files = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1]);
  const directory = "/run/systemd/system/asterisk.service.d";
  const steps = [
    `mkdir -p ${directory}`,
    `printf '[Service]\\nLimitNOFILE=${files}\\n' > ${directory}/descriptors.conf`,
    "systemctl daemon-reload",
    "systemctl restart asterisk",
    "asterisk -rx 'core waitfullybooted'",
    `grep -q '^Max open files *${files} ' /proc/$(systemctl show -p MainPID --value asterisk)/limits`,
  ];
  await run(enter(name, "twin", ["sh", "-ec", steps.join("\n")]));
  return files;
}

/** Ends the calls that the carrier has left up: an unhardened PBX keeps them for ever. */
async function hangUp({ name: side }: LoadedPbx): Promise<void> {
  const ended = "until asterisk -rx 'core show channels count' | grep -q '^0 active channels'; do sleep 0.2; done";
  const steps = ["asterisk -rx 'channel request hangup all'", `timeout 60 sh -c "${ended}"`];
  await run(enter(name, side === "hardened" ? "pbx" : "twin", ["sh", "-ec", steps.join("\n")]));
}

async function both(pbx: Installation): Promise<readonly [LoadedPbx, LoadedPbx]> {
  const cards = await pbx.stack.output<Record<string, PhoneCard>>("credentials");
  const { addresses } = pbx.sandbox;
  return [
    {
      ...{ name: "hardened", address: addresses.pbx, phones: Object.values(cards) },
      numbers: extensions.map((number) => `+81312345${number}`),
    },
    {
      ...{ name: "stock", address: addresses.twin, numbers: extensions },
      phones: Object.entries(passwords).map(([user, password]) => ({ user, password })),
    },
  ];
}

/** One figure of each PBX; the one that goes first changes from pair to pair. */
interface Pair {
  readonly hardened: number;
  readonly stock: number;
}

async function inTurn(
  load: Load,
  sides: readonly LoadedPbx[],
  what: string,
  measure: (side: LoadedPbx) => Promise<number>,
  say: (line: string) => void,
): Promise<Pair[]> {
  const found: Pair[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const figures = new Map<string, number>();
    for (const side of pair % 2 === 0 ? sides : [...sides].reverse()) {
      await load.answerAt(side);
      figures.set(side.name, await measure(side));
      say(`pair ${pair + 1} of ${pairs}: ${side.name}, ${figures.get(side.name)?.toFixed(1) ?? ""} ${what}`);
    }
    found.push({ hardened: figures.get("hardened") ?? NaN, stock: figures.get("stock") ?? NaN });
  }
  return found;
}

function row(what: string, found: readonly Pair[], digits: number): string[] {
  const of = (side: keyof Pair) => median(found.map((pair) => pair[side])).toFixed(digits);
  const ratios = found.map(({ hardened, stock }) => hardened / stock);
  const range = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
  return [what, of("hardened"), of("stock"), `${median(ratios).toFixed(2)} (${range})`];
}

/** How many calls a hardened PBX carries beside one as its package leaves it, as the body of a section. */
export async function capacitySection(say: (line: string) => void): Promise<string> {
  const pbx = await Installation.open({ name, spec, twin: true, progress: say });
  const load = new Load(pbx.sandbox, `/run/hardened-asterisk-installation-${name}/load`);
  try {
    await pbx.stack.up();
    const files = await equalDescriptors(pbx);
    const sides = await both(pbx);
    const rates = await inTurn(load, sides, "calls a second", (side) => load.rate(side, atOnce, calls), say);
    const hold = async (side: LoadedPbx) => {
      const held = await load.concurrent(side, perSecond, most);
      await hangUp(side);
      return held;
    };
    const held = await inTurn(load, sides, "calls at once", hold, say);
    return `A carrier calls five phones, over UDP, with µ-law, by SIPp on the same machine; the PBX beside it is the package with a tutorial's
configuration and, as the hardened one, ${files} descriptors. Per second: ${calls} calls of no length, ${atOnce} on their way at any time. At once: ${perSecond} more every
second, with audio both ways, until one fails, or a hundredth of a second's audio does not come back, or there are ${most}, the most that
\`limits.calls\` allows. ${pairs} pairs in turn; medians, and the range of the ratio.

${table(["calls", "hardened", "stock", "ratio"], [row("per second", rates, 1), row("at once", held, 0)])}`;
  } finally {
    await load.stop();
    await pbx.close();
  }
}
