import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { tryRun, inNamespace } from "../../../sandbox/command";
import { endProcess, hasEnded, startInNamespace, waitUntil, type PeerProcess } from "./peer-process";
import { readCarrierLog, readOutcome, type CarrierCall, type CallOutcome } from "./carrier-log";

/** A telephone company to start: SIPp (Debian package sip-tester). */
export interface CarrierOptions {
  readonly namespace: string;
  /** Its signalling address; UDP port 5060. */
  readonly address: string;
  /** Its media address. Default: the signalling address. */
  readonly mediaAddress?: string;
  /** Its directory, made if missing and removed by `stop`. */
  readonly directory: string;
}

/** A call the carrier brings to the PBX. */
export interface PlacedCall extends CarrierOptions {
  /** Address of the PBX. */
  readonly target: string;
  /** The number of ours that is called, as it stands in the request, such as "+81312345678". */
  readonly number: string;
  /** The caller's number. Default: "+81398765432". */
  readonly caller?: string;
  /** Seconds until the carrier hangs up, counted from the answer. */
  readonly seconds: number;
  /** Milliseconds to wait for an answer. Default: 10,000. */
  readonly answerWithin?: number;
}

/** A carrier that answers every call and sends back what it hears, and OPTIONS with 200. */
export interface Carrier {
  /** The calls it was asked for so far, oldest first. */
  invites(): Promise<CarrierCall[]>;
  /** Every message it was sent and has sent so far, oldest first, as SIPp traces them. */
  trace(): Promise<string>;
  /** Ends it, calls and all, and removes its directory. */
  stop(): Promise<void>;
}

const media = ({ address, mediaAddress = address }: CarrierOptions, port: number): string[] => [
  ...["-mi", mediaAddress, "-mp", String(port)],
  "-rtp_echo",
];

/**
 * Starts a carrier that refuses every call with a status such as "404 Not Found"; otherwise as {@link startCarrier}.
 */
export async function startRefusingCarrier(options: CarrierOptions, status: string): Promise<Carrier> {
  const scenario = join(options.directory, "refuses.xml");
  const text = await readFile(join(__dirname, "carrier-refuses.xml"), "utf8");
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  await writeFile(scenario, text.replace("SIP/2.0 STATUS", `SIP/2.0 ${status}`));
  return start(options, scenario);
}

/** Starts a carrier and returns when it listens; raises with what SIPp said when it does not within 10 s. */
export function startCarrier(options: CarrierOptions): Promise<Carrier> {
  return start(options, join(__dirname, "carrier-answers.xml"));
}

async function start(options: CarrierOptions, scenario: string): Promise<Carrier> {
  const { namespace, address, directory } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const log = join(directory, "carrier.log");
  const messages = join(directory, "carrier.msg");
  const sipp = startInNamespace(namespace, [
    ...["sipp", "-sf", scenario, "-i", address, "-p", "5060", "-nostdin", "-aa"],
    ...["-trace_logs", "-log_file", log, "-trace_err", "-error_file", join(directory, "carrier.err")],
    ...["-trace_msg", "-message_file", messages],
    ...media(options, 16000),
  ]);
  let output = "";
  for (const stream of [sipp.stdout, sipp.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output = (output + text).slice(-2000)));
  }
  const stop = async (): Promise<void> => {
    await endProcess(sipp);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await waitUntil(
      () => listens(sipp, address) || hasEnded(sipp),
      10_000,
      () => `the carrier does not listen: ${output}`,
    );
    if (hasEnded(sipp)) throw new Error(`the carrier (sipp) ended at once: ${output}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    stop,
    invites: async () => readCarrierLog(await readFile(log, "utf8")),
    trace: () => readFile(messages, "utf8"),
  };
}

/** Whether the process's network namespace has `address`:5060 bound over UDP, by the kernel's own table. */
function listens({ pid }: PeerProcess, address: string): boolean {
  const bytes = address.split(".").map((byte) => Number(byte).toString(16).padStart(2, "0"));
  const socket = `${bytes.reverse().join("").toUpperCase()}:13C4 `;
  try {
    return readFileSync(`/proc/${String(pid)}/net/udp`, "latin1").includes(socket);
  } catch {
    return false;
  }
}

/** Places one call into the PBX and returns how it ended; the carrier sends back what it hears. Raises if SIPp cannot run. */
export async function placeCall(call: PlacedCall): Promise<CallOutcome> {
  const {
    namespace,
    address,
    directory,
    target,
    number,
    caller = "+81398765432",
    seconds,
    answerWithin = 10_000,
  } = call;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const messages = join(directory, "messages.log");
  const limit = Math.ceil(answerWithin / 1000 + seconds + 2);
  try {
    const argv = [
      ...[
        "sipp",
        `${target}:5060`,
        "-sf",
        join(__dirname, "carrier-calls.xml"),
        "-s",
        number,
        "-key",
        "caller",
        caller,
      ],
      ...["-i", address, "-p", "5070", "-nostdin", "-m", "1", "-l", "1", "-d", String(Math.round(seconds * 1000))],
      ...["-timeout", `${limit}s`, "-trace_msg", "-message_file", messages, ...media(call, 17000)],
    ];
    const wrapped = ["setpriv", "--pdeathsig", "KILL", "--", ...argv];
    const result = await tryRun(inNamespace(namespace, wrapped), { cwd: directory, timeout: limit * 1000 });
    const text = await readFile(messages, "utf8").catch(() => "");
    if (text === "") throw new Error(`the carrier (sipp) sent nothing: ${result.stdout}${result.stderr}`.trim());
    return readOutcome(text);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
