import { attacks, isSample } from "../e2e/attacks/catalogue";
import { describeAttacks } from "../e2e/attacks/describe-attacks";

describeAttacks(
  "longattacks",
  attacks.filter((attack) => !isSample(attack)),
);

// What the twins lose to has been shown above.
describe("with the phones on the road over UDP", () => {
  const again = attacks.filter(({ bothRoads }) => bothRoads).map((attack) => ({ ...attack, weak: [] }));
  describeAttacks("longattacksudp", again, { road: "udp" });
});
