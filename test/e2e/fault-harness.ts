import type { Bundle } from "../../core/bundle/bundle";
import type { PbxSpec } from "../../core/spec/spec";
import { CommandError, type CommandResult } from "../../sandbox/command";
import { Installation, type InstallationOptions } from "../../tools/operator/installation";
import { lieInWait, type Struck } from "./faults/at-instant";
import { deliver, prepare, type Prepared } from "./faults/delivery";
import { differences, expectedState, stateOf, type HostState } from "./faults/host-state";
import { settled, transactionOf } from "./faults/settled";
import { currentReceipt, officeSpec } from "./scenario";

const ring = 10_000;

/** The configurations the tests go to and fro between; from and to `busy` Asterisk restarts, else it reloads. */
export type Step = "quiet" | "brisk" | "busy";

/** Which of two configurations a host is wholly in. */
export type Side = "old" | "new";

/**
 * The office under three sets of limits and passwords: every one differs in pjsip.conf and extensions.conf, `busy` also in the
 * media ports, the firewall and a unit. The phones that call keep their credentials.
 */
export function specOf(step: Step, changes: Partial<PbxSpec> = {}): PbxSpec {
  const spec = officeSpec();
  const [generation, calls] = { quiet: [1, 1], brisk: [2, 2], busy: [3, 40] }[step] as [number, number];
  const warehouse = { number: "103", networks: ["100.64.7.2/32"], generation };
  return { ...spec, ...changes, phones: { ...spec.phones, warehouse }, limits: { calls, callMinutes: 1 } };
}

/** An installation whose activations are disturbed, and what is to be true afterwards. */
export class FaultBench {
  readonly #prepared = new Map<string, Prepared>();
  /** The spec that was confirmed last. */
  confirmed: PbxSpec;

  private constructor(
    readonly name: string,
    readonly pbx: Installation,
    readonly masterSecret: string,
    confirmed: PbxSpec,
  ) {
    this.confirmed = confirmed;
  }

  /** Boots a host, brings up the spec given, and has the two phones that call registered. */
  static async open(options: InstallationOptions): Promise<FaultBench> {
    const bench = await FaultBench.boot(options);
    const [quiet, busy] = (["quiet", "busy"] as const).map((step) => expectedState(bench.prepare(specOf(step))));
    if (quiet?.effect["last media port of Asterisk"] === busy?.effect["last media port of Asterisk"])
      throw new Error("`busy` asks for no restart any more: raise its limit of calls");
    await bench.pbx.stack.up();
    await bench.startPhones();
    return bench;
  }

  /** Boots a host that nothing has been delivered to yet. */
  static async boot(options: InstallationOptions): Promise<FaultBench> {
    const pbx = await Installation.open(options);
    const master = await pbx.stack.try(["config", "get", "pbx:masterSecret", "--stack", options.name]);
    if (master.code !== 0) throw new CommandError(["pulumi", "config", "get"], master);
    return new FaultBench(options.name, pbx, master.stdout.trim(), options.spec);
  }

  /** Starts the two phones that call and waits until they are registered. */
  async startPhones(): Promise<void> {
    await Promise.all([this.pbx.register("reception"), this.pbx.register("sales")]);
  }

  /** A spec as it is delivered to this host; rendered once, so that a test has one idea of it throughout. `doctor` may spoil it. */
  prepare(spec: PbxSpec, doctor?: (bundle: Bundle) => Bundle): Prepared {
    if (doctor !== undefined) return prepare(spec, this.masterSecret, doctor);
    const key = JSON.stringify(spec);
    const known = this.#prepared.get(key) ?? prepare(spec, this.masterSecret);
    this.#prepared.set(key, known);
    return known;
  }

  /** `pulumi up` with this spec, however it ends. */
  tryUp(spec: PbxSpec, options: readonly string[] = []): Promise<CommandResult> {
    this.pbx.stack.setSpec(spec);
    return this.pbx.stack.try(["up", "--yes", "--skip-preview", "--stack", this.name, ...options]);
  }

