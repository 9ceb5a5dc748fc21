import type { CloudControl, Made } from "./cloud-control";
import { all, every, except, ofType, referred } from "./judging";

const instance = "aws:ec2/instance:Instance";
const volume = "aws:ebs/volume:Volume";
const interfaces = "aws:ec2/networkInterface:NetworkInterface";

type Block = Readonly<Record<string, unknown>> | undefined;

const expected = (block: Block, wanted: Readonly<Record<string, unknown>>, where: string) => {
  const wrong = Object.entries(wanted).find(([key, value]) => block?.[key] !== value);
  return wrong === undefined ? undefined : `${where}${wrong[0]} is not ${String(wrong[1])}`;
};

/** A key of ours or one the caller named; AWS's own, which nobody can shut, has no name here or an alias. */
const keyFault = (made: readonly Made[], key: unknown): string | undefined => {
  if (referred(made, "aws:kms/key:Key", key) !== undefined) return undefined;
  return typeof key === "string" && /^arn:[^:]+:kms:[^:]+:\d+:key\//.test(key) ? undefined : "has no key of ours";
};

/** Decoded user data that looks as if it told a secret. */
const telling = /BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|(?:password|passwd|secret|token)\s*[=:]\s*\S/i;

function userDataFault({ inputs }: Made): string | undefined {
  if (inputs["userData"] !== undefined) return "has user data that is not encoded as it stands";
  const encoded = inputs["userDataBase64"];
  const text = typeof encoded === "string" ? Buffer.from(encoded, "base64").toString() : "";
  if (text.length > 2048) return "has user data of more than 2 KB";
  return telling.test(text) ? "has what looks like a secret in its user data" : undefined;
}

/** The machine itself: rows 1 to 7, 9 and 11. */
export const machineControls: readonly CloudControl[] = [
  {
    row: 1,
    ids: ["EC2.8", "EC2.170", "CIS 5.7", "CKV_AWS_79", "CKV_AWS_341", "AWS-0028", "AWS-0130"],
    threat: "A request that Asterisk is tricked into reads the machine's credentials.",
    judge: (made) =>
      every(made, instance, ({ inputs }) =>
        expected(
          inputs["metadataOptions"] as Block,
          { httpTokens: "required", httpEndpoint: "enabled", httpPutResponseHopLimit: 1 },
          "metadataOptions.",
        ),
      ),
  },
  {
    row: 2,
    ids: [
      "EC2.3",
      "CIS 5.1.1",
      "CKV_AWS_3",
      "CKV_AWS_8",
      "CKV_AWS_189",
      "CKV2_AWS_2",
      "AWS-0026",
      "AWS-0027",
      "AWS-0131",
    ],
    threat: "A copied disk is read.",
    judge: (made) =>
      all(
        every(made, instance, ({ inputs }) => {
          const root = inputs["rootBlockDevice"] as Block;
          return expected(root, { encrypted: true }, "rootBlockDevice.") ?? keyFault(made, root?.["kmsKeyId"]);
        }),
        every(
          made,
          volume,
          ({ inputs }) => expected(inputs, { encrypted: true }, "") ?? keyFault(made, inputs["kmsKeyId"]),
        ),
      ),
  },
  {
    row: 3,
    ids: ["CKV_AWS_126", "CKV_AWS_135", "AwsSolutions-EC28"],
    threat: "An attack of a minute falls between two samples of five.",
    judge: (made) =>
      every(made, instance, ({ inputs }) => expected(inputs, { monitoring: true, ebsOptimized: true }, "")),
  },
  {
    row: 4,
    ids: ["CIS 1.18", "CKV2_AWS_41", "NIST.800.53.R5-EC2InstanceProfileAttached"],
    threat: "Credentials that never expire lie on the machine.",
    judge: (made) =>
      every(made, instance, ({ inputs }) =>
        inputs["iamInstanceProfile"] === undefined ? "has no role of its own" : undefined,
      ),
  },
  {
    row: 5,
    ids: ["EC2.9", "EC2.25", "CKV_AWS_88", "NIST.800.53.R5-EC2InstanceNoPublicIp"],
    threat: "The machine is reached under an address that nobody chose.",
    judge: (made) =>
      all(
        every(made, instance, ({ inputs }) => {
          if (inputs["associatePublicIpAddress"] === true) return "gets a public address by itself";
          // EC2 gives an automatic address to a new interface only.
          return inputs["primaryNetworkInterface"] === undefined ? "has an interface that is made with it" : undefined;
        }),
        except("E1"),
      ),
  },
  {
    row: 6,
    ids: ["CKV_AWS_46", "AWS-0029", "AWS-0129"],
    threat: "Whoever may describe the instance, or asks it for its metadata, reads a secret.",
    judge: (made) => every(made, instance, userDataFault),
  },
  {
    row: 7,
    ids: ["AwsSolutions-EC29"],
    threat: "One call of the API ends the PBX.",
    judge: (made) => every(made, instance, ({ inputs }) => expected(inputs, { disableApiTermination: true }, "")),
  },
  {
    row: 9,
    ids: ["EC2.4", "EC2.17", "EC2.24", "EC2.180"],
    threat: "The machine forwards the traffic of others, or has an interface that nobody looks at.",
    judge: (made) =>
      all(
        every(made, instance, ({ inputs }) => {
          const face = (inputs["primaryNetworkInterface"] as Block)?.["networkInterfaceId"];
          if (inputs["networkInterfaces"] !== undefined) return "has interfaces beside its primary one";
          return referred(made, interfaces, face) === undefined ? "has an interface that is not ours" : undefined;
        }),
        every(made, interfaces, ({ inputs }) => expected(inputs, { sourceDestCheck: true }, "")),
      ),
  },
  {
    row: 11,
    ids: ["EC2.12", "CKV2_AWS_19"],
    threat: "An address that carriers trust lies about, for whoever attaches it.",
    judge: (made) => every(made, "aws:ec2/eipAssociation:EipAssociation", (one) => addressFault(made, one)),
  },
];

function addressFault(made: readonly Made[], { inputs }: Made): string | undefined {
  if (referred(made, interfaces, inputs["networkInterfaceId"]) === undefined) return "leads to no interface of ours";
  const loose = ofType(made, "aws:ec2/eip:Eip").find(
    ({ inputs: eip, outputs }) => eip["domain"] !== "vpc" || !Object.values(outputs).includes(inputs["allocationId"]),
  );
  return loose === undefined ? undefined : `${loose.name} is attached to nothing`;
}
