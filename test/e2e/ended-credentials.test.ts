import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { PhoneCard } from "../../components/asterisk-host-args";
import type { PbxSpec } from "../../core/spec/spec";
import { execOn } from "../../sandbox/sandbox";
import { Installation } from "../../tools/operator/installation";
import { eventually } from "./faults/settled";
import { clearly, heard, outcomeOf, ring } from "./office-calls";
import { startPhone, type Phone } from "./peers/phone";
import { ask, onHost } from "./scenario";

const name = "testendedcreds";
const minutes = 60_000;
const networks = ["198.51.100.0/24"];
const spec: PbxSpec = {
  country: "JP",
  admins: ["198.51.100.7/32"],
  phones: {
    reception: { number: "101", networks },
    sales: { number: "102", networks },
    // Behind one router.
    van: { number: "104", roaming: true },
    boss: { number: "105", roaming: true },
  },
};

/** The address of the router that van and boss are behind. */
const home = "100.64.7.2";

let pbx: Installation;
let folder: string;
let hotel: string;
let thief: Phone | undefined;
const phones = {} as Record<"reception" | "sales" | "boss" | "van", Phone>;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "hardened-asterisk-thief-"));
  pbx = await Installation.open({ name, spec });
  await pbx.stack.up();
  for (const one of ["reception", "sales"] as const) phones[one] = await pbx.register(one);
  for (const one of ["van", "boss"] as const) phones[one] = await pbx.register(one, "home");
}, 5 * minutes);

afterAll(async () => {
  await thief?.stop();
  await pbx.hangUp();
  rmSync(folder, { recursive: true, force: true });
  await Installation.remove(name);
}, minutes);

/** A phone in a hotel, with the credentials that the van's had then. */
async function steal(card: PhoneCard, times: number): Promise<Phone> {
  return startPhone({
    namespace: pbx.sandbox.namespaces.attacker,
    address: pbx.sandbox.addresses.attacker[0] ?? "",
    user: card.user,
    password: card.password,
    port: card.port,
    transport: "tls",
    domain: pbx.sandbox.addresses.pbx,
    tone: 1320,
    directory: path.join(folder, String(times)),
    autoAnswer: true,
    caFile: pbx.keep("thief-ca.pem", card.caCertificate ?? ""),
  });
}

const isProven = async (address: string) => {
  const asked = ["nft", "get", "element", "inet", "hardened_asterisk", "proven", `{ ${address} }`];
  return (await execOn(pbx.sandbox, "pbx", asked)).code === 0;
};

const proven = (address: string) =>
  eventually(20_000, async () => ((await isProven(address)) ? undefined : `${address} has not proved itself yet`));

/** The connections over which the van's phone, the boss's and the thief's are authenticated: `address . port`. */
const flows = async () => (await allFlows()).filter((flow) => !flow.startsWith("198.51.100."));

const allFlows = async () =>
  [...(await onHost(pbx, "nft", "list", "set", "inet", "hardened_asterisk", "proven_flows")).matchAll(/[\d.]+ \. \d+/g)]
    .map(([flow]) => flow)
    .sort();

const contacts = async () =>
  [...(await ask(pbx, "database show registrar/contact")).matchAll(/contact\/(\w+)-/g)].map(([, user]) => user).sort();

const flowOf = async (user: string) => {
  const found = new RegExp(`contact/${user}-\\S+ *: .*?@([\\d.]+):(\\d+)`).exec(
    await ask(pbx, "database show registrar/contact"),
  );
  return `${found?.[1]} . ${found?.[2]}`;
};

