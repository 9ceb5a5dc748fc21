import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ec2Architecture, type Architecture } from "./architecture";
import type { AwsPart } from "./part";

/** Debian's own account, which publishes its images (wiki.debian.org/Cloud/AmazonEC2Image). */
const debian = "136693071363";

/**
 * Id of the image to boot: the newest of Debian 13 from Debian's own account, or the caller's once its architecture is seen to
 * fit that of the instance type; else the preview fails with {@link fittingImage}'s error.
 */
export function machineImage(
  { parent }: AwsPart,
  architecture: Architecture,
  amiId: pulumi.Input<string> | undefined,
): pulumi.Output<string> {
  const wanted = ec2Architecture[architecture];
  if (amiId === undefined) {
    const filters = [
      { name: "name", values: [`debian-13-${architecture}-*`] },
      { name: "architecture", values: [wanted] },
      { name: "virtualization-type", values: ["hvm"] },
      { name: "root-device-type", values: ["ebs"] },
    ];
    return aws.ec2.getAmiOutput({ owners: [debian], mostRecent: true, filters }, { parent }).id;
  }
  const image = aws.ec2.getAmiOutput({ filters: [{ name: "image-id", values: [amiId] }] }, { parent });
  return pulumi.all([image.id, image.architecture]).apply(([id, found]) => fittingImage(id, found, wanted));
}

/**
 * The image's id, once it fits.
 * @throws pulumi.RunError when it is of another architecture than is wanted.
 */
export function fittingImage(id: string, found: string, wanted: string): string {
  if (found === wanted) return id;
  throw new pulumi.RunError(
    `amiId: ${id} is an image for ${found}, and the instance type is ${wanted}; choose an image of ${wanted}, or another instanceType`,
  );
}
