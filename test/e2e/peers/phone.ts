import { rm } from "node:fs/promises";
import { join } from "node:path";
import { takeNetstrings, toNetstring } from "./netstring";
import { endProcess, hasEnded, startInNamespace, waitUntil, type PeerProcess } from "./peer-process";
import { writePhoneFiles, type PhoneFiles } from "./phone-files";
import { readRecording } from "./phone-recording";
import type { Wav } from "./tone";

/** A telephone to start: where it stands, who it claims to be, and what it says. */
export interface PhoneOptions {
  /** Network namespace it runs in; its `lo` must be up. */
  readonly namespace: string;
  /** Its own address, for signalling (port 5060) and media (10000–10998). One phone per address. */
  readonly address: string;
  readonly user: string;
  readonly password: string;
  /** Name or address of the PBX. */
  readonly domain: string;
  /** Port of the PBX. Default: 5060, with TLS 5061. */
  readonly port?: number;
  /** Default: udp. With tls the phone insists on SRTP with keys in the SDP. */
  readonly transport?: "udp" | "tcp" | "tls";
  /** What it says, in Hz. */
  readonly tone: number;
  /** Its directory, made if missing and removed by `stop`; nothing is written elsewhere. */
  readonly directory: string;
  /** Whether it answers by itself. Default: false. */
  readonly autoAnswer?: boolean;
  /** PEM file of the authority that signed the PBX's certificate. baresip 1.0 was seen to accept a wrong one. */
  readonly caFile?: string;
  /** PEM file of a key and certificate of its own: then it takes calls over TLS on port 5061, as a carrier does. */
  readonly certificateFile?: string;
  /** Whether it registers. Default: true. */
  readonly registers?: boolean;
}

/** What the phone said on its control port. */
interface ControlMessage {
  readonly event?: boolean;
  readonly type?: string;
  readonly direction?: "incoming" | "outgoing";
  readonly param?: string;
  readonly response?: boolean;
  readonly ok?: boolean;
  readonly data?: string;
  readonly token?: string;
}

interface Call {
  state: "none" | "ringing" | "incoming" | "established" | "closed";
  /** Monotonic milliseconds. */
  establishedAt?: number;
  closedAt?: number;
  reason?: string;
  /** Dialled by this phone, and its end not yet reported by `waitClosed`: then its end is an answer to who waits. */
  pending?: boolean;
}

