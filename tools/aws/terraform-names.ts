import { resourceType } from "../engine/stand-in/aws/types/table";

/** Terraform's name of an argument or attribute: `httpPutResponseHopLimit` is `http_put_response_hop_limit`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A resource's name as Terraform takes it. */
export function resourceName(name: string): string {
  const clean = name.replace(/[^A-Za-z0-9_-]/g, "_");
  return /^[A-Za-z_]/.test(clean) ? clean : `_${clean}`;
}

/** Terraform's address of a resource, for example `aws_kms_key.pbx-data`. */
export function address(type: string, name: string): string {
  return `${resourceType(type).terraform}.${resourceName(name)}`;
}

/** How Terraform refers to one attribute of a resource; `property` is Pulumi's name of it. */
export function reference(type: string, name: string, property: string): string {
  const renamed = resourceType(type).renamed?.[property];
  return `\${${address(type, name)}.${renamed ?? snakeCase(property)}}`;
}
