import { spawn } from "node:child_process";
import { run } from "../../../sandbox/command";
import { endProcess, hasEnded, type PeerProcess } from "../../e2e/peers/peer-process";
import type { StagedHost } from "./staged-host";

const bootMilliseconds = 30_000;

/** A running Asterisk in a staged host, started as its unit starts it. */
export class Asterisk {
  private constructor(
    private readonly host: StagedHost,
    private readonly process: PeerProcess,
    private readonly said: () => string,
    /** From the start to "fully booted". */
    readonly bootMilliseconds: number,
  ) {}

  /** Starts it as user asterisk with no capabilities. Raises an `Error` with its console when it is not up in 30 s. */
  static async boot(host: StagedHost): Promise<Asterisk> {
    await run(host.inside(["install", "-d", "-o", "asterisk", "-g", "asterisk", "-m", "0750", "/run/asterisk"]));
    const identity = ["setpriv", "--reuid=asterisk", "--regid=asterisk", "--init-groups"];
    const rights = ["--inh-caps=-all", "--bounding-set=-all", "--no-new-privs", "--"];
    const [command = "", ...argv] = host.inside([...identity, ...rights, "/usr/sbin/asterisk", "-f"]);
    const started = Date.now();
    const child = spawn(command, argv, { stdio: "pipe" });
    child.stdin.end();
    let console = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (console += text));
    for (;;) {
      const answer = await host.run(["/usr/sbin/asterisk", "-rx", "core waitfullybooted"], {
        timeout: bootMilliseconds,
      });
      const elapsed = Date.now() - started;
      if (answer.stdout.includes("fully booted")) return new Asterisk(host, child, () => console, elapsed);
      if (hasEnded(child) || elapsed > bootMilliseconds) {
        await endProcess(child);
        throw new Error(`Asterisk is not up after ${elapsed} ms; its console:\n${console}`);
      }
    }
  }

  /** What it printed on its console so far. */
  get console(): string {
    return this.said();
  }

  /** Whether its process has ended. */
  get ended(): boolean {
    return hasEnded(this.process);
  }

  /** The answer to a console command; raises a `CommandError` when there is no console. */
  ask(command: string): Promise<string> {
    return run(this.host.inside(["/usr/sbin/asterisk", "-rx", command]));
  }

  /** Stops it at once and returns its exit status. */
  async stop(): Promise<number | null> {
    await this.host.run(["/usr/sbin/asterisk", "-rx", "core stop now"]);
    await endProcess(this.process, 5_000);
    return this.process.exitCode;
  }
}
