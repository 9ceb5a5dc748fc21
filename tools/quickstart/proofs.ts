import type { PhoneCard } from "../../components/asterisk-host-args";
import { clearly, heard } from "../../test/e2e/office-calls";
import type { Phone } from "../../test/e2e/peers/phone";
import { callTrunkWithoutRegistration, inviteAsStranger, registerGuesses } from "../../test/e2e/peers/stranger";
import { handshake, makeOtherAuthority } from "../../test/e2e/peers/tls-client";
import { cut, heardTone, longestGap } from "../../test/e2e/peers/tone";
import type { Installation } from "../operator/installation";

/** One thing the quickstart shows, and what was seen. */
export interface Proof {
  readonly claim: string;
  readonly ok: boolean;
  readonly seen: string;
}

const patience = 10_000;
/** Milliseconds in which a call's sound sets in. */
const startUp = 300;

/** Two phones register with the credentials the stack gave out. */
export async function proveRegistrations(pbx: Installation): Promise<Proof> {
  const [reception, sales] = await Promise.all([pbx.register("reception"), pbx.register("sales")]);
  const seen = `${reception.registration} and ${sales.registration}`;
  return {
    claim: "two phones registered",
    ok: reception.registration.startsWith("200") && sales.registration.startsWith("200"),
    seen,
  };
}

/** Nobody outside the listed networks gets an answer: no guessed name, no call, no trunk. */
export async function proveStrangerRefused({ sandbox }: Installation): Promise<Proof> {
  const stranger = {
    namespace: sandbox.namespaces.attacker,
    address: sandbox.addresses.attacker[0] ?? "",
    target: sandbox.addresses.pbx,
    // An answer takes a millisecond here; silence is believed after half a second.
    patience: 500,
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
  const letIn =
    [...calls, trunk].filter((answer) => answer.letIn).length + guesses.filter(({ status }) => status === 200).length;
  const answered = tries.filter(({ status }) => status !== "no answer").length;
  return {
    claim: "a stranger is refused",
    ok: letIn === 0,
    seen: `${letIn} of ${tries.length} tries let in, ${answered} answered at all`,
  };
}

/** A second `up` finds nothing to do. */
export async function proveSecondUp({ stack }: Installation): Promise<Proof> {
  const { created, updated, replaced, unchanged } = await stack.up();
  const changed = created + updated + replaced;
  return {
    claim: "a second `pulumi up` changes nothing",
    ok: changed === 0 && unchanged > 0,
    seen: `${changed} changed, ${unchanged} unchanged`,
  };
}

/** A phone is added while a call is up. */
export async function provePhoneAdded(pbx: Installation): Promise<Proof> {
  const workshop = { number: "103", networks: ["198.51.100.0/24"] };
  pbx.stack.setSpec({ ...pbx.spec, phones: { ...pbx.spec.phones, workshop } });
  await pbx.stack.up();
  const phone = await pbx.register("workshop");
  const kept = pbx.phones.get("reception")?.closedBecause === undefined;
  return {
    claim: "a phone is added while a call stays up",
    ok: kept && phone.registration.startsWith("200"),
    seen: `${phone.registration}; the call ${kept ? "stayed" : "was cut"}`,
  };
}

/** What each end of the held call heard of the other. */
export async function proveAudio(pbx: Installation): Promise<Proof> {
  const reception = pbx.phones.get("reception");
  const sales = pbx.phones.get("sales");
  if (reception === undefined || sales === undefined) throw new Error("the phones were not started");
  await reception.hangup();
  await sales.waitClosed(patience);
  const ends = [
    { by: "reception", wav: await reception.recording(), hz: pbx.toneOf("sales") },
    { by: "sales", wav: await sales.recording(), hz: pbx.toneOf("reception") },
  ].map(({ by, wav, hz }) => ({ by, share: heardTone(wav, hz), gap: longestGap(cut(wav, startUp), hz) }));
  const ok = ends.every(({ share }) => share > clearly);
  const seen = ends
    .map(({ by, share, gap }) => `${by} heard ${Math.round(share * 100)} %, longest gap ${gap} ms`)
    .join("; ");
  return { claim: "called with audio both ways, all along", ok, seen };
}

/** Calls from one phone to the other, lets both speak for a second, and returns what each heard. */
async function talk(from: Phone, number: string, to: Phone): Promise<number[]> {
  await from.call(number);
  await to.waitEstablished(patience);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await from.hangup();
  await to.waitClosed(patience);
  return (await heard(from, to)).map(({ share }) => share);
}

const percent = (shares: readonly number[]) => shares.map((share) => `${Math.round(share * 100)} %`).join(" and ");

/** A phone behind somebody's router, with no listed network, over TLS with encrypted audio: it calls and is called. */
export async function proveRoaming(pbx: Installation): Promise<Proof> {
  const reception = pbx.phones.get("reception");
  if (reception === undefined) throw new Error("the phones were not started");
  const van = await pbx.register("van", "home");
  const calls = await talk(van, "101", reception);
  const called = await talk(reception, "104", van);
  return {
    claim: "a phone on the road calls and is called",
    ok: [...calls, ...called].every((share) => share > clearly),
    seen: `${van.registration} over TLS, behind a router; heard over SRTP ${percent([...calls, ...called])}`,
  };
}

/** A phone at a listed address behind a router, over UDP, is called from the office. */
export async function proveBehindRouter(pbx: Installation): Promise<Proof> {
  const reception = pbx.phones.get("reception");
  if (reception === undefined) throw new Error("the phones were not started");
  const shop = await pbx.register("shop", "home");
  const shares = await talk(reception, "105", shop);
  return {
    claim: "a phone behind a router is called",
    ok: shares.every((share) => share > clearly),
    seen: `${shop.registration} over UDP; heard ${percent(shares)}`,
  };
}

/** Whoever trusts another CA than the one among the credentials refuses the PBX's certificate. */
export async function proveCertificate(pbx: Installation): Promise<Proof> {
  const { namespaces, addresses } = pbx.sandbox;
  const client = { namespace: namespaces.attacker, target: addresses.pbx };
  const cards = await pbx.stack.output<Record<string, PhoneCard>>("credentials");
  const [own, key, other] = [cards["van"]?.caCertificate ?? "", "", ""].map((text, index) =>
    pbx.keep(`proof-${index}.pem`, text),
  ) as [string, string, string];
  await makeOtherAuthority(key, other);
  const trusted = await handshake(client, "-CAfile", own, "-verify_ip", addresses.pbx);
  const refused = await handshake(client, "-CAfile", other);
  const why = /verify error:num=\d+:(.*)/.exec(refused.stdout + refused.stderr)?.[1];
  return {
    claim: "a client with the wrong CA refuses to talk",
    ok: trusted.code === 0 && refused.code !== 0 && why !== undefined,
    seen: `the PBX's own CA: ${trusted.code === 0 ? "accepted" : "refused"}; another: ${why ?? "no verification error"}`,
  };
}
