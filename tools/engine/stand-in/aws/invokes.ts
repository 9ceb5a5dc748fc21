import * as grpc from "@grpc/grpc-js";

import type { Properties } from "../rpc/properties";
import { failure } from "../rpc/serve";
import type { EbsVolumes } from "./ebs-volumes";
import type { ElasticIps } from "./elastic-ips";
import type { ManagedHost } from "./managed-host";
import { simulated } from "./values";

/** What the caller's own resources, and Amazon's, are in the simulation. */
export interface Surroundings {
  /** Id of the image that every search for the newest finds. Default: `ami-00000000000000001`. */
  amiId: string;
  /** Partition and region that the provider is configured for. Default: the simulation's. */
  partition: string;
  region: string;
  /** Availability zones that offer any instance type. Default: those of the region. */
  zones: readonly string[];
  /** Version of the caller's secret that is current. Default: `simulated-version-of-a-secret-0001`. */
  secretVersion: string | undefined;
  /** What the caller's Elastic IP serves that is not of this stack. Default: nothing. */
  servedElsewhere: { readonly instanceId: string; readonly networkInterfaceId: string } | undefined;
  /** Key of the caller's secret; empty or untold for AWS's own. Default: one of the account. */
  secretKeyId: string | undefined;
}

const { accountId, region, partition } = simulated;
const zones = ["a", "b", "c"].map((letter) => region + letter);

/** What nobody has changed. */
export const untouched: Surroundings = {
  amiId: "ami-00000000000000001",
  partition,
  region,
  zones,
  servedElsewhere: undefined,
  secretVersion: "simulated-version-of-a-secret-0001",
  secretKeyId: `arn:${simulated.partition}:kms:${simulated.region}:${simulated.accountId}:key/of-the-caller`,
};

interface Filter {
  readonly name: string;
  readonly values: readonly string[];
}

/** What the simulation has made and functions ask for. */
export interface SimulatedWorld {
  readonly host: ManagedHost;
  readonly addresses: ElasticIps;
  readonly disks: EbsVolumes;
}

type Answer = (args: Properties, surroundings: Surroundings, world: SimulatedWorld) => Properties;

