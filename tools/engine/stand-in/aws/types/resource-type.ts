/** What the simulation and the rendering for outside judges know of one type of @pulumi/aws. */
export interface ResourceType {
  /** Terraform's name of the type. */
  readonly terraform: string;
  /** How ids begin, for example `vol-`; or `=name`, the id is that property. */
  readonly id: string;
  /**
   * Inputs whose change replaces the resource, as paths, as far as inputs of this project go: what Terraform's provider marks ForceNew
   * or RequiresReplace. Compared in November 2026 with its source (internal/service in hashicorp/terraform-provider-aws), in
   * which a `checked` one was found the same or corrected; the others are from memory. @pulumi/aws itself says it of hardly any input.
   * The source is not of one version; `region`, since 6.0 an input of every type, is set nowhere here.
   */
  readonly replaces: readonly string[];
  /** File below internal/service that {@link replaces} was compared with. */
  readonly checked?: string;
  /** Arguments that Terraform names in the singular, at any depth. */
  readonly renamed?: Readonly<Record<string, string>>;
}

/** Types by Pulumi's token, for example `aws:ec2/instance:Instance`. */
export type ResourceTypes = Readonly<Record<string, ResourceType>>;