/** How baresip prints the PBX's answer to REGISTER, on success and on failure. */
const REGISTRATION = /(?:\{\d+\/\w+\/v[46]\}|reg: [^\n]*?:) (\d{3} [^\n([]*)/g;

const monotonic = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;

/** Writes the phone's files and starts it (baresip, Debian package baresip-core). It registers at once by itself. */
export async function startPhone(options: PhoneOptions): Promise<Phone> {
  const files = await writePhoneFiles(options);
  const baresip = startInNamespace(options.namespace, ["baresip", "-f", files.configuration], files.configuration);
  const { host, port } = files.control;
  const script = join(__dirname, "phone-line.py");
  const argv = ["python3", "-B", script, host, String(port), files.recordings, files.clock];
  const phone = new Phone(options, files, baresip, startInNamespace(options.namespace, argv));
  // Events before the control port is connected are lost: only a phone that has answered there hears its calls.
  await phone.command("reginfo").catch(async (error: unknown) => {
    await phone.stop();
    throw error;
  });
  return phone;
}

/** A running baresip, an independent SIP phone, steered through its control port. One call at a time. */
export class Phone {
  readonly #answers = new Map<string, (message: ControlMessage) => void>();
  #call: Call = { state: "none" };
  #registration = "no answer yet";
  #output = "";
  #commands = 0;

  constructor(
    readonly options: PhoneOptions,
    readonly files: PhoneFiles,
    readonly baresip: PeerProcess,
    readonly line: PeerProcess,
  ) {
    for (const stream of [baresip.stdout, baresip.stderr, line.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.#said(text);
      });
    }
    let pending: Buffer = Buffer.alloc(0);
    line.stdout.on("data", (bytes: Buffer) => {
      const { texts, rest } = takeNetstrings(Buffer.concat([pending, bytes]));
      pending = rest;
      for (const text of texts) this.#heard(JSON.parse(text) as ControlMessage);
    });
  }

  /** Registrations are read here, since the first may be over before the control port is connected. */
  #said(text: string): void {
    this.#output = (this.#output + text).slice(-4000);
    const last = [...this.#output.matchAll(REGISTRATION)].at(-1);
    if (last?.[1] !== undefined) this.#registration = last[1].trim();
  }

  #heard(message: ControlMessage): void {
    if (message.response === true && message.token !== undefined) this.#answers.get(message.token)?.(message);
    const { type, direction, param = "" } = message;
    // A phone that answers by itself does not report CALL_INCOMING: its call begins with the caller's SDP.
    const idle = this.#call.state === "none" || this.#call.state === "closed";
    if (idle && direction === "incoming" && (type === "CALL_INCOMING" || type === "CALL_REMOTE_SDP")) {
      this.#call = { state: "incoming" };
    }
    if (type === "CALL_RINGING" || type === "CALL_PROGRESS") this.#call = { ...this.#call, state: "ringing" };
    if (type === "CALL_ESTABLISHED") this.#call = { ...this.#call, state: "established", establishedAt: monotonic() };
    // baresip hangs up when its transfer is refused, and does not report that as a closed call.
    if (type === "CALL_CLOSED" || type === "TRANSFER_FAILED") {
      this.#call = { ...this.#call, state: "closed", closedAt: monotonic(), reason: param };
    }
  }

  /** Runs one baresip command ("dial", "hangup", …); raises with the phone's last words when it refuses or is silent. */
  async command(command: string, params = ""): Promise<string> {
    const token = String(++this.#commands);
    const answers: ControlMessage[] = [];
    this.#answers.set(token, (message) => answers.push(message));
    this.line.stdin.write(toNetstring(JSON.stringify({ command, params, token })));
    await this.#until(() => answers.length > 0, 5_000, `did not answer the command ${command}`);
    this.#answers.delete(token);
    const [answer] = answers;
    if (answer?.ok !== true) throw new Error(`phone ${this.options.user} refused ${command}: ${answer?.data ?? ""}`);
    return answer.data ?? "";
  }

  #until(condition: () => boolean, ms: number, problem: string): Promise<void> {
    const over = (): boolean => condition() || hasEnded(this.baresip);
    return waitUntil(over, ms, () => this.#complaint(problem)).then(() => {
      if (!condition()) throw new Error(this.#complaint(`ended before it was done (${problem})`));
    });
  }

  #complaint(problem: string): string {
    return `phone ${this.options.user} at ${this.options.address} ${problem}; its last words:\n${this.#output.trim()}`;
  }

  /** How the last registration ended, as the PBX answered it, such as "200 OK" or "401 Unauthorized". */
  get registration(): string {
    return this.#registration;
  }

  /** Why the last call ended, as the phone reports it; undefined while there is none or it lasts. */
  get closedBecause(): string | undefined {
    return this.#call.reason;
  }

  /** Whether a call rings or is up. */
  get inCall(): boolean {
    return ["ringing", "incoming", "established"].includes(this.#call.state);
  }

  /** Waits until the PBX has accepted the registration; raises after `ms` milliseconds. */
  async waitRegistered(ms: number): Promise<void> {
    await this.#until(() => this.#registration.startsWith("200"), ms, "is not registered");
  }

  /** Dials an extension or number, or a whole SIP URI. */
  async call(target: string): Promise<void> {
    this.#call = { state: "none", pending: true };
    await this.command("dial", target);
  }

  /** Waits until somebody calls this phone. */
  async waitIncoming(ms: number): Promise<void> {
    await this.#until(() => this.#call.state === "incoming", ms, "is not being called");
  }

  /** Answers the call that rings. */
  async answer(): Promise<void> {
    await this.command("accept");
  }

  /** Waits until the call is up; raises at once when the PBX refuses or ends the call this phone has dialled. */
  async waitEstablished(ms: number): Promise<void> {
    const refused = (): boolean => this.#call.state === "closed" && this.#call.pending === true;
    await this.#until(() => this.#call.state === "established" || refused(), ms, "has no established call");
    if (!refused()) return;
    // Told once: a later wait, for a call that somebody else places, would end at once with the reason of this one.
    this.#call.pending = false;
    throw new Error(`call of ${this.options.user} ended: ${this.#call.reason ?? ""}`);
  }

  /** Waits until the call is over and returns why, such as "403 Forbidden". */
  async waitClosed(ms: number): Promise<string> {
    await this.#until(() => this.#call.state === "closed", ms, "still has a call");
    this.#call.pending = false;
    return this.#call.reason ?? "";
  }

  /** Hands the current call over to `target` (a blind transfer: SIP REFER). A refusal, such as "404 Not Found", ends the call. */
  async transfer(target: string): Promise<void> {
    await this.command("transfer", target);
  }

  /** Ends the current call. */
  async hangup(): Promise<void> {
    await this.command("hangup");
    await this.waitClosed(10_000);
  }

  /**
   * What the phone heard from the moment its last call was established until its end, or now: what did not arrive is
   * silence. Raises when there was no established call.
   */
  recording(): Promise<Wav> {
    const { establishedAt: established, closedAt: ended = monotonic() } = this.#call;
    if (established === undefined) throw new Error(this.#complaint("has had no established call"));
    return readRecording(this.files, { established, ended });
  }

  /** Unregisters, ends the phone (killed after a second) and removes its directory. */
  async stop(): Promise<void> {
    if (!hasEnded(this.baresip)) this.line.stdin.write(toNetstring(JSON.stringify({ command: "quit", params: "" })));
    await endProcess(this.baresip, 1_000);
    this.line.stdin.end();
    await endProcess(this.line, 500);
    await rm(this.options.directory, { recursive: true, force: true });
  }
}
