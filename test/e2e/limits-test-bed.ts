import path from "node:path";
import type { PhoneCard } from "../../components/asterisk-host-args";
import { Installation } from "../../tools/operator/installation";
import { forgedInvitation } from "./attacks/forged-invitation";
import { forge } from "./attacks/stranger";
import { eventually } from "./faults/settled";
import { members, officeOfTwenty as spec } from "./limits-office";
import { clearly, ring } from "./office-calls";
import { startCarrier, type Carrier } from "./peers/carrier";
import { waitUntil } from "./peers/peer-process";
import type { Phone } from "./peers/phone";
import { cut, heardTone } from "./peers/tone";
import { UserAgent, type Exchange } from "./peers/user-agent";
import { ask, onHost } from "./scenario";

/** The carriers of the office; `other` sends from the carrier's second address. */
export type Trunk = "carrier" | "other";

/** The office of {@link spec} in a sandbox: phones with audio on each transport, and every other phone as a user agent that rings. */
export class LimitsTestBed {
  readonly callers = new Map<string, Phone>();
  readonly agents = new Map<string, UserAgent>();
  /** Calls that {@link hangUpAll} ends. */
  readonly inside: { agent: UserAgent; call: Exchange }[] = [];

  private constructor(
    readonly pbx: Installation,
    private readonly cards: Record<string, PhoneCard>,
    private carrier: Carrier | undefined,
  ) {}

  static async open(name: string): Promise<LimitsTestBed> {
    const pbx = await Installation.open({ name, spec });
    await pbx.stack.up();
    const bed = new LimitsTestBed(pbx, await pbx.stack.output<Record<string, PhoneCard>>("credentials"), undefined);
    await bed.openCarrier();
    for (const transport of ["udp", "tcp", "tls"]) bed.callers.set(transport, await pbx.register(transport));
    for (const [index, member] of members.entries()) {
      const opened = await bed.openAgent(member, pbx.sandbox.addresses.office.at(-1 - index) ?? "");
      if ((await opened.register(600)).status !== 200) throw new Error(`${member} is not registered`);
    }
    return bed;
  }

  async close(): Promise<void> {
    for (const one of this.agents.values()) await one.close();
    await this.closeCarrier();
    await this.pbx.hangUp();
    await Installation.remove(this.pbx.sandbox.name);
  }

  /** A phone of the spec as a user agent that rings, not yet registered. */
  async openAgent(phone: string, address: string): Promise<UserAgent> {
    const { user = "", password = "" } = this.cards[phone] ?? {};
    const { transport, number = "" } = spec.phones[phone] ?? {};
    const { namespaces, addresses } = this.pbx.sandbox;
    const account = { namespace: namespaces.office, address, target: addresses.pbx, user, password, number };
    const agent = await UserAgent.open({ ...account, ...(transport === "tls" ? { transport } : {}) });
    agent.answering = "ring";
    this.agents.set(phone, agent);
    return agent;
  }

  agent(member: string): UserAgent {
    const found = this.agents.get(member);
    if (found === undefined) throw new Error(`${member} is not open`);
    return found;
  }

  caller(transport: "udp" | "tcp" | "tls"): Phone {
    const found = this.callers.get(transport);
    if (found === undefined) throw new Error(`no phone over ${transport}`);
    return found;
  }

  /** How many phones ring, counted for each call that rings there. */
  get ringing(): number {
    return [...this.agents.values()].reduce((all, { ringing }) => all + ringing, 0);
  }

  /** Waits until `count` calls ring at the user agents, at one of them or at all. */
  async rings(count: number, at?: string): Promise<void> {
    const now = () => (at === undefined ? this.ringing : this.agent(at).ringing);
    await waitUntil(
      () => now() >= count,
      8_000,
      () => `${now()} of ${count} ring`,
    );
  }

  addressOf(trunk: Trunk): string {
    const { signalling, media } = this.pbx.sandbox.addresses.carrier;
    return trunk === "carrier" ? signalling : media;
  }

