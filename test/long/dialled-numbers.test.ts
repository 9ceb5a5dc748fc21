import { countries } from "../../core/numbering/numbering-plan";
import { faultSeed, randomNumbers } from "../e2e/faults/random";
import { DialJudge } from "../load/parts/dialling";

const seed = faultSeed();
let judge: DialJudge;
beforeAll(async () => {
  judge = await DialJudge.boot();
}, 120_000);
afterAll(() => judge.close());

describe(`all 245 countries on a running Asterisk (FAULT_SEED=${seed})`, () => {
  const random = randomNumbers(seed);
  test.each(countries)(
    "%s: what was checked is what is asked for",
    async (country) => {
      expect(await judge.wrongIn(country, 60, random)).toEqual([]);
    },
    120_000,
  );
});