describe("a stolen password, after the phone was given another", () => {
  let card: PhoneCard;
  let kept: string;

  beforeAll(async () => {
    card = (await pbx.stack.output<Record<string, PhoneCard>>("credentials"))["van"] as PhoneCard;
    thief = await steal(card, 1);
    await thief.waitRegistered(ring);
    hotel = (await flowOf("van")).replace(/ .*/, "");
    expect(pbx.sandbox.addresses.attacker).toContain(hotel);
    await proven(hotel);
    await proven(home);
    await eventually(20_000, async () =>
      (await flows()).length === 3 ? undefined : `not three proofs yet: ${(await flows()).join(", ")}`,
    );
    kept = await flowOf("boss");
    // Somebody else's call, from behind the van's router.
    await phones.boss.call("101");
    await phones.reception.waitEstablished(ring);
    pbx.stack.setSpec({ ...spec, phones: { ...spec.phones, van: { number: "104", roaming: true, generation: 2 } } });
    await pbx.stack.up();
  }, 4 * minutes);

  test("its address is not proven any more, nor its connection; the connection of another phone is", async () => {
    expect(await isProven(hotel)).toBe(false);
    expect(await isProven(home)).toBe(true);
    expect(await flows()).toEqual([kept]);
  });

  test(
    "it is registered no more, and is not called",
    async () => {
      expect(await contacts()).toEqual(["boss", "reception", "sales"]);
      expect(await outcomeOf(phones.sales, "104")).not.toBe("put through");
    },
    minutes,
  );

  test(
    "the other phone's call went on, and was heard",
    async () => {
      expect(phones.boss.inCall && phones.reception.inCall).toBe(true);
      await phones.boss.hangup();
      await phones.reception.waitClosed(ring);
      for (const { share } of await heard(phones.boss, phones.reception)) expect(share).toBeGreaterThan(clearly);
    },
    minutes,
  );

  test(
    "a firewall that was removed comes back with the other phone's proof alone",
    async () => {
      await onHost(pbx, "nft", "delete", "table", "inet", "hardened_asterisk");
      await proven(home);
      expect(await isProven(hotel)).toBe(false);
      expect(await flows()).toEqual([kept]);
    },
    minutes,
  );

  test(
    "nor does fail2ban's restart, after which it reads its log again, bring the old ones back",
    async () => {
      await onHost(pbx, "systemctl", "restart", "fail2ban.service");
      await new Promise((resolve) => setTimeout(resolve, 15_000));
      expect(await isProven(hotel)).toBe(false);
      expect(await flows()).toEqual([kept]);
    },
    minutes,
  );

  test(
    "it does not register any more, and its address proves nothing",
    async () => {
      await thief?.stop();
      thief = await steal(card, 2);
      await expect(thief.waitRegistered(8_000)).rejects.toThrow();
      expect(await isProven(hotel)).toBe(false);
    },
    minutes,
  );

  test(
    "the phone registers with its new password, from behind the same router",
    async () => {
      await phones.van.stop();
      phones.van = await pbx.start("van", "home");
      await phones.van.waitRegistered(ring);
      expect(await outcomeOf(phones.sales, "104")).toBe("put through");
    },
    minutes,
  );
});

describe("a phone that is removed", () => {
  test(
    "keeps its call and loses its registration",
    async () => {
      await phones.van.call("102");
      await phones.sales.waitEstablished(ring);
      const { boss, reception, sales } = spec.phones;
      pbx.stack.setSpec({ ...spec, phones: { boss, reception, sales } as PbxSpec["phones"] });
      await pbx.stack.up();
      expect(await contacts()).toEqual(["boss", "reception", "sales"]);
      expect(await flows()).toEqual([await flowOf("boss")]);
      expect(phones.sales.inCall).toBe(true);
      await phones.sales.hangup();
    },
    2 * minutes,
  );

  test(
    "loses its call too with `endCalls`, and nobody else does",
    async () => {
      await phones.boss.call("101");
      await phones.reception.waitEstablished(ring);
      const { boss, reception, van } = spec.phones;
      pbx.stack.setSpec({ ...spec, endCalls: true, phones: { boss, reception, van } as PbxSpec["phones"] });
      await pbx.stack.up();
      expect(phones.boss.inCall && phones.reception.inCall).toBe(true);
      pbx.stack.setSpec({ ...spec, endCalls: true, phones: { reception, van } as PbxSpec["phones"] });
      await pbx.stack.up();
      await phones.reception.waitClosed(ring);
    },
    3 * minutes,
  );
});
