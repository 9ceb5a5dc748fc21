import { networkFault, networksOverlap } from "../../core/spec/fields";
import type { Issue } from "../../core/issue";
import type { PbxProfile } from "../../core/profile/profile";
import type { AwsAsteriskHostArgs } from "./asterisk-host-args";
import { defaultVpcCidr } from "./network";

const privateNetworks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/** What is wrong with where the machine is to stand. */
export function networkIssues(args: AwsAsteriskHostArgs, profile?: PbxProfile): Issue[] {
  const { vpcId, subnetId, vpcCidr, availabilityZone } = args;
  if (vpcId === undefined && subnetId === undefined) return ownNetworkIssues(vpcCidr ?? defaultVpcCidr, profile);
  const pair: Issue[] =
    vpcId !== undefined && subnetId !== undefined
      ? []
      : [
          {
            path: vpcId === undefined ? "vpcId" : "subnetId",
            message: "is missing; give your VPC and its subnet together, or neither",
          },
        ];
  const idle = Object.entries({ vpcCidr, availabilityZone })
    .filter(([, value]) => value !== undefined)
    .map(([path]): Issue => ({ path, message: "is for a VPC that is made, and you give your own; remove it" }));
  return [...pair, ...idle];
}

function ownNetworkIssues(cidr: string, profile?: PbxProfile): Issue[] {
  const message = cidrFault(cidr);
  if (message !== undefined) return [{ path: "vpcCidr", message }];
  return (profile === undefined ? [] : listedNetworks(profile)).flatMap(({ path, network }) =>
    networksOverlap(network, cidr)
      ? [
          {
            path: "vpcCidr",
            message: `"${cidr}" overlaps "${network}" of ${path}, which could then never be reached; choose other private addresses, for example "10.81.0.0/24"`,
          },
        ]
      : [],
  );
}

function cidrFault(cidr: string): string | undefined {
  const fault = networkFault(cidr, "ipv4");
  if (fault !== undefined) return fault;
  const prefix = Number(cidr.split("/")[1]);
  if (prefix < 16 || prefix > 28) return `"${cidr}" is no size for a VPC; write /16 to /28, for example "10.81.0.0/24"`;
  const inside = privateNetworks.some((network) => networksOverlap(network, cidr));
  return inside ? undefined : `"${cidr}" is not private; choose from ${privateNetworks.join(", ")}`;
}

function listedNetworks({ phones, trunks }: PbxProfile): { path: string; network: string }[] {
  const of = (path: string, networks: readonly string[]) => networks.map((network) => ({ path, network }));
  return [
    ...phones.flatMap(({ name, networks }) => of(`phones.${name}.networks`, networks)),
    ...trunks.flatMap(({ name, signalling, media }) => [
      ...of(`trunks.${name}.signalling`, signalling),
      ...of(`trunks.${name}.media`, media),
    ]),
  ];
}
