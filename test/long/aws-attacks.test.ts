import { attacks } from "../e2e/attacks/catalogue";
import { describeAttacks } from "../e2e/attacks/describe-attacks";
import { onAws } from "../e2e/aws/aws-stronghold";

// What the twins lose to is shown with Debian 14.
describeAttacks(
  "longawsattacks",
  attacks.map((attack) => ({ ...attack, weak: [] })),
  { strongholds: onAws },
);
