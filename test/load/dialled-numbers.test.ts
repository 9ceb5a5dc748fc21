import { countries } from "../../core/numbering/numbering-plan";
import { randomNumbers } from "../e2e/faults/random";
import { shiftedTexts } from "./parts/dialled-texts";
import { DialJudge, extensionsOf } from "./parts/dialling";

const seed = 20261130;
let judge: DialJudge;
beforeAll(async () => {
  judge = await DialJudge.boot();
}, 120_000);
afterAll(() => judge.close());

/** The dial plan as it was before its gate: the phone's context includes the numbers, so a text with dashes matches them. */
function withoutGate(extensions: string): string {
  const gate = /exten => _\[0-9\+\(\]\.,1,[^]*?Goto\((numbers-[\w-]+),[^]*?Hangup\(1\)\n/g;
  return extensions.replace(gate, "include => $1\n");
}

async function askAbout(extensions: string, texts: readonly string[]): Promise<Record<string, string | undefined>> {
  const asked = await judge.ask(extensions, texts);
  return Object.fromEntries(texts.map((text, index) => [text, asked[index]]));
}

test("a number with what people write between digits is asked for without it", async () => {
  const texts = ["0812345678", "+46812345678", "08-123 456 78", "(08) 123.456.78", "08--12345678-", "-+46812345678"];
  expect(await askAbout(extensionsOf("SE"), texts)).toEqual(
    Object.fromEntries(texts.map((text) => [text, "+46812345678"])),
  );
  expect(await askAbout(extensionsOf("SE"), ["1-1-2", "112"])).toEqual({ "1-1-2": "112", "112": "112" });
}, 60_000);

test("anything else asks the carrier for nothing", async () => {
  const texts = [
    ...["08ABCDEFGH", "0812345678x", "x0812345678", "0812345678)x:0", "08123)45678:0", "0812345678:0", "0812345678:-8"],
    ...["%30812345678", "0812345678%20", "0812345678;npdi=yes", "０８12345678", "０812345678", "0812345678\u00a0"],
    ...["*0812345678", "0812345678#", "++46812345678", "+46+812345678", "08+12345678", "0812345678&PJSIP/1@carrier"],
    ...["s", "i", "h", "t", "S", "-", "--", "+", "(", "0", `08${"1".repeat(78)}`, `0812345678${"-".repeat(70)}1`],
    ...[
      '08"12345678',
      "08'12345678",
      "0812345678|1",
      "0812345678\\",
      "[08]12345678",
      "{0812345678}",
      "08123456789@carrier",
    ],
    ...["00441234567890", "+441234567890", "0900-1234567", "+46-900-1234567"],
  ];
  const asked = await askAbout(extensionsOf("SE"), texts);
  expect(Object.entries(asked).filter(([, number]) => number !== undefined)).toEqual([]);
}, 60_000);

const shifted = countries.filter((country) => shiftedTexts(country, 1, randomNumbers(seed)).length > 0);

test("without the gate, dashes ask for costly numbers, in SE, AU and IN too", async () => {
  const broken: string[] = [];
  for (const country of shifted) {
    const texts = shiftedTexts(country, 20, randomNumbers(seed));
    const asked = await judge.ask(
      withoutGate(extensionsOf(country)),
      texts.map(({ text }) => text),
    );
    if (texts.some((one, index) => asked[index] !== undefined && asked[index] !== one.asked)) broken.push(country);
  }
  expect(broken).toEqual(shifted);
  expect(broken).toEqual(expect.arrayContaining(["AU", "IN", "SE"]));
}, 240_000);

const random = randomNumbers(seed);
const sample = [...new Set([...shifted, ...["JP", "DE", "US"], ...countries.filter(() => random() < 0.05)])].sort();

test.each(sample)(
  "%s: what was checked is what is asked for",
  async (country) => {
    expect(await judge.wrongIn(country, 30, randomNumbers(seed))).toEqual([]);
  },
  60_000,
);
