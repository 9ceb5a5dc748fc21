import { deployPolicies, takeDownPolicies } from "../../../components/aws/deploy-policy";
import { namePath, physicalName } from "../../../components/aws/physical-names";
import { decision } from "./iam-decision";

const place = { account: "123456789012", region: "eu-central-1" };
const shop = { project: "shop", stack: "dev", component: "pbx" };
const boundary = "arn:aws:iam::123456789012:policy/pbx-boundary";

const allowed = deployPolicies({ ...place, owners: [shop] });
const takeDown = takeDownPolicies({ ...place, owners: [shop] });

test.each([
  ["another region", "ec2:TerminateInstances", "arn:aws:ec2:eu-west-1:123456789012:instance/i-0123456789abcdef0"],
  ["another account", "kms:ScheduleKeyDeletion", "arn:aws:kms:eu-central-1:210987654321:key/k"],
  ["a user", "iam:CreateUser", "arn:aws:iam::123456789012:user/mallory"],
  ["a trail", "cloudtrail:StopLogging", "arn:aws:cloudtrail:eu-central-1:123456789012:trail/all"],
])("%s is denied", async (_what, action, resource) => {
  expect(await decision(allowed, action, resource)).toBe("ImplicitlyDenied");
});

test("what erases logs, backups and keys is in the policies for a take-down alone", async () => {
  const archive = `arn:aws:s3:::${physicalName(shop, "bucketPrefix", "archive")}x/calls`;
  const acts: [string, string][] = [
    ["s3:BypassGovernanceRetention", archive],
    ["s3:DeleteObjectVersion", archive],
    ["logs:DeleteLogGroup", `arn:aws:logs:eu-central-1:123456789012:log-group:${namePath(shop)}/calls`],
  ];
  for (const [action, resource] of acts)
    expect([action, await decision(allowed, action, resource), await decision(takeDown, action, resource)]).toEqual([
      action,
      "ImplicitlyDenied",
      "Allowed",
    ]);
  expect(await decision(allowed, "s3:GetObject", archive)).toBe("ImplicitlyDenied");
});

test("roles are passed to the services that take them on, and to no others", async () => {
  const role = `arn:aws:iam::123456789012:role/${physicalName(shop, "role", "host")}`;
  const passed = (to: string) => decision(allowed, "iam:PassRole", role, { "iam:PassedToService": to });
  expect(await passed("ec2.amazonaws.com")).toBe("Allowed");
  expect(await passed("lambda.amazonaws.com")).toBe("ImplicitlyDenied");
});

test("with a boundary no role without it can be made, and none can be rid of it", async () => {
  const bounded = deployPolicies({ ...place, owners: [shop], permissionsBoundary: boundary });
  const role = `arn:aws:iam::123456789012:role/${physicalName(shop, "role", "host")}`;
  const make = (policies: readonly object[], context: Record<string, string> = {}) =>
    Promise.all(["iam:CreateRole", "iam:AttachRolePolicy"].map((action) => decision(policies, action, role, context)));
  expect(await make(allowed)).toEqual(["Allowed", "Allowed"]);
  expect(await make(bounded)).toEqual(["ImplicitlyDenied", "ImplicitlyDenied"]);
  expect(await make(bounded, { "iam:PermissionsBoundary": boundary })).toEqual(["Allowed", "Allowed"]);
  expect(await decision(bounded, "iam:DeleteRolePermissionsBoundary", role)).toBe("ImplicitlyDenied");
});
