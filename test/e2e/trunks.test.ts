import path from "node:path";
import type { PbxSpec } from "../../core/spec/spec";
import { Installation } from "../../tools/operator/installation";
import { outcomeOf, ring } from "./office-calls";
import { placeCall, startCarrier, startRefusingCarrier, type Carrier } from "./peers/carrier";
import type { Phone } from "./peers/phone";
import { asteriskPid } from "./scenario";

const name = "testtrunks";
const minutes = 60_000;
const offices = ["198.51.100.0/24"];
const spec: PbxSpec = {
  country: "JP",
  admins: ["198.51.100.7/32"],
  phones: {
    reception: { number: "101", networks: offices, mayDial: ["internal", "national"] },
    sales: { number: "102", networks: offices, mayDial: ["internal", "national"] },
    warehouse: { number: "103", networks: offices },
  },
  groups: { support: { number: "200", phones: ["reception", "sales"] } },
  trunks: {
    first: { signalling: ["192.0.2.2/32"], numbers: { "+81312345678": "reception" } },
    second: {
      signalling: ["192.0.2.130/32"],
      numbers: { "+81612345678": "sales", "+81612345679": "support" },
    },
  },
  limits: { calls: 1, callMinutes: 5 },
};

/** Milliseconds in which a call is put through although the first trunk is silent for its 8 s. */
const failoverRing = 20_000;

let pbx: Installation;
let reception: Phone;
let sales: Phone;
const carriers = new Map<string, Carrier>();

const carrierAt = (address: string) => ({
  namespace: pbx.sandbox.namespaces.carrier,
  address,
  directory: path.join("/run", `hardened-asterisk-installation-${name}`, `carrier-${address}`),
});
const addressOf = (trunk: "first" | "second") =>
  trunk === "first" ? pbx.sandbox.addresses.carrier.signalling : pbx.sandbox.addresses.carrier.media;

async function open(trunk: "first" | "second"): Promise<void> {
  carriers.set(trunk, await startCarrier(carrierAt(addressOf(trunk))));
}

async function close(trunk: string): Promise<void> {
  await carriers.get(trunk)?.stop();
  carriers.delete(trunk);
}

/** What a carrier was asked for so far: numbers and the callers it was shown. */
async function asked(trunk: string): Promise<string[]> {
  const invites = (await carriers.get(trunk)?.invites()) ?? [];
  return invites.map(({ number, caller }) => `${number} from ${/sip:([^@>]*)/.exec(caller)?.[1] ?? caller}`);
}

const placeFrom = (trunk: "first" | "second", number: string) =>
  placeCall({
    ...carrierAt(addressOf(trunk)),
    directory: path.join("/run", `hardened-asterisk-installation-${name}`, "inbound"),
    target: pbx.sandbox.addresses.pbx,
    number,
    seconds: 1,
  });

beforeAll(async () => {
  pbx = await Installation.open({ name, spec });
  await pbx.stack.up();
  [reception, sales] = await Promise.all([pbx.register("reception"), pbx.register("sales")]);
}, 5 * minutes);

afterAll(async () => {
  for (const trunk of [...carriers.keys()]) await close(trunk);
  await pbx.hangUp();
  await Installation.remove(name);
}, minutes);

afterEach(async () => {
  for (const phone of pbx.phones.values()) if (phone.inCall) await phone.hangup();
});

describe("two trunks by address", () => {
  test(
    "while the first answers, the second is not asked",
    async () => {
      await open("first");
      await open("second");
      expect(await outcomeOf(sales, "0312345670")).toBe("put through");
      expect(await outcomeOf(sales, "119")).toBe("put through");
      expect(await asked("first")).toEqual(["+81312345670 from +81312345678", "119 from +81312345678"]);
      expect(await asked("second")).toEqual([]);
    },
    minutes,
  );

  test(
    "when the first is silent, a call and an emergency call go over the second, with a number of its own, under the same ceiling",
    async () => {
      await close("first");
      await reception.call("0312345670");
      await reception.waitEstablished(failoverRing);
      expect(await outcomeOf(sales, "0312345671")).toContain("503");
      await sales.call("119");
      await sales.waitEstablished(failoverRing);
      expect(await asked("second")).toEqual(["+81312345670 from +81612345678", "119 from +81612345678"]);
    },
    2 * minutes,
  );

  test.each([
    ["404 Not Found", false],
    ["486 Busy Here", false],
    ["603 Decline", false],
    ["403 Forbidden", true],
    ["503 Service Unavailable", true],
  ])(
    "after %s from the first, the second is asked: %s",
    async (status, second) => {
      await close("first");
      await close("second");
      carriers.set("first", await startRefusingCarrier(carrierAt(addressOf("first")), status));
      await open("second");
      const outcome = await outcomeOf(sales, "0312345672");
      expect([outcome === "put through", (await asked("first")).length, (await asked("second")).length]).toEqual(
        second ? [true, 1, 1] : [false, 1, 0],
      );
    },
    minutes,
  );

  test.each([
    ["404 Not Found", "sales"],
    ["486 Busy Here", "reception"],
    ["488 Not Acceptable Here", "sales"],
    ["503 Service Unavailable", "reception"],
    ["603 Decline", "reception"],
  ])(
    "an emergency call goes on to the second after %s from the first",
    async (status, caller) => {
      await close("first");
      await close("second");
      carriers.set("first", await startRefusingCarrier(carrierAt(addressOf("first")), status));
      await open("second");
      const phone = caller === "sales" ? sales : reception;
      expect(await outcomeOf(phone, "119")).toBe("put through");
      expect(await asked("second")).toEqual(["119 from +81612345678"]);
      await close("first");
    },
    minutes,
  );

  test(
    "each carrier reaches the numbers it brings and no other's",
    async () => {
      await close("second");
      const outcomes = [];
      for (const trunk of ["first", "second"] as const)
        for (const number of ["+81312345678", "+81612345678"]) outcomes.push((await placeFrom(trunk, number)).status);
      expect(outcomes).toEqual([200, 404, 404, 200]);
    },
    minutes,
  );
});

describe("a group", () => {
  test(
    "is reached by the inbound number it stands for",
    async () => {
      expect((await placeFrom("second", "+81612345679")).status).toBe(200);
    },
    minutes,
  );

  test.each([
    ["reception", "sales"],
    ["sales", "reception"],
  ])(
    "rings each of its phones: %s has the call while %s is away",
    async (present, away) => {
      const warehouse = await pbx.register("warehouse");
      await pbx.phones.get(away)?.stop();
      pbx.phones.delete(away);
      await warehouse.call("200");
      await warehouse.waitEstablished(ring);
      await pbx.phones.get(present)?.waitEstablished(ring);
      await warehouse.hangup();
      await warehouse.stop();
      await pbx.register(away);
    },
    minutes,
  );
});

test(
  "a trunk more or less needs no restart",
  async () => {
    const before = await asteriskPid(pbx);
    const { second, ...others } = spec.trunks ?? {};
    pbx.stack.setSpec({ ...spec, trunks: others, groups: {} });
    await pbx.stack.up();
    pbx.stack.setSpec({ ...spec, trunks: { ...others, ...(second === undefined ? {} : { second }) } });
    await pbx.stack.up();
    expect(await asteriskPid(pbx)).toBe(before);
    expect((await placeFrom("second", "+81612345678")).status).toBe(200);
  },
  2 * minutes,
);
