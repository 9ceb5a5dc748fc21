import path from "node:path";
import type { PhoneCard } from "../../components/asterisk-host-args";
import { dialPlanFor, type DialRule } from "../../core/numbering/dial-plan";
import type { PbxSpec } from "../../core/spec/spec";
import { Installation } from "../../tools/operator/installation";
import { randomNumbers } from "./faults/random";
import { placeCall, startCarrier, type Carrier } from "./peers/carrier";
import { UserAgent } from "./peers/user-agent";

const name = "testdialled";
const minutes = 60_000;
const seed = 20261130;
/** Countries in which dashes were once counted into another number, with a number of the trunk. */
const countries = { SE: "+46812345678", AU: "+61255501234", IN: "+911145550100" } as const;
type Country = keyof typeof countries;

const specFor = (country: Country): PbxSpec => ({
  country,
  admins: ["198.51.100.7/32"],
  phones: {
    desk: { number: "201", networks: ["198.51.100.0/24"], mayDial: ["internal", "national", "mobile"] },
  },
  trunks: { carrier: { signalling: ["192.0.2.2/32"], numbers: { [countries[country]]: "desk" } } },
});

let pbx: Installation;
let carrier: Carrier;
let desk: UserAgent;

/** The numbers the carrier was asked for when a text was dialled. */
async function askedFor(text: string): Promise<string[]> {
  const before = (await carrier.invites()).length;
  await desk.hangUp(await desk.call(text));
  return (await carrier.invites()).slice(before).map(({ number }) => number);
}

async function asked(texts: readonly string[]): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {};
  for (const text of texts) all[text] = await askedFor(text);
  return all;
}

async function become(country: Country): Promise<void> {
  pbx.stack.setSpec(specFor(country));
  await pbx.stack.up();
}

beforeAll(async () => {
  pbx = await Installation.open({ name, spec: specFor("SE") });
  await pbx.stack.up();
  const { addresses, namespaces } = pbx.sandbox;
  carrier = await startCarrier({
    ...{ namespace: namespaces.carrier, address: addresses.carrier.signalling },
    directory: path.join("/run", `hardened-asterisk-installation-${name}`, "carrier"),
  });
  const { user = "", password = "" } = (await pbx.stack.output<Record<string, PhoneCard>>("credentials"))["desk"] ?? {};
  const account = { address: addresses.office.at(-1) ?? "", target: addresses.pbx, user, password, number: "201" };
  desk = await UserAgent.open({ namespace: namespaces.office, ...account });
  expect((await desk.register(600)).status).toBe(200);
}, 5 * minutes);

afterAll(async () => {
  await desk.close();
  await carrier.stop();
  await Installation.remove(name);
}, minutes);

describe("a text that is dialled", () => {
  const wanted = "+46812345678";
  test.each([
    "0812345678",
    "+46812345678",
    "08-123%20456%2078",
    "(08)%20123.456.78",
    "08--12345678-",
    "%2B46812345678",
    "0812345678)",
  ])(
    "%s is the number without what people write between digits",
    async (text) => {
      expect(await askedFor(text)).toEqual([wanted]);
    },
    minutes,
  );

  test("with user parameters is the number before them", async () => {
    expect(await askedFor("0812345678;npdi=yes;rn=%2B46")).toEqual([wanted]);
  });

  test("with dashes in an emergency number is that number", async () => {
    expect(await askedFor("1-1-2")).toEqual(["112"]);
  });

  test(
    "with anything else asks the carrier for nothing",
    async () => {
      const texts = [
        ...[
          "08ABCDEFGH",
          "0812345678x",
          "0812345678%26PJSIP/0899@carrier",
          "0812345678,1",
          "08123%0a45678",
          "08123%0045678",
        ],
        ...[
          "%EF%BC%90812345678",
          "0812345678%20%20OR%201",
          "08+12345678",
          "++46812345678",
          "+46+812345678",
          "*0812345678",
        ],
        ...["0812345678#", "${EXTEN}", "0812345678%22", `08${"1".repeat(80)}`, "%2525", "s", "i", "h", "t"],
        ...["-+46649123456", "0900-1234567", "+46-900-1234567", "00441234567890"],
      ];
      expect(await asked(texts)).toEqual(Object.fromEntries(texts.map((text) => [text, []])));
    },
    2 * minutes,
  );

  test("without any user, or with an empty one, is refused", async () => {
    const { target } = desk.account;
    const answers: unknown[] = [];
    for (const user of ["", "@", "-@"]) {
      const invite = { body: desk.sdp, headers: { Contact: desk.contact } };
      answers.push([user, (await desk.request("INVITE", `sip:${user}${target}`, invite)).status]);
    }
    expect(answers).toEqual([
      ["", 404],
      // Asterisk takes an empty user for no SIP at all and drops the request; the next one shows that it is there.
      ["@", "no answer"],
      ["-@", 484],
    ]);
  });
});

const below = (random: () => number, limit: number) => Math.floor(random() * limit);

/** A number that a rule lets through. */
function numberOf({ pattern }: DialRule, random: () => number): string {
  return pattern
    .slice(1)
    .replace(/\[(\d+)\]|X/g, (_, digits: string = "0123456789") => digits.charAt(below(random, digits.length)));
}

/** The same number with dashes at places drawn at random, before its first digit too. */
function dashed(number: string, random: () => number): string {
  return Array.from(number, (digit) => (below(random, 3) === 0 ? `-${digit}` : digit)).join("");
}

describe.each(Object.keys(countries) as Country[])("in %s", (country) => {
  test(
    "40 numbers with dashes drawn at random ask the carrier for the number without them",
    async () => {
      await become(country);
      const random = randomNumbers(seed);
      const { national, mobile } = dialPlanFor(country).rules;
      const rules = [...national, ...mobile];
      for (let left = 40; left > 0; left--) {
        const rule = rules[below(random, rules.length)];
        if (rule === undefined) throw new Error(`${country} has no rules`);
        const clean = numberOf(rule, random);
        const text = `-${dashed(clean, random)}`;
        expect([text, await askedFor(text)]).toEqual([text, [rule.e164Prefix + clean.slice(rule.strip)]]);
      }
    },
    3 * minutes,
  );
});

test(
  "a number of the trunk rings in each spelling, with user parameters too",
  async () => {
    await become("SE");
    const statuses: Record<string, number | string> = {};
    const spellings = [
      "+46812345678",
      "46812345678",
      "0812345678",
      "0046812345678",
      "812345678",
      "+46812345678;npdi=yes",
    ];
    for (const number of spellings)
      statuses[number] = (
        await placeCall({
          ...{ namespace: pbx.sandbox.namespaces.carrier, address: pbx.sandbox.addresses.carrier.signalling },
          ...{ directory: path.join("/run", `hardened-asterisk-installation-${name}`, "inbound") },
          ...{ target: pbx.sandbox.addresses.pbx, number, seconds: 0.2 },
        })
      ).status;
    expect(statuses).toEqual(Object.fromEntries(spellings.map((spelling) => [spelling, 200])));
  },
  2 * minutes,
);
