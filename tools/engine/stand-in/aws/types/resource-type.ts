/** What the simulation and the rendering for outside judges know of one type of @pulumi/aws. */
export interface ResourceType {
  /** Terraform's name of the type. */
  readonly terraform: string;
  /** How ids begin, for example `vol-`; or `=name`, the id is that property. */
  readonly id: string;
  /**
   * Inputs whose change replaces the resource, as paths; what Terraform's provider marks ForceNew (its source at v6),
   * as far as inputs of this project go.
   */
  readonly replaces: readonly string[];
  /** Arguments that Terraform names in the singular, at any depth. */
  readonly renamed?: Readonly<Record<string, string>>;
}

/** Types by Pulumi's token, for example `aws:ec2/instance:Instance`. */
export type ResourceTypes = Readonly<Record<string, ResourceType>>;
