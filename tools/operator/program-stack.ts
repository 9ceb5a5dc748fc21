import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";

import { CommandError, tryRun, type CommandResult } from "../../sandbox/command";
import type { Engine } from "../engine/engine";
import { typeAndName } from "../engine/stand-in/rpc/urn";

const projectRoot = path.join(__dirname, "../..");

/** One step of a preview, as the engine plans it. */
export interface Step {
  readonly op: string;
  readonly type: string;
  readonly name: string;
  /** Paths of the inputs that differ, sorted. */
  readonly differs: readonly string[];
}

/** One resource of the state. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  /** URNs of what it was made after, and is removed before. */
  readonly dependencies?: readonly string[];
}

/** What a stack of a program is opened with. */
export interface ProgramStackOptions {
  readonly engine: Engine;
  /** Folder of the program's Pulumi.yaml; a copy of it is worked with. */
  readonly program: string;
  /** Holds the copy, the state and the engine's home. Must not exist. */
  readonly folder: string;
  /** Name of the stack. */
  readonly name: string;
  /** What the engine finds in its environment besides. */
  readonly env: NodeJS.ProcessEnv;
  /** Takes the engine's output as it comes. Default: nobody. */
  readonly onOutput?: (text: string) => void;
}

interface PreviewJson {
  readonly steps?: readonly {
    readonly op: string;
    readonly urn: string;
    readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
  }[];
}

/** A stack of a program that lies in a folder, driven by plain `pulumi` commands on a copy, with a state of its own. */
export class ProgramStack {
  constructor(private readonly options: ProgramStackOptions) {
    mkdirSync(path.join(options.folder, "state"), { recursive: true, mode: 0o700 });
    cpSync(options.program, this.folder, { recursive: true });
    writeFileSync(path.join(this.folder, "package.json"), '{ "name": "program", "main": "index.ts" }\n');
    // As `npm install hardened-asterisk` leaves it.
    const modules = path.join(this.folder, "node_modules");
    mkdirSync(modules);
    symlinkSync(projectRoot, path.join(modules, "hardened-asterisk"));
    for (const name of ["@pulumi", "@types"])
      symlinkSync(path.join(projectRoot, "node_modules", name), path.join(modules, name));
  }

  /** Makes the stack; once, before anything else. */
  async init(): Promise<void> {
    await this.run(["stack", "init", this.options.name]);
  }

  /** Sets keys of the configuration; `secret` ones are encrypted. */
  async configure(values: Record<string, string>, secret: Record<string, string> = {}): Promise<void> {
    for (const [key, value] of Object.entries(values)) await this.run(["config", "set", "--path", key], value);
    for (const [key, value] of Object.entries(secret)) await this.run(["config", "set", "--secret", key], value);
  }

  /** `pulumi up` without questions; raises a CommandError when it fails. */
  async up(...args: string[]): Promise<string> {
    return this.run(["up", "--yes", "--skip-preview", ...args]);
  }

  /** `pulumi up`, however it ends. */
  tryUp(...args: string[]): Promise<CommandResult> {
    return this.try(["up", "--yes", "--skip-preview", ...args]);
  }

  refresh(): Promise<string> {
    return this.run(["refresh", "--yes", "--skip-preview"]);
  }

  destroy(): Promise<string> {
    return this.run(["destroy", "--yes", "--skip-preview"]);
  }

  /** What `pulumi preview` would do, without what stays the same. */
  async plan(): Promise<Step[]> {
    const { steps = [] } = JSON.parse(await this.run(["preview", "--json"])) as PreviewJson;
    return steps
      .filter(({ op }) => op !== "same")
      .map(({ op, urn, detailedDiff }) => ({
        op,
        ...typeAndName(urn),
        differs: Object.keys(detailedDiff ?? {}).sort(),
      }));
  }

  /** The state as the backend keeps it, secrets encrypted. */
  stateText(): string {
    const project = /^name: *(\S+)/m.exec(readFileSync(path.join(this.folder, "Pulumi.yaml"), "utf8"))?.[1];
    return readFileSync(
      path.join(this.options.folder, `state/.pulumi/stacks/${project ?? ""}/${this.options.name}.json`),
      "utf8",
    );
  }

  /** What `pulumi stack export` prints, secrets encrypted. */
  export(): Promise<string> {
    return this.run(["stack", "export"]);
  }

  /** Takes over an exported state. */
  async import(state: string): Promise<void> {
    await this.run(["stack", "import"], state);
  }

  async resources(): Promise<StateResource[]> {
    const { deployment } = JSON.parse(await this.export()) as { deployment: { resources?: StateResource[] } };
    return deployment.resources ?? [];
  }

  /** One output of the stack, secrets shown. */
  async output<T>(name: string): Promise<T> {
    return JSON.parse(await this.run(["stack", "output", name, "--json", "--show-secrets"])) as T;
  }

  /** Folder of the copy that is run. */
  get folder(): string {
    return path.join(this.options.folder, "program");
  }

  /** The environment in which `pulumi` works with this stack. */
  get env(): NodeJS.ProcessEnv {
    const { engine, folder, env } = this.options;
    return {
      ...process.env,
      ...engine.env,
      PULUMI_HOME: path.join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${path.join(folder, "state")}`,
      ...env,
    };
  }

  /** The whole command line for `pulumi` with `args` on this stack. */
  argv(args: readonly string[]): string[] {
    const stack = args[0] === "stack" && args[1] === "init" ? [] : ["--stack", this.options.name];
    const place = ["--cwd", this.folder, "--non-interactive", "--color", "never"];
    return [this.options.engine.pulumi.path, ...args, ...stack, ...place];
  }

  try(args: readonly string[], input?: string): Promise<CommandResult> {
    // Only what works on resources is shown: `stack output` would print the passwords.
    const onOutput = ["up", "destroy", "refresh"].includes(args[0] ?? "") ? this.options.onOutput : undefined;
    return tryRun(this.argv(args), {
      env: this.env,
      timeout: 3_600_000,
      ...(input === undefined ? {} : { input }),
      ...(onOutput === undefined ? {} : { onOutput }),
    });
  }

  /** Runs `pulumi` and returns what it printed; raises a CommandError when it fails. */
  async run(args: readonly string[], input?: string): Promise<string> {
    const result = await this.try(args, input);
    if (result.code !== 0) throw new CommandError(["pulumi", ...args], result);
    return result.stdout;
  }
}
