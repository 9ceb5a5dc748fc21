import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { inNamespace, run, tryRun } from "../../../sandbox/command";
import type { Sandbox } from "../../../sandbox/sandbox";
import {
  endProcess,
  hasEnded,
  startInNamespace,
  waitUntil,
  type PeerProcess,
} from "../../../test/e2e/peers/peer-process";

const peers = path.join(__dirname, "../../../test/e2e/peers");
const phonePort = 5080;
const second = 1000;

/** A PBX under load: where it is, the phones that answer there, and the numbers at which the carrier reaches them. */
export interface LoadedPbx {
  readonly name: "hardened" | "stock";
  readonly address: string;
  readonly phones: readonly { readonly user: string; readonly password: string }[];
  readonly numbers: readonly string[];
}

/** SIPp's own count of one run so far. */
interface Count {
  readonly seconds: number;
  readonly current: number;
  readonly done: number;
  readonly failed: number;
}

/** A carrier that calls, and phones that answer, both SIPp (Debian package sip-tester), the phones over UDP without a gap. */
export class Load {
  #phones: PeerProcess | undefined;
  readonly #scenario: { readonly silent: string; readonly speaking: string };

  /** `directory` is made and belongs to the load. */
  constructor(
    private readonly sandbox: Sandbox,
    private readonly directory: string,
  ) {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const silent = readFileSync(path.join(peers, "carrier-calls.xml"), "utf8")
      .replaceAll("[service]", "[field0]")
      .replaceAll("[caller]", "+81398765432");
    const tone = this.#keep("second.raw", Buffer.alloc(8000, 0x7e));
    const speak = `<nop><action><exec rtp_stream="${tone},-1,0"/></action></nop>\n  <pause/>`;
    const speaking = silent.replace("[media_port]", "[rtpstream_audio_port]").replace("<pause/>", speak);
    this.#scenario = { silent: this.#keep("silent.xml", silent), speaking: this.#keep("speaking.xml", speaking) };
  }

  /** Has the phones of `pbx` register and answer from now on, instead of those of another; returns once calls get through. */
  async answerAt(pbx: LoadedPbx): Promise<void> {
    await this.stop();
    const [address] = this.sandbox.addresses.office;
    const own = ["-i", address ?? "", "-p", `${phonePort}`, "-nostdin"];
    const lines = pbx.phones.map(
      ({ user, password }) => `${user};[authentication username=${user} password=${password}]`,
    );
    const list = this.#keep("phones.csv", ["SEQUENTIAL", ...lines, ""].join("\n"));
    const registers = path.join(__dirname, "registers.xml");
    const once = ["-m", `${lines.length}`, "-r", "50", "-timeout", "10s"];
    await run(this.#in("office", ["sipp", `${pbx.address}:5060`, "-sf", registers, "-inf", list, ...own, ...once]));
    const answers = path.join(peers, "carrier-answers.xml");
    this.#phones = startInNamespace(
      this.sandbox.namespaces.office,
      ["sipp", "-sf", answers, ...own, "-aa", "-rtp_echo", "-mi", address ?? "", "-mp", "16000"],
      this.directory,
    );
    this.#phones.stdout.resume();
    this.#phones.stderr.resume();
    const deadline = Date.now() + 60 * second;
    for (;;) {
      const { failed } = await this.#calls(pbx, "silent", { atOnce: 5, calls: 20, hold: 0 });
      if (failed === 0) return;
      if (Date.now() > deadline) throw new Error(`${failed} of 20 calls at ${pbx.name} failed for a minute`);
    }
  }

  /** Calls per second that are set up and ended when `atOnce` are on their way at any time. Raises an `Error` when one fails. */
  async rate(pbx: LoadedPbx, atOnce: number, calls: number): Promise<number> {
    const { seconds, done, failed } = await this.#calls(pbx, "silent", { atOnce, calls, hold: 0 });
    if (failed > 0) throw new Error(`${failed} of ${calls} calls at ${pbx.name} failed`);
    return done / seconds;
  }

