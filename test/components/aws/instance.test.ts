import * as pulumi from "@pulumi/pulumi";
import { address } from "../../../components/aws/address";
import { architectureOf, packageArchitecture } from "../../../components/aws/architecture";
import { backup } from "../../../components/aws/backup";
import { dataVolume } from "../../../components/aws/data-volume";
import { instance, type InstanceArgs } from "../../../components/aws/instance";
import { kmsKeys } from "../../../components/aws/kms-keys";
import { fittingImage, machineImage } from "../../../components/aws/machine-image";
import { awsPart } from "../../../components/aws/part";
import { recoveryAlarms } from "../../../components/aws/recovery-alarms";
import type { Made } from "../../../controls/cloud/cloud-control";
import { madeBy, ofType } from "./made-by-program";

const place = {
  vpcId: pulumi.output("vpc-1"),
  subnetId: pulumi.output("subnet-1"),
  availabilityZone: pulumi.output("eu-central-1b"),
};
const topic = "arn:aws:sns:eu-central-1:123456789012:office";

function machine(change: Partial<InstanceArgs> = {}, { amiId, eip }: { amiId?: string; eip?: string } = {}) {
  const part = awsPart("office", new pulumi.ComponentResource("test:index:Host", "office"), { team: "voice" });
  const keys = kmsKeys(part);
  const face = address(part, { place, groups: { ids: [pulumi.output("sg-1")] } }, eip);
  const volume = dataVolume(part, { place, keys });
  const args: InstanceArgs = {
    instanceType: "t3.small",
    image: machineImage(part, "amd64", amiId),
    imageGiven: amiId !== undefined,
    generation: 1,
    instanceProfile: "office-profile",
    userDataBase64: "IyEvYmluL3NoCg==",
    ...change,
  };
  const made = instance(part, args, { address: face, volume, keys });
  recoveryAlarms(part, made, [topic]);
  backup(part, volume, keys);
}

let made: readonly Made[];
beforeAll(async () => {
  made = await madeBy(() => {
    machine();
  });
}, 60_000);

const inputsOf = (type: string) => ofType(made, type).map(({ inputs }) => inputs);

