import type { Issue } from "../../core/issue";
import { longestComponent } from "./physical-names";

/** Beginnings that a service of AWS keeps for itself, in lower case. */
const reserved: readonly (readonly [beginning: string, where: string])[] = [
  ["amazon", "Systems Manager takes no document that begins so"],
  ["amzn", "Systems Manager takes no document that begins so"],
  ["aws", "Systems Manager takes no document that begins so"],
  ["sg-", "EC2 takes no security group that begins so"],
  ["sthree-", "S3 takes no bucket that begins so"],
  ["xn--", "S3 takes no bucket that begins so"],
];

/** What is wrong with the name of a component, with which the physical names of its resources begin. */
export function nameIssues(name: string): Issue[] {
  const shown = `"${name.slice(0, 60)}"`;
  const issue = (message: string): Issue[] => [{ path: "name", message: `${shown} ${message}` }];
  if (!/^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/.test(name))
    return issue(
      'has a character that S3 does not take in the name of a bucket; write letters, digits and single dashes between them, for example "office-pbx"',
    );
  if (name.length > longestComponent)
    return issue(
      `has ${name.length} characters, and IAM takes 64 for the name of a role, of which ${longestComponent} are left for the component; shorten it`,
    );
  const begins = reserved.find(([beginning]) => name.toLowerCase().startsWith(beginning));
  return begins === undefined
    ? []
    : issue(`begins with "${begins[0]}", and ${begins[1]}; choose another beginning, for example "pbx"`);
}
