import { AwsAsteriskHost } from "../../../components/aws/asterisk-host";
import { madeBy, ofType } from "./made-by-program";
import { awsArgs } from "./spec";

interface Rule {
  readonly expiration?: { readonly days: number };
}

/** Days that each log group is kept, and after which each bucket's objects go, by the resource's name. */
async function kept(logRetentionDays?: number) {
  const change = logRetentionDays === undefined ? {} : { logRetentionDays };
  const made = await madeBy(() => new AwsAsteriskHost("pbx", awsArgs(change)));
  const groups = ofType(made, "cloudwatch/logGroup:LogGroup").map(({ inputs }) => inputs["retentionInDays"]);
  const lifecycles = ofType(made, "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration");
  const buckets = lifecycles.map(({ name, inputs }) => [
    name.replace(/^pbx-|-lifecycle$/g, ""),
    (inputs["rules"] as Rule[]).flatMap(({ expiration }) => (expiration === undefined ? [] : [expiration.days])),
  ]);
  const [lock] = ofType(made, "s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration");
  return { groups, buckets: Object.fromEntries(buckets) as Record<string, number[]>, lock: lock?.inputs["rule"] };
}

beforeAll(() => {
  // A program says what it warns of.
  jest.spyOn(console, "warn").mockImplementation(() => undefined);
});

const lock = { defaultRetention: { mode: "GOVERNANCE", days: 365 } };

test("logRetentionDays is for every log group, for the archive and for who read it; the lock stays a year", async () => {
  const { groups, buckets, lock: made } = await kept(1096);
  expect(groups.length).toBeGreaterThan(10);
  expect(new Set(groups)).toEqual(new Set([1096]));
  expect(buckets["archive"]).toEqual([1097]);
  expect(buckets["access-logs"]).toEqual([1098]);
  expect(made).toEqual(lock);
}, 30_000);

test("without it logs are kept for a year, the archive a day longer than its lock", async () => {
  const { groups, buckets, lock: made } = await kept();
  expect(new Set(groups)).toEqual(new Set([365]));
  expect(buckets["archive"]).toEqual([366]);
  expect(buckets["access-logs"]).toEqual([400]);
  expect(made).toEqual(lock);
}, 30_000);
