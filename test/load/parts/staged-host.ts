import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { tryRun, type CommandOptions, type CommandResult } from "../../../sandbox/command";
import { HostOs } from "../../../core/platform/platforms";
import { ensureImages } from "../../../sandbox/image/image";
import { endProcess, waitUntil } from "../../e2e/peers/peer-process";
import { release } from "./release";

/** Where the staged PBX takes SIP, IPv4 and IPv6; both are documentation addresses and lead nowhere. */
export const pbxAddress = { ipv4: "203.0.113.10", ipv6: "2001:db8:1::10" };

const environment = ["/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8"];
const spaces = ["--mount", "--uts", "--ipc", "--net", "--pid"];

/** Who owns a file and with what rights; `mode` in octal digits. */
export interface Ownership {
  readonly owner: string;
  readonly group: string;
  readonly mode: string;
}

/** A private copy of an image with Asterisk, not booted, in namespaces of its own; nothing of it outlives {@link close}. */
export class StagedHost {
  /** The host's root directory, held open: a path through the process's number would lead elsewhere once it has ended. */
  private readonly root: number;

  private constructor(
    private readonly stage: ChildProcessWithoutNullStreams,
    /** The number of its first process on this machine. */
    readonly firstProcess: number,
  ) {
    this.root = openSync(`/proc/${firstProcess}/root`, "r");
    if (existsSync(this.at("/run/staged"))) return;
    closeSync(this.root);
    throw new Error("the staged host's root is not its own");
  }

  /**
   * Builds one that runs a release. `networks` (CIDR) may be sent from inside it; `root` is the path of a root file system to take
   * instead of the release's image. Raises an `Error` with what the stage said when it is not ready within 20 s.
   */
  static async open(networks: readonly string[], os: HostOs = release, root?: string): Promise<StagedHost> {
    const layers = root ?? (await layersOf(os));
    const isolated = ["unshare", ...spaces, "--propagation", "private", "--fork", "--kill-child", "--mount-proc"];
    const script = path.join(__dirname, "stage.sh");
    const argv = ["--pdeathsig", "KILL", "--", ...isolated, "sh", script, layers];
    const stage = spawn("setpriv", [...argv, ...networks], { stdio: "pipe" });
    let said = "";
    for (const stream of [stage.stdout, stage.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (said += text));
    stage.stdin.on("error", () => undefined);
    try {
      const over = () => said.includes("ready\n") || stage.exitCode !== null;
      await waitUntil(over, 20_000, () => `the staged host is not ready: ${said.trim()}`);
      if (!said.includes("ready\n")) throw new Error(`no host could be staged: ${said.trim()}`);
      return new StagedHost(stage, onlyChild(stage.pid ?? 0));
    } catch (error) {
      await endProcess(stage);
      throw error;
    }
  }

  /** The path on this machine of a file of the host. */
  at(file: string): string {
    return `/proc/self/fd/${this.root}${file}`;
  }

  read(file: string): string {
    return readFileSync(this.at(file), "utf8");
  }

  /** Writes a file whole; directories that are missing are made, root's and 0755. */
  write(file: string, text: string, { owner, group, mode }: Ownership): void {
    mkdirSync(path.dirname(this.at(file)), { recursive: true, mode: 0o755 });
    writeFileSync(this.at(file), text);
    this.own(file, { owner, group, mode });
  }

  /** Sets owner and mode of a file or directory; raises an `Error` when the host has no such user or group. */
  own(file: string, { owner, group, mode }: Ownership): void {
    chownSync(this.at(file), this.id("/etc/passwd", owner), this.id("/etc/group", group));
    chmodSync(this.at(file), Number.parseInt(mode, 8));
  }

  /** Removes everything in a directory. */
  empty(directory: string): void {
    for (const name of readdirSync(this.at(directory)))
      rmSync(path.join(this.at(directory), name), { recursive: true });
  }

  /** The command line that runs `argv` as root inside the host. */
  inside(argv: readonly string[]): string[] {
    return ["nsenter", `--target=${this.firstProcess}`, ...spaces, "--root", "--wd", "--", ...environment, ...argv];
  }

  /** The command line that runs `argv` with this machine's files and the host's network. */
  onNetwork(argv: readonly string[]): string[] {
    return ["nsenter", `--target=${this.firstProcess}`, "--net", "--", ...argv];
  }

  /** Runs a command inside the host; the status may be any. */
  run(argv: readonly string[], options?: CommandOptions): Promise<CommandResult> {
    return tryRun(this.inside(argv), options);
  }

  /** Ends every process of the host; its files and its network go with them. */
  async close(): Promise<void> {
    closeSync(this.root);
    this.stage.stdin.end();
    await endProcess(this.stage, 2_000);
  }

  private id(file: string, name: string): number {
    const line = this.read(file)
      .split("\n")
      .find((entry) => entry.startsWith(`${name}:`));
    if (line === undefined) throw new Error(`the image has no ${name} in ${file}`);
    return Number(line.split(":")[2]);
  }
}

async function layersOf(os: HostOs): Promise<string> {
  const image = os === HostOs.Debian13 ? "packages13" : "packages";
  const images = await ensureImages([image], (line) => void process.stderr.write(`load: ${line}\n`));
  return images.layers(image).join(":");
}

function onlyChild(parent: number): number {
  const [child, ...others] = readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8").trim().split(" ");
  if (child === undefined || child === "" || others.length > 0) throw new Error(`process ${parent} has not one child`);
  return Number(child);
}
