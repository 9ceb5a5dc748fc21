import { officeWithVans } from "../e2e/firewall/bench";
import { bansLost, harms } from "../e2e/firewall/kept-bans";
import { Installation } from "../../tools/operator/installation";
import { say } from "./parts/long-bench";

const name = "testlongbans";
const minutes = 60_000;
const rounds = Number(process.env.BAN_ROUNDS ?? 100);
let pbx: Installation;
let round = 0;

beforeAll(async () => {
  if (!(rounds > 0)) throw new Error("BAN_ROUNDS must be a number of rounds");
  pbx = await Installation.open({ name, spec: officeWithVans(1) });
  await pbx.stack.up();
}, 6 * minutes);

afterAll(async () => {
  await Installation.remove(name);
}, minutes);

test.each(harms)(
  `${rounds} times %s: no ban and no proof is lost`,
  async (how) => {
    let lost = 0;
    for (let time = 1; time <= rounds; time++) {
      const missing = await bansLost(pbx, how, ++round);
      lost += missing.length;
      if (missing.length > 0) say(`${how} ${time}: lost ${missing.slice(0, 5).join(", ")} of ${missing.length}`);
    }
    say(`${how}: ${lost} lost in ${rounds} rounds`);
    expect(lost).toBe(0);
  },
  rounds * minutes,
);
