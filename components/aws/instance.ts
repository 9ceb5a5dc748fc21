import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Address } from "./address";
import { isBurstable } from "./architecture";
import type { KmsKeys } from "./kms-keys";
import type { AwsPart } from "./part";

/** The machine. */
export interface Instance {
  readonly id: pulumi.Output<string>;
  /** There once the data volume is on the machine. */
  readonly attached: pulumi.Resource;
}

/** What the machine is made of. */
export interface InstanceArgs {
  readonly instanceType: string;
  readonly image: pulumi.Input<string>;
  /** True when the caller chose the image: a change of it then replaces the machine. */
  readonly imageGiven: boolean;
  /** Another replaces the machine. */
  readonly generation: number;
  /** Name of the profile that carries its role. */
  readonly instanceProfile: pulumi.Input<string>;
  /** What it runs at its first boot: static, without secrets. */
  readonly userDataBase64: pulumi.Input<string>;
}

/** Size of the machine's own disk, in GiB. */
export const rootGigabytes = 16;

/** Whether the instance type can be EBS-optimized. EC2 refuses an instance of a type that cannot, such as `t2.small`, when it is asked for. */
function ebsOptimized(parent: pulumi.Resource, instanceType: string): pulumi.Output<boolean> {
  const { ebsOptimizedSupport } = aws.ec2.getInstanceTypeOutput({ instanceType }, { parent });
  return ebsOptimizedSupport.apply((support) => support !== "unsupported");
}

/** The machine's own disk, which goes with it. */
const rootDisk = (name: string, tags: AwsPart["tags"], keys: KmsKeys) => ({
  volumeType: "gp3",
  volumeSize: rootGigabytes,
  encrypted: true,
  kmsKeyId: keys.data.arn,
  deleteOnTermination: true,
  tags: { ...tags, Name: `${name}-root` },
});

/** Calls go on when the credits are used up, at a price that an alarm tells of: in the other mode a flood would slow the PBX down. */
const creditsOf = (instanceType: string) =>
  isBurstable(instanceType) ? { creditSpecification: { cpuCredits: "unlimited" } } : {};

/** Default of `instanceType`. */
export const defaultInstanceType = "t3.small";

/** Name under which EC2 attaches the data volume; the machine sees an NVMe device with the volume's id as its serial number. */
const dataDevice = "/dev/sdf";

/** One machine without a key pair. It is replaced only for another generation, image, architecture or subnet; address, interface and data volume are not its own and stay. */
export function instance(
  { name, parent, tags }: AwsPart,
  args: InstanceArgs,
  { address, volume, keys }: { readonly address: Address; readonly volume: aws.ebs.Volume; readonly keys: KmsKeys },
): Instance {
  const machine = new aws.ec2.Instance(
    `${name}-instance`,
    {
      ami: args.image,
      instanceType: args.instanceType,
      ...creditsOf(args.instanceType),
      iamInstanceProfile: args.instanceProfile,
      // An interface that exists already is given no other public address than its own, so nothing is said of one here.
      primaryNetworkInterface: { networkInterfaceId: address.interfaceId },
      userDataBase64: args.userDataBase64,
      userDataReplaceOnChange: false,
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      rootBlockDevice: rootDisk(name, tags, keys),
      monitoring: true,
      ebsOptimized: ebsOptimized(parent, args.instanceType),
      maintenanceOptions: { autoRecovery: "default" },
      // Against everybody but this program, which has to be able to replace the machine; its data are elsewhere.
      disableApiTermination: true,
      forceDestroy: true,
      tags: { ...tags, Name: name },
    },
    {
      parent,
      // The interface and the volume are taken until the old machine is gone.
      deleteBeforeReplace: true,
      replacementTrigger: args.generation,
      // A replacement takes the newest image all the same: the engine ignores changes of a resource that stays, only.
      ignoreChanges: ["userDataBase64", ...(args.imageGiven ? [] : ["ami"])],
    },
  );
  const attached = new aws.ec2.VolumeAttachment(
    `${name}-data-attachment`,
    { deviceName: dataDevice, volumeId: volume.id, instanceId: machine.id, stopInstanceBeforeDetaching: true },
    { parent, deleteBeforeReplace: true },
  );
  return { id: machine.id, attached };
}
