import { attacks } from "../e2e/attacks/catalogue";
import { describeAttacks } from "../e2e/attacks/describe-attacks";

// What the twins lose to is shown with Debian 14.
describeAttacks(
  "long13attacks",
  attacks.map((attack) => ({ ...attack, weak: [] })),
  { os: "debian-13" },
);
