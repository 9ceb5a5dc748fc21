/** What the simulation and the rendering for outside judges know of one type of @pulumi/aws. */
export interface ResourceType {
  /** Terraform's name of the type. */
  readonly terraform: string;
  /** How ids begin, for example `vol-`; or `=name`, the id is that property. */
  readonly id: string;
  /**
   * Inputs whose change replaces the resource, as paths, as far as inputs of this project go: what Terraform's provider marks ForceNew
   * or RequiresReplace. @pulumi/aws itself says it of hardly any input, and overrides it for none of these types.
   * `region`, since 6.0 an input of every type, is set nowhere here.
   */
  readonly replaces: readonly string[];
  /** Inputs of which only some changes replace the resource: whether the one from the first value to the second does. */
  readonly replacesWhen?: Readonly<Record<string, (before: unknown, after: unknown) => boolean>>;
  /** Inputs that Terraform's provider keeps as they are where the program no longer gives them (Optional and Computed). */
  readonly computed?: readonly string[];
  /** True where @pulumi/aws deletes the old one before it makes the new one, whatever its name (`DeleteBeforeReplace`). */
  readonly deletesFirst?: true;
  /**
   * File below internal/service in hashicorp/terraform-provider-aws that {@link replaces} was compared with in November 2026. What was
   * read is of versions from 2022 to 2026, not of the one that the installed @pulumi/aws is made from.
   */
  readonly checked: string;
  /** Arguments that Terraform names in the singular, at any depth. */
  readonly renamed?: Readonly<Record<string, string>>;
}

/** Types by Pulumi's token, for example `aws:ec2/instance:Instance`. */
export type ResourceTypes = Readonly<Record<string, ResourceType>>;
