import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { version as commandVersion } from "@pulumi/command/package.json";
import { parse, stringify } from "yaml";
import type { PbxSpec } from "../../core/spec/spec";
import { CommandError, tryRun, type CommandResult } from "../../sandbox/command";
import { ensureAsteriskPackage } from "../asterisk-build/asterisk-package";
import type { Engine } from "../engine/engine";

const projectRoot = path.join(__dirname, "../..");
/** Bytes of a spec in JSON; with the rest of the configuration it stays below the 128 KiB of one environment variable. */
const largestInConfiguration = 64 * 1024;

/** Where and as whom the stack reaches its host. */
export interface StackTarget {
  readonly host: string;
  readonly port: number;
  readonly hostKey: string;
  readonly privateKeyFile: string;
}

/** What is needed to work with one stack of this clone's own `Pulumi.yaml`. */
export interface StackOptions {
  readonly engine: Engine;
  /** Name of the stack; its configuration is `Pulumi.<name>.yaml` beside `Pulumi.yaml`. */
  readonly name: string;
  /** Holds the state and the passphrase; made when missing. */
  readonly folder: string;
  readonly target: StackTarget;
  readonly masterSecret: string;
  /** Takes the engine's output as it comes. Default: nobody. */
  readonly onOutput?: (text: string) => void;
}

/** Everything the engine says it did, counted from its own summary. */
export interface Changes {
  readonly created: number;
  readonly updated: number;
  readonly replaced: number;
  readonly unchanged: number;
}

/** One stack of `stacks/pbx`, driven as a person would: by plain `pulumi` commands. */
export class PbxStack {
  private constructor(private readonly options: StackOptions) {}

  /** Makes the stack with its secrets in `options.folder`; a stack that is there is taken over. */
  static async open(options: StackOptions): Promise<PbxStack> {
    mkdirSync(path.join(options.folder, "state"), { recursive: true, mode: 0o700 });
    writeFileSync(path.join(options.folder, "passphrase"), randomBytes(16).toString("hex"), { mode: 0o600, flag: "a" });
    linkProvider(options.engine, options.folder);
    const stack = new PbxStack(options);
    await stack.run(["stack", "select", "--create", options.name]);
    await stack.configure();
    return stack;
  }

  private async configure(): Promise<void> {
    const { target, masterSecret } = this.options;
    await this.run(
      ["config", "set", "--secret", "pbx:privateKey", "--stack", this.options.name],
      readFileSync(target.privateKeyFile, "utf8"),
    );
    await this.run(["config", "set", "--secret", "pbx:masterSecret", "--stack", this.options.name], masterSecret);
    this.editConfig({ "pbx:host": target.host, "pbx:port": target.port, "pbx:hostKey": target.hostKey });
  }

  /** Path of a stack's configuration, `Pulumi.<stack>.yaml` beside `Pulumi.yaml`. */
  static configFile(name: string): string {
    return path.join(projectRoot, `Pulumi.${name}.yaml`);
  }

  /** Path of the state, as the engine's file backend keeps it. */
  get stateFile(): string {
    return path.join(this.options.folder, `state/.pulumi/stacks/pbx/${this.options.name}.json`);
  }

  /** Sets keys of the configuration; a key that is undefined goes away. */
  editConfig(values: Record<string, unknown>): void {
    const file = PbxStack.configFile(this.options.name);
    const settings = parse(readFileSync(file, "utf8")) as { config?: Record<string, unknown> };
    // Quoted as the docs ask: Pulumi's reader takes a day without quotes for a timestamp.
    const quoted = { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" } as const;
    writeFileSync(file, stringify({ ...settings, config: { ...settings.config, ...values } }, quoted), { mode: 0o600 });
  }

  /** Writes the spec into the stack's configuration, or into a file when it is too large for that. */
  setSpec(spec: PbxSpec): void {
    const text = JSON.stringify(spec);
    if (text.length < largestInConfiguration) {
      this.editConfig({ "pbx:spec": spec, "pbx:specFile": undefined });
      return;
    }
    const file = path.join(this.options.folder, "spec.json");
    writeFileSync(file, text, { mode: 0o600 });
    this.editConfig({ "pbx:spec": undefined, "pbx:specFile": file });
  }

  /** Says that the machine is Debian 13, with the package that is built for it. */
  async setDebian13(progress: (line: string) => void): Promise<void> {
    const [built] = await ensureAsteriskPackage({ progress });
    this.editConfig({ "pbx:os": "debian-13", "pbx:asteriskPackage": { ...built } });
  }

  /** Writes the password of an account at a carrier into the stack's configuration, encrypted. */
  async setTrunkPassword(trunk: string, password: string): Promise<void> {
    const key = `pbx:trunkPasswords.${trunk}`;
    await this.run(["config", "set", "--secret", "--path", key, "--stack", this.options.name], password);
  }

  /** The environment in which `pulumi` works with this stack; `npm run` users export the same. */
  get env(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      ...this.options.engine.env,
      // A home of its own: neither the user's login nor the user's plugins are touched.
      PULUMI_HOME: path.join(this.options.folder, "home"),
      PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
      PULUMI_BACKEND_URL: `file://${path.join(this.options.folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE_FILE: path.join(this.options.folder, "passphrase"),
    };
  }

  /** The whole command line for `pulumi` with `args` in this clone. */
  argv(args: readonly string[]): string[] {
    return [this.options.engine.pulumi.path, ...args, "--cwd", projectRoot, "--non-interactive", "--color", "never"];
  }

  /** Runs `pulumi` with `args` and returns how it ended. */
  try(args: readonly string[], input?: string): Promise<CommandResult> {
    // Only what works on the host is shown: `stack output` would print the passwords.
    const onOutput = ["up", "preview", "destroy"].includes(args[0] ?? "") ? this.options.onOutput : undefined;
    return tryRun(this.argv(args), {
      env: this.env,
      timeout: 900_000,
      ...(input === undefined ? {} : { input }),
      ...(onOutput === undefined ? {} : { onOutput }),
    });
  }

  private async run(args: readonly string[], input?: string): Promise<string> {
    const result = await this.try(args, input);
    if (result.code !== 0) throw new CommandError(["pulumi", ...args], result);
    return result.stdout;
  }

  /** The words of `pulumi up` without questions. */
  get upCommand(): readonly string[] {
    return ["up", "--yes", "--skip-preview", "--stack", this.options.name];
  }

  /** `pulumi up`; raises a {@link CommandError} when it fails. */
  async up(): Promise<Changes> {
    return changesOf(await this.run([...this.upCommand]));
  }

  /** One output of the stack, secrets included. */
  async output<T>(name: string): Promise<T> {
    const text = await this.run(["stack", "output", name, "--json", "--show-secrets", "--stack", this.options.name]);
    return JSON.parse(text) as T;
  }
}

/** Puts the command provider where a CLI with `PULUMI_HOME` in `folder` looks for it. */
export function linkProvider(engine: Engine, folder: string): void {
  const plugin = path.join(folder, "home/plugins", `resource-command-v${commandVersion}`);
  mkdirSync(plugin, { recursive: true });
  symlinkSync(engine.commandProvider.path, path.join(plugin, "pulumi-resource-command"));
}

function changesOf(output: string): Changes {
  const count = (words: string) => Number(new RegExp(`^\\s+[-+~]*\\s*(\\d+) ${words}`, "m").exec(output)?.[1] ?? 0);
  return {
    created: count("created"),
    updated: count("updated"),
    replaced: count("replaced"),
    unchanged: count("unchanged"),
  };
}
