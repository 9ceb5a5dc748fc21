/** Kind of resource that somebody who runs `up` works on; its ARNs are in `deploy-policy.ts`. */
export type DeployedKind =
  /** What AWS cannot narrow to one resource: questions, and the making of what has no name yet. */
  | "any"
  | "alarm"
  /** What lies in the bucket of artifacts: configurations and receipts. */
  | "artifact"
  | "association"
  | "backupPlan"
  | "backupVault"
  | "budget"
  | "bucket"
  | "dashboard"
  | "deliveryStream"
  | "document"
  | "ec2"
  | "eventRule"
  | "instance"
  | "instanceProfile"
  | "key"
  | "logGroup"
  | "logStream"
  | "object"
  | "policy"
  | "role"
  | "secret"
  | "serviceLinkedRole"
  | "topic";

/**
 * When an action is allowed: `boundary`, on roles with the boundary, if one is said; `noBoundary`, only if none is said; `grantForAws`, for a grant
 * to a service of AWS; `passedToService`, for a role that one of our services takes on; `throughService`, when a service uses the key; `takeDown`, in
 * policies of their own: what erases logs, backups and keys.
 */
export type Circumstance =
  "boundary" | "noBoundary" | "grantForAws" | "passedToService" | "throughService" | "takeDown";

/** Actions of IAM on one kind of resource. */
export interface DeployGrant {
  readonly on: DeployedKind;
  /** Prefix of the actions, for example `ec2`. */
  readonly service: string;
  /** Actions without their prefix. */
  readonly actions: readonly string[];
  /** Default: always. */
  readonly when?: Circumstance;
}

/** Actions that creating, reading, changing, replacing and deleting a type needs, by Pulumi's token; of functions too. */
export type DeployActions = Readonly<Record<string, readonly DeployGrant[]>>;

/** A grant from a line of words: `grant("ec2", "ec2", "CreateVpc DeleteVpc")`. */
export function grant(on: DeployedKind, service: string, words: string, when?: Circumstance): DeployGrant {
  return { on, service, actions: words.split(" "), ...(when === undefined ? {} : { when }) };
}