test("the machine has no key pair, asks for metadata by token from itself alone, and an encrypted disk", () => {
  const [inputs = {}] = inputsOf("ec2/instance:Instance");
  expect(inputs).toMatchObject({
    ami: "ami-newest",
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
    monitoring: true,
    ebsOptimized: true,
    disableApiTermination: true,
    maintenanceOptions: { autoRecovery: "default" },
    primaryNetworkInterface: { networkInterfaceId: "office-interface-id" },
    rootBlockDevice: { encrypted: true },
    iamInstanceProfile: "office-profile",
    tags: { team: "voice", Name: "office" },
  });
  expect(JSON.stringify(inputs["rootBlockDevice"])).toMatch(/office-data-key"/);
  for (const key of ["keyName", "userData", "vpcSecurityGroupIds", "associatePublicIpAddress"])
    expect(inputs[key]).toBeUndefined();
});

test.each([
  ["t3.small", { cpuCredits: "unlimited" }],
  ["t4g.small", { cpuCredits: "unlimited" }],
  ["c7a.medium", undefined],
])("%s has the mode of its CPU credits set on purpose, or has none", async (instanceType, credits) => {
  const [instance] = ofType(
    await madeBy(() => {
      machine({ instanceType });
    }),
    "ec2/instance:Instance",
  );
  expect(instance?.inputs["creditSpecification"]).toEqual(credits);
});

test("address, interface and data volume are not the machine's own", () => {
  const [face = {}] = inputsOf("ec2/networkInterface:NetworkInterface");
  expect(face).toMatchObject({ subnetId: "subnet-1", securityGroups: ["sg-1"], sourceDestCheck: true });
  const association = { networkInterfaceId: "office-interface-id", allocationId: "eipalloc-made" };
  expect(inputsOf("ec2/eipAssociation:EipAssociation")).toEqual([association]);
  expect(inputsOf("ebs/volume:Volume")[0]).toMatchObject({
    encrypted: true,
    availabilityZone: "eu-central-1b",
    finalSnapshot: true,
  });
  expect(JSON.stringify([face, inputsOf("ebs/volume:Volume")])).not.toContain("office-instance");
  const attached = { volumeId: "office-data-id", instanceId: "office-instance-id" };
  expect(inputsOf("ec2/volumeAttachment:VolumeAttachment")[0]).toMatchObject(attached);
});

test("the image is Debian's own, or one of the caller's that fits", async () => {
  const asked: unknown[] = [];
  const answers = {
    "aws:ec2/getAmi:getAmi": (inputs: Record<string, unknown>) => {
      asked.push(inputs);
      return { id: "ami-found", architecture: "x86_64" };
    },
  };
  await madeBy(
    () => {
      machine();
    },
    { answers },
  );
  expect(asked).toEqual([
    expect.objectContaining({
      owners: ["136693071363"],
      filters: expect.arrayContaining([{ name: "name", values: ["debian-13-amd64-*"] }]) as unknown,
    }),
  ]);
  const given = await madeBy(
    () => {
      machine({}, { amiId: "ami-1" });
    },
    { answers },
  );
  expect(ofType(given, "ec2/instance:Instance")[0]?.inputs["ami"]).toBe("ami-found");
}, 30_000);

test("an image of another architecture is refused with what to do", () => {
  expect(fittingImage("ami-1", "x86_64", "x86_64")).toBe("ami-1");
  expect(() => fittingImage("ami-1", "arm64", "x86_64")).toThrow(
    "amiId: ami-1 is an image for arm64, and the instance type is x86_64; choose",
  );
});

test("a machine of a type that cannot be EBS-optimized is not asked to be", async () => {
  const answers = {
    "aws:ec2/getInstanceType:getInstanceType": ({ instanceType }: Record<string, unknown>) => ({
      ebsOptimizedSupport: instanceType === "t2.small" ? "unsupported" : "default",
    }),
  };
  const given = await madeBy(
    () => {
      machine({ instanceType: "t2.small" });
    },
    { answers },
  );
  expect(ofType(given, "ec2/instance:Instance")[0]?.inputs["ebsOptimized"]).toBe(false);
}, 30_000);

test("the caller's address is used, and none is made", async () => {
  const given = await madeBy(() => {
    machine({}, { eip: "eipalloc-0123" });
  });
  expect(ofType(given, "ec2/eip:Eip")).toEqual([]);
  expect(ofType(given, "ec2/eipAssociation:EipAssociation")[0]?.inputs["allocationId"]).toBe("eipalloc-0123");
}, 30_000);

test("failed status checks recover or reboot the machine, and tell", () => {
  const alarms = inputsOf("cloudwatch/metricAlarm:MetricAlarm");
  expect(alarms.map(({ metricName, alarmActions }) => [metricName, alarmActions])).toEqual([
    ["StatusCheckFailed_System", ["arn:aws:automate:eu-central-1:ec2:recover", topic]],
    ["StatusCheckFailed_Instance", ["arn:aws:automate:eu-central-1:ec2:reboot", topic]],
  ]);
  for (const alarm of alarms)
    expect(alarm).toMatchObject({ actionsEnabled: true, insufficientDataActions: [topic], statistic: "Maximum" });
});

test("the data volume alone is copied every night, under our key, by a role that can touch no other", () => {
  expect(inputsOf("backup/selection:Selection")[0]?.["resources"]).toEqual([
    "arn:aws:x:eu-central-1:123456789012:office-data",
  ]);
  expect(JSON.stringify(inputsOf("backup/vault:Vault")[0]?.["kmsKeyArn"])).toContain("office-data-key");
  expect(inputsOf("backup/plan:Plan")[0]).toMatchObject({ rules: [{ lifecycle: { deleteAfter: 35 } }] });
  const policy = ofType(made, "iam/policy:Policy").find(({ name }) => name === "office-backup-policy");
  const { Statement } = JSON.parse(String(policy?.inputs["policy"])) as {
    Statement: { Action: string[]; Resource: unknown; Condition?: unknown }[];
  };
  for (const { Action, Resource, Condition } of Statement) {
    expect(Action.join()).not.toContain("*");
    if (Resource === "*")
      expect([Action.every((a) => /Describe|Get/.test(a)), Condition]).toEqual([true, expect.anything()]);
  }
  const roles = inputsOf("iam/rolePolicyAttachment:RolePolicyAttachment").map(({ role }) => String(role));
  expect(roles.map((role) => role.replace(/^office-project-stack-[0-9a-f]{6}-/, "")).sort()).toEqual([
    "backup",
    "restore",
  ]);
});

test.each([
  ["t3.small", "amd64"],
  ["m7i-flex.large", "amd64"],
  ["g4dn.xlarge", "amd64"],
  ["u-6tb1.metal", "amd64"],
  ["t4g.small", "arm64"],
  ["c7gn.medium", "arm64"],
  ["is4gen.large", "arm64"],
  ["a1.medium", "arm64"],
  ["g5g.xlarge", "arm64"],
  ["small", undefined],
  ["t3", undefined],
])("%s is %s", (type, architecture) => {
  expect(architectureOf(type)).toBe(architecture);
});

test("a package's file says its architecture", () => {
  expect(packageArchitecture("asterisk-hardened_22.10.1-1_amd64.deb")).toBe("amd64");
  expect(packageArchitecture("asterisk_22.10.1_all.deb")).toBeUndefined();
});