  /** Starts the carrier that answers, at the first trunk's address. */
  async openCarrier(): Promise<void> {
    const { namespaces, name } = this.pbx.sandbox;
    const directory = path.join("/run", `hardened-asterisk-installation-${name}`, "carrier");
    this.carrier = await startCarrier({
      namespace: namespaces.carrier,
      address: this.addressOf("carrier"),
      directory,
    });
  }

  async closeCarrier(): Promise<void> {
    await this.carrier?.stop();
    this.carrier = undefined;
  }

  /** A user agent in a carrier's place. */
  carrierAgent(trunk: Trunk, port = 0): Promise<UserAgent> {
    const { namespaces, addresses } = this.pbx.sandbox;
    const account = { user: "caller", password: "", number: "", target: addresses.pbx };
    return UserAgent.open({ namespace: namespaces.carrier, address: this.addressOf(trunk), ...account }, port);
  }

  /** Forged calls in a carrier's name, from the attacker's place. */
  async forgeCalls(number: string, count: number, trunk: Trunk = "carrier"): Promise<void> {
    const { addresses } = this.pbx.sandbox;
    const source = this.addressOf(trunk);
    const packets = Array.from({ length: count }, () => forgedInvitation(addresses.pbx, source, number));
    await forge({ sandbox: this.pbx.sandbox, address: addresses.pbx }, packets);
  }

  /** Status of a carrier's call after two seconds; it is given up when it still rings, and hung up when it was answered. */
  async inbound(number: string, trunk: Trunk = "carrier"): Promise<number | "rings" | "no answer"> {
    const agent = await this.carrierAgent(trunk);
    try {
      const call = await agent.call(number, { patience: 2_000 });
      await agent.hangUp(call);
      return call.status === "no answer" && call.provisional.includes(180) ? "rings" : call.status;
    } finally {
      await agent.close();
    }
  }

  /** Asks for a call of a user agent that {@link hangUpAll} ends; returns its final status. */
  async hold(member: string, number: string, patience = 8_000): Promise<Exchange["status"]> {
    return (await this.call(member, number, patience)).status;
  }

  /** The same; returns the call. */
  async call(member: string, number: string, patience = 8_000): Promise<Exchange> {
    const agent = this.agent(member);
    const call = await agent.call(number, { patience });
    this.inside.push({ agent, call });
    return call;
  }

  /** Calls 112 over each transport: it reaches the carrier, and the phone hears its own tone back from it. */
  async everyTransport(): Promise<void> {
    for (const [transport, phone] of this.callers) {
      const before = ((await this.carrier?.invites()) ?? []).length;
      await phone.call("112");
      await phone.waitEstablished(ring);
      await new Promise((resolve) => setTimeout(resolve, 2000));
      await phone.hangup();
      const share = heardTone(cut(await phone.recording(), 500), phone.options.tone);
      expect([transport, share]).toEqual([transport, expect.closeTo(1, 0)]);
      expect(share).toBeGreaterThan(clearly);
      expect(((await this.carrier?.invites()) ?? []).slice(before)).toMatchObject([{ number: "112", answered: true }]);
    }
  }

  /** Ends every call; the phones ring again when they are called. */
  async hangUpAll(): Promise<void> {
    for (const phone of this.callers.values()) if (phone.inCall) await phone.hangup();
    await Promise.all(this.inside.splice(0).map(({ agent, call }) => agent.hangUp(call)));
    await onHost(this.pbx, "asterisk", "-rx", "channel request hangup all");
    for (const agent of this.agents.values()) agent.answering = "ring";
    await eventually(20_000, async () => ((await this.channels()) === 0 ? undefined : "channels are left"));
  }

  private async channels(): Promise<number> {
    return Number(/(\d+) active channels?/.exec(await ask(this.pbx, "core show channels count"))?.[1]);
  }
}
