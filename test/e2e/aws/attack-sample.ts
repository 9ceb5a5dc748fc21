import path from "node:path";
import { accountsOf } from "../attacks/arena";
import type { Attack, Outcome } from "../attacks/attack";
import { sequential } from "../attacks/brute-force";
import { dictionary } from "../attacks/dictionary";
import { discovery } from "../attacks/discovery";
import { enumerationByAnswer } from "../attacks/enumeration";
import { guestCalls } from "../attacks/guest-calls";
import type { Target } from "../attacks/target";
import { startCarrier } from "../peers/carrier";
import type { AwsHost } from "./aws-host";
import type { AwsOffice } from "./aws-office";

/**
 * A few of the catalogue, each with a few seconds' worth of tries. What they do to an unhardened twin is shown by
 * `test/e2e/attacks.test.ts` and `test/long/attacks.test.ts`; all of the catalogue against a host like this one, by
 * `test/long/aws-attacks.test.ts`.
 */
const sample: readonly Attack[] = [discovery, enumerationByAnswer, guestCalls, dictionary, sequential];

/** What each of the sample came to against a host that is configured as on AWS; all at the same time, each from addresses of its own. */
export async function attackSample(host: AwsHost, office: AwsOffice): Promise<Record<string, Outcome>> {
  const { sandbox, folder } = host;
  const fresh = [...sandbox.addresses.attacker];
  const carrier = await startCarrier({
    namespace: sandbox.namespaces.carrier,
    address: sandbox.addresses.carrier.signalling,
    directory: path.join(folder, "carrier"),
  });
  const target: Target = {
    ...{ name: "hardened", host: "pbx", sandbox, address: sandbox.addresses.pbx, carrier },
    ...accountsOf(office.cards, office.spec),
    limits: { calls: 1, callMinutes: 1 },
    trunk: "carrier",
    did: "+81312345678",
    ssh: false,
    fresh: (count) => fresh.splice(0, count),
  };
  try {
    const bouts = sample.map(async ({ name, run }) => [name, await run(target, false)] as const);
    return Object.fromEntries(await Promise.all(bouts));
  } finally {
    await carrier.stop();
  }
}
