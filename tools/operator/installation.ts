import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { PhoneCard } from "../../components/asterisk-host-args";
import type { PbxSpec } from "../../core/spec/spec";
import { layoutOf } from "../../sandbox/layout";
import { installPackages, packagesOfMissing } from "../../sandbox/requirements";
import { downSandbox, upSandbox, type Sandbox } from "../../sandbox/sandbox";
import type { HostRelease } from "../../sandbox/up-options";
import { startPhone, type Phone } from "../../test/e2e/peers/phone";
import { ensureEngine } from "../engine/engine";
import { PbxStack } from "./stack";

/** What an installation is made of. */
export interface InstallationOptions {
  /** Name of the sandbox and of the stack. */
  readonly name: string;
  readonly spec: PbxSpec;
  /** Default: `packages`, a machine on which Asterisk is installed as its package leaves it. */
  readonly image?: "bare" | "packages";
  /** What the machine boots. Default: `debian-14`. */
  readonly os?: HostRelease;
  /** Whether the unhardened twin stands beside it. Default: false. */
  readonly twin?: boolean;
  /** Whether the twin with Asterisk 16 does too. Default: false. */
  readonly twin16?: boolean;
  readonly progress?: (line: string) => void;
  /** Takes what `pulumi` prints while it works on the host. Default: nobody. */
  readonly onOutput?: (text: string) => void;
}

/** The independent phone and carrier, and the Debian package of each. */
const packageOfPeer = { baresip: "baresip-core", sipp: "sip-tester" };

const tones: readonly number[] = [440, 880, 660, 1100, 1320];
const patience = 10_000;

/** A sandbox, a stack that points at it, and the phones that were started there. */
export class Installation {
  readonly phones = new Map<string, Phone>();

  private constructor(
    readonly sandbox: Sandbox,
    readonly stack: PbxStack,
    readonly spec: PbxSpec,
    readonly masterSecret: string,
    private readonly folder: string,
  ) {}

  /** Boots the sandbox and makes the stack; an earlier installation of that name is removed. Does not run `up`. */
  static async open(options: InstallationOptions): Promise<Installation> {
    const { name, spec, progress, onOutput } = options;
    const say = progress ?? (() => undefined);
    await installPackages(packagesOfMissing(packageOfPeer), say);
    const engine = await ensureEngine({ progress: say });
    await Installation.remove(name);
    const folder = folderOf(name);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const sandbox = await upSandbox({
      name,
      image: options.image ?? "packages",
      os: options.os ?? "debian-14",
      twin: options.twin ?? false,
      twin16: options.twin16 ?? false,
      progress: say,
    });
    const masterSecret = randomBytes(32).toString("hex");
    const stack = await PbxStack.open({
      engine,
      name,
      folder,
      target: sandbox.ssh,
      masterSecret,
      ...(onOutput === undefined ? {} : { onOutput }),
    });
    stack.setSpec(spec);
    if (options.os === "debian-13") await stack.setDebian13(say);
    return new Installation(sandbox, stack, spec, masterSecret, folder);
  }

  /** Removes what an installation of that name left: sandbox, also a half-built one, state, configuration. */
  static async remove(name: string): Promise<void> {
    if (existsSync(layoutOf(name).directory)) await downSandbox(name);
    rmSync(folderOf(name), { recursive: true, force: true });
    rmSync(PbxStack.configFile(name), { force: true });
  }

  /** Starts a phone with the credentials the stack gave out and waits until the PBX accepts it. */
  async register(name: string, place: "office" | "home" = "office"): Promise<Phone> {
    const phone = await this.start(name, place);
    await phone.waitRegistered(patience);
    return phone;
  }

  /** Starts a phone without waiting for its registration; `home` is behind a NAT router somewhere else. */
  async start(name: string, place: "office" | "home" = "office"): Promise<Phone> {
    const cards = await this.stack.output<Record<string, PhoneCard>>("credentials");
    const card = cards[name];
    if (card === undefined) throw new Error(`the stack has no credentials for ${name}`);
    const { sandbox } = this;
    const phone = await startPhone({
      namespace: sandbox.namespaces[place],
      address: sandbox.addresses[place][Object.keys(cards).indexOf(name)] ?? "",
      user: card.user,
      password: card.password,
      port: card.port,
      transport: card.transport as "udp" | "tcp" | "tls",
      // The operator reaches the sandbox through a forwarded port; phones reach the host itself.
      domain: sandbox.addresses.pbx,
      tone: this.toneOf(name),
      directory: path.join(this.folder, name),
      autoAnswer: true,
      ...(card.caCertificate === undefined ? {} : { caFile: this.keep(`${name}-ca.pem`, card.caCertificate) }),
    });
    this.phones.set(name, phone);
    return phone;
  }

  /** Writes a file that lives as long as the installation and returns its path. */
  keep(name: string, text: string): string {
    const file = path.join(this.folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  }

  /** The tone a phone speaks, in Hz. */
  toneOf(name: string): number {
    return tones[Object.keys(this.spec.phones).indexOf(name)] ?? 1540;
  }

  /** Ends the phones; the sandbox stays. */
  async hangUp(): Promise<void> {
    await Promise.all([...this.phones.values()].map((phone) => phone.stop()));
    this.phones.clear();
  }

  /** Ends everything that belongs to it. */
  async close(): Promise<void> {
    await this.hangUp();
    await Installation.remove(this.sandbox.name);
  }
}

/** State and phones' files; readable by root alone, and gone with the machine. */
function folderOf(name: string): string {
  return `/run/hardened-asterisk-installation-${name}`;
}
