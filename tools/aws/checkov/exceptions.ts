/** A check of checkov's that fails and may, and why. */
export interface CheckovException {
  readonly check: string;
  /** The Terraform addresses it may fail for. */
  readonly resource: RegExp;
  readonly reason: string;
}

const icmp =
  "ICMP has no ports, and its errors come from anywhere; the host's own firewall takes errors, and pings at a pace";

/** Every one is needed by the small office, which a test proves. */
export const checkovExceptions: readonly CheckovException[] = [
  {
    check: "CKV_AWS_144",
    resource: /^aws_s3_bucket\.pbx-/,
    reason: "E5: a copy in another region is the caller's choice, and costs as much again",
  },
  {
    check: "CKV_AWS_145",
    resource: /^aws_s3_bucket\.pbx-access-logs$/,
    reason: "S3 writes its access logs only into a bucket that is encrypted with S3's own key",
  },
  {
    check: "CKV2_AWS_57",
    resource: /^aws_secretsmanager_secret\.pbx-secret$/,
    reason: "E6: passwords are derived; raising a phone's generation and `pulumi up` rotate them",
  },
  {
    check: "CKV2_AWS_19",
    resource: /^aws_eip\.pbx-address$/,
    reason:
      "the address belongs to the network interface, which outlives the machine; checkov looks for the machine itself",
  },
  { check: "CKV_AWS_277", resource: /\.pbx-signalling-in-icmp-from-anywhere$/, reason: icmp },
  { check: "CKV_AWS_382", resource: /\.pbx-signalling-out-icmp-to-anywhere$/, reason: icmp },
  { check: "CKV_AWS_352", resource: /\.pbx-network-acl-in-icmp$/, reason: icmp },
];
