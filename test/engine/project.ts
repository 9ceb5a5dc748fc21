import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { type CommandResult, tryRun } from "../../sandbox/command";
import type { Engine } from "../../tools/engine/engine";

/** The arguments of one `command.remote.Command` of the test program; `stdinFrom` names another whose stdout it reads. */
export interface RemoteCommand {
  readonly connection: Record<string, unknown>;
  readonly create?: string;
  readonly update?: string;
  readonly delete?: string;
  readonly stdin?: string;
  readonly stdinFrom?: string;
  readonly triggers?: unknown[];
  readonly environment?: Record<string, string>;
  readonly addPreviousOutputInEnv?: boolean;
  readonly logging?: string;
}

/** The arguments of one `command.remote.CopyToRemote` of the test program; the asset is a file by its path, or a text. */
export interface RemoteCopy {
  readonly connection: Record<string, unknown>;
  readonly file?: string;
  readonly text?: string;
  readonly remotePath: string;
  readonly triggers?: unknown[];
}

/** A resource as the state has it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
}

const PROGRAM = `
import { readFileSync } from "node:fs";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

const wanted = JSON.parse(readFileSync("commands.json", "utf8"));
const made: Record<string, command.remote.Command> = {};
for (const [name, { stdin, stdinFrom, ...args }] of Object.entries<any>(wanted))
  made[name] = new command.remote.Command(name, {
    ...args,
    ...(stdin === undefined ? {} : { stdin: pulumi.secret(stdin) }),
    ...(stdinFrom === undefined ? {} : { stdin: made[stdinFrom]!.stdout }),
  });
for (const [name, { file, text, ...args }] of Object.entries<any>(JSON.parse(readFileSync("copies.json", "utf8"))))
  new command.remote.CopyToRemote(name, {
    ...args,
    source: text === undefined ? new pulumi.asset.FileAsset(file) : new pulumi.asset.StringAsset(text),
  });
export const stdout = Object.fromEntries(Object.entries(made).map(([name, { stdout }]) => [name, stdout]));
`;

/** A Pulumi project in TypeScript in a folder of its own, with a file backend and a passphrase, driven by plain `pulumi`. */
export class Project {
  private readonly env: NodeJS.ProcessEnv;

  private constructor(
    private readonly folder: string,
    engine: Engine,
  ) {
    this.env = {
      ...process.env,
      ...engine.env,
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "a passphrase of this test",
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      // Inherited by every process of the engine: by it the ones left over are found.
      ENGINE_TEST_FOLDER: folder,
    };
    delete this.env["SSH_AUTH_SOCK"];
  }

  static async create(folder: string, engine: Engine): Promise<Project> {
    mkdirSync(join(folder, "state"), { recursive: true });
    symlinkSync(join(__dirname, "../../node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: contract\nruntime: nodejs\n");
    writeFileSync(join(folder, "package.json"), '{ "name": "contract", "main": "index.ts" }');
    writeFileSync(join(folder, "index.ts"), PROGRAM);
    const options = {
      target: "es2022",
      module: "commonjs",
      moduleResolution: "node",
      strict: true,
      skipLibCheck: true,
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options }));
    const project = new Project(folder, engine);
    project.declare({});
    const { code, stderr } = await project.pulumi("stack", "init", "dev");
    if (code !== 0) throw new Error(stderr);
    return project;
  }

  /** Sets what the program asks for from now on. */
  declare(commands: Record<string, RemoteCommand>, copies: Record<string, RemoteCopy> = {}): void {
    writeFileSync(join(this.folder, "commands.json"), JSON.stringify(commands));
    writeFileSync(join(this.folder, "copies.json"), JSON.stringify(copies));
  }

  pulumi(...args: string[]): Promise<CommandResult> {
    return this.pulumiIn(this.folder, ...args);
  }

  /** The same engine and backend, run in another project's folder. */
  pulumiIn(folder: string, ...args: string[]): Promise<CommandResult> {
    return tryRun(["pulumi", ...args, "--non-interactive", "--color", "never"], {
      cwd: folder,
      env: this.env,
      timeout: 60_000,
    });
  }

  up(...args: string[]): Promise<CommandResult> {
    return this.pulumi("up", "--yes", "--skip-preview", ...args);
  }

  preview(...args: string[]): Promise<CommandResult> {
    return this.pulumi("preview", "--diff", ...args);
  }

  destroy(): Promise<CommandResult> {
    return this.pulumi("destroy", "--yes", "--skip-preview");
  }

  /** Starts `up`, sends SIGINT once `when` holds, and waits for its end. */
  async interruptedUp(when: () => Promise<void>): Promise<{ code: number | null; output: string }> {
    const args = ["up", "--yes", "--skip-preview", "--non-interactive", "--color", "never"];
    const child = spawn("pulumi", args, { cwd: this.folder, env: this.env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (data: Buffer) => (output += data.toString()));
    child.stderr.on("data", (data: Buffer) => (output += data.toString()));
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    try {
      await when();
      child.kill("SIGINT");
      return { code: await ended, output };
    } finally {
      child.kill("SIGKILL");
    }
  }

  /** The stack's state as the backend keeps it, secrets encrypted. */
  stateText(): string {
    return readFileSync(join(this.folder, "state/.pulumi/stacks/contract/dev.json"), "utf8");
  }

  /** The state of one command; undefined when the stack has none of that name. */
  state(name: string): StateResource | undefined {
    return this.resources().find(({ urn }) => urn.endsWith(`command:remote:Command::${name}`));
  }

  /** Whether the stack has any command or copy. */
  hasCommands(): boolean {
    return this.resources().some(({ type }) => type.startsWith("command:remote:"));
  }

  private resources(): StateResource[] {
    const { checkpoint } = JSON.parse(this.stateText()) as { checkpoint: { latest?: { resources?: StateResource[] } } };
    return checkpoint.latest?.resources ?? [];
  }

  /** Command lines of processes that an operation of this project started and that still run. */
  leftovers(): string[] {
    const marker = `ENGINE_TEST_FOLDER=${this.folder}`;
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => procFile(pid, "environ").split("\0").includes(marker))
      .map((pid) => procFile(pid, "cmdline").replaceAll("\0", " "));
  }
}

/** A file of /proc; empty when the process has ended meanwhile. */
function procFile(pid: string, file: string): string {
  try {
    return readFileSync(join("/proc", pid, file), "utf8");
  } catch {
    return "";
  }
}