  /**
   * Adds `perSecond` calls with audio both ways until there are `most`, and then has them held for five seconds; returns how many
   * there were when a call failed or the carrier missed more than 1 % of the audio of a second that came back; `most` if never.
   */
  async concurrent(pbx: LoadedPbx, perSecond: number, most: number): Promise<number> {
    const hold = (most / perSecond + 60) * second;
    const sipp = this.#start(pbx, "speaking", { atOnce: most, calls: most, hold, rate: perSecond });
    const deadline = Date.now() + (most / perSecond + 30) * second;
    try {
      let [before, full, last] = [await this.#packets(), 0, 0];
      while (full < 5) {
        if (Date.now() > deadline) throw new Error(`${last} calls at ${pbx.name} after ${most / perSecond + 30} s`);
        await new Promise((resolve) => setTimeout(resolve, second));
        const [after, { current, failed }] = [await this.#packets(), this.#count()];
        if (failed > 0 || hasEnded(sipp)) return last;
        const [sent, heard] = [after.sent - before.sent, after.heard - before.heard];
        // Fewer packets than these say nothing of one in a hundred.
        if (sent > 1000 && heard / sent < 0.99) return last;
        [before, last] = [after, current];
        if (current >= most) full += 1;
      }
      return last;
    } finally {
      await endProcess(sipp);
    }
  }

  /** Ends the phones. */
  async stop(): Promise<void> {
    if (this.#phones !== undefined) await endProcess(this.#phones);
    this.#phones = undefined;
  }

  async #calls(
    pbx: LoadedPbx,
    scenario: "silent" | "speaking",
    shape: { readonly atOnce: number; readonly calls: number; readonly hold: number },
  ): Promise<Count> {
    const sipp = this.#start(pbx, scenario, { ...shape, rate: 5000 });
    try {
      await waitUntil(
        () => hasEnded(sipp),
        120 * second,
        () => `${pbx.name} has not taken ${shape.calls} calls`,
      );
      return this.#count();
    } finally {
      await endProcess(sipp);
    }
  }

  #start(
    pbx: LoadedPbx,
    scenario: "silent" | "speaking",
    shape: { readonly atOnce: number; readonly calls: number; readonly hold: number; readonly rate: number },
  ): PeerProcess {
    const list = this.#keep("numbers.csv", ["SEQUENTIAL", ...pbx.numbers, ""].join("\n"));
    const { signalling, media } = this.sandbox.addresses.carrier;
    rmSync(this.#statistics, { force: true });
    const argv = [
      ...[
        "sipp",
        `${pbx.address}:5060`,
        "-sf",
        this.#scenario[scenario],
        "-inf",
        list,
        "-nostdin",
        "-recv_timeout",
        "20s",
      ],
      ...["-i", signalling, "-p", "5060", "-mi", media, "-r", `${shape.rate}`, "-l", `${shape.atOnce}`],
      ...["-m", `${shape.calls}`, "-d", `${shape.hold}`, "-trace_stat", "-stf", this.#statistics, "-fd", "1"],
    ];
    const sipp = startInNamespace(this.sandbox.namespaces.carrier, argv, this.directory);
    sipp.stdout.resume();
    sipp.stderr.resume();
    return sipp;
  }

  get #statistics(): string {
    return path.join(this.directory, "statistics.csv");
  }

  #count(): Count {
    const [head, ...rows] = readFileSync(this.#statistics, "utf8").trim().split("\n");
    const cells = rows.at(-1)?.split(";") ?? [];
    const cell = (name: string) => cells[head?.split(";").indexOf(name) ?? -1] ?? "";
    // Each a date, a time, and the seconds since 1970, between tabs.
    const at = (name: string) => Number(cell(name).split("\t")[2]);
    return {
      seconds: at("CurrentTime") - at("StartTime"),
      current: Number(cell("CurrentCall")),
      done: Number(cell("SuccessfulCall(C)")),
      failed: Number(cell("FailedCall(C)")),
    };
  }

  /** Packets that the carrier has sent and received so far. */
  async #packets(): Promise<{ sent: number; heard: number }> {
    const { stdout } = await tryRun(this.#in("carrier", ["cat", "/proc/net/dev"]));
    const sums = stdout
      .split("\n")
      .slice(2)
      .filter((line) => /^\s*(?!lo:)\S+:/.test(line))
      .map((line) => line.split(":")[1]?.trim().split(/\s+/).map(Number) ?? []);
    const sum = (column: number) => sums.reduce((total, row) => total + (row[column] ?? 0), 0);
    return { heard: sum(1), sent: sum(9) };
  }

  #in(role: "office" | "carrier", argv: readonly string[]): string[] {
    return inNamespace(this.sandbox.namespaces[role], argv);
  }

  #keep(name: string, content: string | Buffer): string {
    const file = path.join(this.directory, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  }
}
