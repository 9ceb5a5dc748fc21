/** What the scorecard lets pass although an outside catalogue objects, and why. */
export const exceptions = {
  E1: {
    ids: ["EC2.9"],
    reason: "a PBX that carriers and phones reach needs a public address; it is an Elastic IP, never an automatic one",
  },
  E2: {
    ids: ["EC2.18", "AwsSolutions-EC23"],
    reason:
      "phones on the road and carriers with direct audio come from anywhere: the TLS port, or the audio ports, are open to all, and nothing else is",
  },
  E3: {
    ids: ["EC2.10", "EC2.57"],
    reason:
      "the host reaches AWS over TLS through its internet gateway; interface endpoints cost money each hour and the caller may attach them",
  },
  E4: {
    ids: ["CKV_AWS_355", "CKV_AWS_356", "AwsSolutions-IAM5", "EC2.172", "NIST.800.53.R5-VPCNoUnrestrictedRouteToIGW"],
    reason:
      "the channels of Session Manager and the questions that AWS Backup asks EC2 cannot be scoped to a resource, and a host with a public address routes to an internet gateway",
  },
  E5: {
    ids: ["S3.7", "S3.20", "CKV_AWS_144"],
    reason:
      "MFA delete can be set by the root user only, not by a role; a copy in another region is the caller's choice",
  },
  E6: {
    ids: ["SecretsManager.1", "SecretsManager.4", "CKV2_AWS_57", "AwsSolutions-SMG4"],
    reason:
      "passwords are derived: they are rotated by raising a phone's generation and running `pulumi up`; a function of AWS's that rotates them would have to hold the master secret",
  },
} as const satisfies Record<string, { readonly ids: readonly string[]; readonly reason: string }>;

/** Name of one documented exception. */
export type ExceptionId = keyof typeof exceptions;
