import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuseLate } from "./late-refusal";
import type { AwsPart } from "./part";

/**
 * The first availability zone of the region that offers the instance type; not every zone offers every type (us-east-1e has no t3).
 * Refused at preview where no zone does.
 */
export function availabilityZoneFor({ parent, region }: AwsPart, instanceType: string): pulumi.Output<string> {
  const filters = [{ name: "instance-type", values: [instanceType] }];
  const { locations } = aws.ec2.getInstanceTypeOfferingsOutput(
    { locationType: "availability-zone", filters },
    { parent },
  );
  return pulumi.all([locations, region]).apply(([found, inRegion]) => {
    const [zone] = zonesOf(inRegion, found);
    if (zone === undefined)
      refuseLate(
        `instanceType: ${instanceType} is not offered in any availability zone of ${inRegion}; choose another type, or another aws:region`,
      );
    return zone ?? inRegion;
  });
}

/** Availability zones among the locations, in order; Local Zones and Wavelength Zones, whose names are longer, are none. */
function zonesOf(region: string, locations: readonly string[]): string[] {
  return locations.filter((one) => one.startsWith(region) && /^[a-z]$/.test(one.slice(region.length))).sort();
}
