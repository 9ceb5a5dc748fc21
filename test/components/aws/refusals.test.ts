import type { AwsAsteriskHostArgs } from "../../../components/aws/asterisk-host-args";
import { awsProfile } from "../../../components/aws/aws-profile";
import type { PhoneSpec } from "../../../core/spec/spec";
import { awsArgs, awsSpec } from "./spec";

function refusal(change: Partial<AwsAsteriskHostArgs>): string {
  try {
    awsProfile("pbx", withSecret(change), () => undefined, new Date());
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  return "";
}

/** Sound arguments; an empty change takes the master secret away. */
function withSecret(change: Partial<AwsAsteriskHostArgs>): AwsAsteriskHostArgs {
  const { masterSecret, ...others } = awsArgs(change);
  const own = Object.keys(change).length === 0 || change.secretArn !== undefined;
  return own || masterSecret === undefined ? others : { ...others, masterSecret };
}

const pbx = (change: object): Partial<AwsAsteriskHostArgs> => ({ pbx: { ...awsSpec, ...change } });

/** Phones of so many networks, none of which is a neighbour of another. */
function phonesOf(networks: number): Record<string, PhoneSpec> {
  const listed = Array.from({ length: networks }, (_, index) => `198.18.${index}.1/32`);
  return { ...awsSpec.phones, many: { number: "200", networks: listed } };
}

test.each<[string, Partial<AwsAsteriskHostArgs>, string, string]>([
  ["admins", pbx({ admins: ["198.51.100.7/32"] }), "admins: does not go with a machine", "remove it"],
  ["a port for SSH", pbx({ sshPort: 2222 }), "sshPort: does not go with a machine", "remove it"],
  ["no master secret and no secret", {}, "masterSecret: is missing", "or `secretArn` of a secret that you fill"],
  [
    "a carrier's password beside a secret of the caller's",
    { secretArn: "arn", trunkPasswords: {} },
    "trunkPasswords: does not go with secretArn",
    "give it to `hardened-asterisk secrets`",
  ],
  [
    "that the master secret is new, beside a secret of the caller's",
    { secretArn: "arn", newMasterSecret: true },
    "newMasterSecret: does not go with secretArn",
    "run `hardened-asterisk secrets --new-master-secret`",
  ],
  [
    "any network for phones",
    pbx({ phones: { a: { number: "10", networks: ["0.0.0.0/0"] } } }),
    "phones.a.networks.0:",
    "smaller",
  ],
  ["a wider range for audio", pbx({ rtp: { from: 10000, to: 60000 } }), "rtp: is not a known key", "known here are"],
  ["what is no instance type", { instanceType: "small" }, "instanceType:", '"t3.small"'],
  [
    "a machine of another architecture than the package",
    { instanceType: "t4g.small" },
    'instanceType: "t4g.small" is arm64, and asteriskPackage is for amd64',
    'choose a type of amd64, for example "t3.small"',
  ],
  ["a package that is none", { asteriskPackage: { sha256: "x" } }, "asteriskPackage.sha256:", "sha256sum FILE"],
  ["a generation of 0", { generation: 0 }, "generation: must be", "raise it by one"],
  ["a volume of nothing", { dataGigabytes: 0 }, "dataGigabytes:", "from 1"],
  ["a quota of nothing", { securityGroupRules: 0 }, "securityGroupRules:", "from 1 to 333"],
  ["a quota that no account has", { securityGroupRules: 500 }, "securityGroupRules:", "1000 rules together"],
  [
    "more rules than the account takes",
    pbx({ phones: phonesOf(20) }),
    "phones: the security group for phones would have 68 inbound rules (22 networks of phones × 3 rules + 2 more)",
    "the account takes 60; join neighbouring networks",
  ],
])("%s: refused with path and cure", (_, change, where, cure) => {
  expect(refusal(change)).toContain(where);
  expect(refusal(change)).toContain(cure);
});

test("as many rules as the account takes are not refused, one more is", () => {
  const ofNetworks = (networks: number) => ({ ...pbx({ phones: phonesOf(networks) }), securityGroupRules: 62 });
  expect(refusal(ofNetworks(18))).toBe("");
  expect(refusal(ofNetworks(19))).toContain("would have 65 inbound rules");
});

test("everything that is wrong is said at once, without a stack", () => {
  const said = refusal({ ...pbx({ admins: ["0.0.0.0/0"], country: "XX" }), instanceType: "x", vpcId: "vpc-1" });
  for (const path of ["admins:", "instanceType:", "subnetId:"]) expect(said).toContain(`  ${path}`);
  expect(said).not.toMatch(/\n\s+at /);
});
