import path from "node:path";
import type { PhoneCard } from "../../components/asterisk-host-args";
import type { PbxSpec } from "../../core/spec/spec";
import type { Sandbox } from "../../sandbox/sandbox";
import { startPhone, type Phone } from "../../test/e2e/peers/phone";
import { callTrunkWithoutRegistration, inviteAsStranger, registerGuesses } from "../../test/e2e/peers/stranger";
import { heardTone, longestGap } from "../../test/e2e/peers/tone";
import type { PbxStack } from "../operator/stack";

/** One thing the quickstart shows, and what was seen. */
export interface Proof {
  readonly claim: string;
  readonly ok: boolean;
  readonly seen: string;
}

/** What the proofs work with. */
export interface Stage {
  readonly sandbox: Sandbox;
  readonly stack: PbxStack;
  readonly spec: PbxSpec;
  /** A folder for phones' files; removed with them. */
  readonly folder: string;
  readonly phones: Map<string, Phone>;
}

const tones: Readonly<Record<string, number>> = { reception: 440, sales: 880, workshop: 660 };
const patience = 10_000;

/** Starts an office phone with the credentials the stack gave out and waits until the PBX accepts it. */
export async function registerPhone(stage: Stage, name: string): Promise<Phone> {
  const cards = await stage.stack.output<Record<string, PhoneCard>>("credentials");
  const card = cards[name];
  if (card === undefined) throw new Error(`the stack has no credentials for ${name}`);
  const { sandbox, folder, phones } = stage;
  const address = sandbox.addresses.office[Number(card.number) % 10] ?? "";
  const phone = await startPhone({
    namespace: sandbox.namespaces.office,
    address,
    user: card.user,
    password: card.password,
    // The sandbox is reached over a forwarded port; phones reach the host itself.
    domain: sandbox.addresses.pbx,
    tone: tones[name] ?? 500,
    directory: path.join(folder, name),
    autoAnswer: true,
  });
  phones.set(name, phone);
  await phone.waitRegistered(patience);
  return phone;
}

/** Two phones register with the credentials the stack gave out. */
export async function proveRegistrations(stage: Stage): Promise<Proof> {
  const [reception, sales] = await Promise.all([registerPhone(stage, "reception"), registerPhone(stage, "sales")]);
  const seen = `${reception.registration} and ${sales.registration}`;
  return {
    claim: "two phones registered",
    ok: reception.registration.startsWith("200") && sales.registration.startsWith("200"),
    seen,
  };
}

/** Nobody outside the listed networks gets an answer: no guessed name, no call, no trunk. */
export async function proveStrangerRefused({ sandbox }: Stage): Promise<Proof> {
  const stranger = {
    namespace: sandbox.namespaces.attacker,
    address: sandbox.addresses.attacker[0] ?? "",
    target: sandbox.addresses.pbx,
  };
  const guesses = await registerGuesses(stranger, ["100", "101", "102", "reception"]);
  const calls = await inviteAsStranger({ ...stranger, address: sandbox.addresses.attacker[1] ?? "" }, [
    "101",
    "0312345678",
  ]);
  const trunk = await callTrunkWithoutRegistration(
    { ...stranger, address: sandbox.addresses.attacker[2] ?? "" },
    "0312345678",
    "carrier",
  );
  const tries = [...guesses, ...calls, trunk];
  const letIn = tries.filter((answer) => answer.letIn).length;
  const answered = tries.filter(({ status }) => status !== "no answer").length;
  return {
    claim: "a stranger is refused",
    ok: letIn === 0,
    seen: `${letIn} of ${tries.length} tries let in, ${answered} answered at all`,
  };
}

/** A second `up` finds nothing to do. */
export async function proveSecondUp({ stack }: Stage): Promise<Proof> {
  const { created, updated, replaced, unchanged } = await stack.up();
  const changed = created + updated + replaced;
  return {
    claim: "a second `pulumi up` changes nothing",
    ok: changed === 0 && unchanged > 0,
    seen: `${changed} changed, ${unchanged} unchanged`,
  };
}

/** A phone is added while a call is up. */
export async function provePhoneAdded(stage: Stage): Promise<Proof> {
  const workshop = { number: "103", networks: ["198.51.100.0/24"] };
  stage.stack.setSpec({ ...stage.spec, phones: { ...stage.spec.phones, workshop } });
  await stage.stack.up();
  const phone = await registerPhone(stage, "workshop");
  const kept = stage.phones.get("reception")?.closedBecause === undefined;
  return {
    claim: "a phone is added while a call stays up",
    ok: kept && phone.registration.startsWith("200"),
    seen: `${phone.registration}; the call ${kept ? "stayed" : "was cut"}`,
  };
}

/** What each end of the held call heard of the other. */
export async function proveAudio({ phones }: Stage): Promise<Proof> {
  const reception = phones.get("reception");
  const sales = phones.get("sales");
  if (reception === undefined || sales === undefined) throw new Error("the phones were not started");
  await reception.hangup();
  await sales.waitClosed(patience);
  const heard = [
    { by: "reception", wav: await reception.recording(), hz: tones["sales"] ?? 0 },
    { by: "sales", wav: await sales.recording(), hz: tones["reception"] ?? 0 },
  ].map(({ by, wav, hz }) => ({ by, share: heardTone(wav, hz), gap: longestGap(wav, hz) }));
  const ok = heard.every(({ share, gap }) => share > 0.9 && gap <= 100);
  const seen = heard
    .map(({ by, share, gap }) => `${by} heard ${Math.round(share * 100)} %, longest gap ${gap} ms`)
    .join("; ");
  return { claim: "called with audio both ways, all along", ok, seen };
}
