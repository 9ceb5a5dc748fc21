import { attacks, isSample } from "../e2e/attacks/catalogue";
import { describeAttacks } from "../e2e/attacks/describe-attacks";

describeAttacks(
  "longattacks",
  attacks.filter((attack) => !isSample(attack)),
);