  /** `pulumi cancel`: what the engine asks for after it was killed. */
  async unlock(): Promise<void> {
    const result = await this.pbx.stack.try(["cancel", "--yes", "--stack", this.name]);
    if (result.code !== 0) throw new CommandError(["pulumi", "cancel"], result);
  }

  /** Milliseconds that the activation of a spec takes on this host, undisturbed. */
  async measure(spec: PbxSpec): Promise<number> {
    const { struck } = await lieInWait(this.pbx.sandbox, "watch", 120_000);
    await this.converge(spec);
    return (await struck).length ?? 0;
  }

  /** The state the host is in now, looked at for these specs. */
  async state(...specs: PbxSpec[]): Promise<HostState> {
    return stateOf(
      this.pbx.sandbox,
      specs.map((spec) => this.prepare(spec)),
    );
  }

  /** Waits for the host to come to rest and returns the spec that is wholly in effect. Raises when none of them is. */
  async whole(...specs: PbxSpec[]): Promise<PbxSpec> {
    await settled(this.pbx.sandbox);
    const found = await this.state(...specs);
    const off = specs.map((spec) => differences(found, expectedState(this.prepare(spec))));
    const match = specs.find((_spec, index) => off[index]?.length === 0);
    if (match !== undefined) return match;
    const lines = off.flatMap((differing, index) => [`From configuration ${index + 1}:`, ...differing]);
    throw new Error(`none of ${specs.length} configurations is wholly in effect.\n${lines.join("\n")}`);
  }

  /** A call between the two phones, established and hung up. */
  async call(): Promise<void> {
    const [reception, sales] = [this.pbx.phones.get("reception"), this.pbx.phones.get("sales")];
    if (reception === undefined || sales === undefined) throw new Error("the phones were not started");
    await reception.call("102");
    await reception.waitEstablished(ring);
    await sales.waitEstablished(ring);
    await reception.hangup();
    await sales.waitClosed(ring);
  }

  /** The next `pulumi up`: it ends well, and the spec is wholly in effect and confirmed. */
  async converge(spec: PbxSpec): Promise<void> {
    const result = await this.tryUp(spec);
    if (result.code !== 0) throw new CommandError(["pulumi", "up"], result);
    const receipt = await currentReceipt(this.pbx);
    const { generation } = this.prepare(spec);
    const open = await transactionOf(this.pbx.sandbox);
    if (receipt.generation !== generation || receipt.state !== "confirmed" || open !== undefined)
      throw new Error(
        `${receipt.generation} is ${receipt.state} and ${open?.phase ?? "nothing"} is open, not ${generation}`,
      );
    const off = differences(await this.state(spec), expectedState(this.prepare(spec)));
    if (off.length > 0) throw new Error(`after \`pulumi up\`:\n${off.join("\n")}`);
    this.confirmed = spec;
  }

  /**
   * Goes for a spec and kills its activation so many milliseconds after it began; then all that must hold holds. `by` hand is
   * the component's own command over SSH, which spares the engine's start.
   */
  async killed(
    next: PbxSpec,
    milliseconds: number,
    by: "engine" | "hand" = "engine",
  ): Promise<Struck & { side: Side }> {
    const old = this.confirmed;
    const { struck } = await lieInWait(this.pbx.sandbox, "kill", milliseconds);
    const { code } = await (by === "engine" ? this.tryUp(next) : this.deliver(next));
    const outcome = await struck;
    const side = await this.side(old, next);
    if (code === 0 && side === "old")
      throw new Error("the activation ended well, yet the old configuration is in effect");
    await this.call();
    await this.converge(next);
    return { ...outcome, side };
  }

  /** Delivers a spec by the component's own command, without the engine; nobody confirms it. */
  deliver(spec: PbxSpec, doctor?: (bundle: Bundle) => Bundle): Promise<CommandResult> {
    return deliver(this.pbx.sandbox.ssh, this.prepare(spec, doctor));
  }

  /** See {@link whole}. */
  async side(old: PbxSpec, next: PbxSpec): Promise<Side> {
    return (await this.whole(old, next)) === old ? "old" : "new";
  }

  /** Ends the phones and everything else that belongs to the installation. */
  async close(): Promise<void> {
    await this.pbx.hangUp().finally(() => Installation.remove(this.name));
  }
}