const answers: Readonly<Record<string, Answer>> = {
  "aws:index/getPartition:getPartition": (_args, surroundings) => ({
    id: surroundings.partition,
    partition: surroundings.partition,
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
  }),
  "aws:index/getRegion:getRegion": (_args, surroundings) => ({
    id: surroundings.region,
    region: surroundings.region,
    name: surroundings.region,
    description: "simulated",
    endpoint: `ec2.${region}.amazonaws.com`,
  }),
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    id: accountId,
    accountId,
    arn: `arn:${partition}:iam::${accountId}:user/simulated`,
    userId: "SIMULATED",
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": () => ({
    id: region,
    names: zones,
    zoneIds: zones.map((_, index) => `euc1-az${String(index + 1)}`),
    groupNames: [region],
    region,
  }),
  "aws:ec2/getAmi:getAmi": (args, surroundings) => {
    const wanted = (name: string) =>
      (args["filters"] as Filter[] | undefined)?.find((one) => one.name === name)?.values[0];
    const id = wanted("image-id") ?? surroundings.amiId;
    const owners = (args["owners"] as string[] | undefined) ?? [];
    return {
      ...args,
      id,
      imageId: id,
      arn: `arn:${partition}:ec2:${region}::image/${id}`,
      architecture: wanted("architecture") ?? "x86_64",
      name: `debian-13-${id}`,
      ownerId: owners[0] ?? "136693071363",
      rootDeviceName: "/dev/xvda",
      rootDeviceType: "ebs",
      creationDate: "2026-11-01T00:00:00.000Z",
      state: "available",
    };
  },
  "aws:ec2/getInstanceType:getInstanceType": ({ instanceType }) => ({
    id: instanceType,
    instanceType,
    // As AWS names its types: the generation's letter g is Graviton.
    supportedArchitectures: [/^[a-z]+\d+g/.test(String(instanceType)) ? "arm64" : "x86_64"],
    ebsOptimizedSupport: String(instanceType).startsWith("t2.") ? "unsupported" : "default",
  }),
  "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": (args, surroundings) => ({
    ...args,
    id: region,
    locations: surroundings.zones,
    instanceTypes: [],
    locationTypes: [],
  }),
  "aws:ec2/getSubnet:getSubnet": ({ id }) => ({
    id,
    vpcId: "vpc-00000000000000001",
    availabilityZone: zones[0],
    cidrBlock: "10.20.0.0/24",
    arn: `arn:${partition}:ec2:${region}:${accountId}:subnet/${String(id)}`,
  }),
  "aws:ec2/getVpc:getVpc": ({ id }) => ({
    id,
    cidrBlock: "10.20.0.0/16",
    cidrBlockAssociations: [],
    mainRouteTableId: "rtb-00000000000000001",
    arn: `arn:${partition}:ec2:${region}:${accountId}:vpc/${String(id)}`,
  }),
  "aws:ec2/getElasticIp:getElasticIp": ({ id }, { servedElsewhere }, { addresses }) => ({
    id,
    publicIp: "198.51.100.200",
    domain: "vpc",
    ...addresses.serving(String(id)),
    ...(servedElsewhere === undefined ? {} : { ...servedElsewhere, associationId: "eipassoc-of-another" }),
  }),
  "aws:ec2/getNetworkInterface:getNetworkInterface": ({ id }, _surroundings, { addresses }) => ({
    id,
    tags: addresses.tagsOf(String(id)),
  }),
  "aws:ebs/getSnapshot:getSnapshot": ({ snapshotIds }, _surroundings, { disks }) =>
    disks.facts(String((snapshotIds as string[])[0])),
  "aws:ec2/getManagedPrefixList:getManagedPrefixList": ({ name }) => ({
    id: "pl-00000000000000001",
    name,
    addressFamily: "IPv4",
    maxEntries: 1,
    entries: [],
    ownerId: "AWS",
    version: 1,
  }),
  "aws:s3/getObjects:getObjects": ({ bucket, prefix }, _surroundings, { host }) => ({
    id: bucket,
    bucket,
    prefix,
    keys: host.keys(String(prefix)),
    commonPrefixes: [],
    owners: [],
  }),
  "aws:s3/getObject:getObject": ({ bucket, key }, _surroundings, { host }) => ({
    id: `${String(bucket)}/${String(key)}`,
    bucket,
    key,
    body: host.object(String(bucket), String(key)),
    contentType: "application/json",
  }),
  "aws:secretsmanager/getSecret:getSecret": ({ arn }, { secretKeyId }) => ({
    id: arn,
    arn,
    name: "simulated",
    kmsKeyId: secretKeyId,
  }),
  "aws:secretsmanager/getSecretVersions:getSecretVersions": ({ secretId }, { secretVersion }) => ({
    id: secretId,
    secretId,
    arn: secretId,
    name: "simulated",
    versions:
      secretVersion === undefined
        ? []
        : [{ versionId: secretVersion, versionStages: ["AWSCURRENT"], createdTime: "", lastAccessedDate: "" }],
  }),
  "aws:kms/getKey:getKey": ({ keyId }) => ({ id: keyId, keyId, arn: keyId, enabled: true, keyState: "Enabled" }),
};

/** Answers a function of @pulumi/aws. @throws grpc.ServiceError for one that the simulation does not play. */
export function answer(token: string, args: Properties, surroundings: Surroundings, world: SimulatedWorld): Properties {
  const found = answers[token];
  if (found === undefined)
    throw failure(
      grpc.status.UNIMPLEMENTED,
      `the simulation of AWS does not answer ${token}: add it to tools/engine/stand-in/aws/invokes.ts`,
    );
  return found(args, surroundings, world);
}
