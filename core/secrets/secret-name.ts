/** Names of late-bound values: what a bundle refers to and what the host is handed beside it. */
export const secretName = {
  /** SIP user name of a phone. */
  phoneUser: (phone: string) => `phone.${phone}.user`,
  /** Digest of `user:realm:password` (HA1, RFC 2617 and RFC 7616) behind the name of its algorithm, as `password_digest` takes it. */
  phoneDigest: (phone: string) => `phone.${phone}.digest`,
  /** Password of an account at a carrier. */
  trunkPassword: (trunk: string) => `trunk.${trunk}.password`,
  /** Private key of the certificate shown to the receiver of logs: PKCS#8 in base64, without its frame. */
  logClientKey: "logs.client-key",
  /** Address the outside sees the host under. */
  externalAddress: "host.external-address",
  /** Name or address phones reach the host under; a certificate made on the host bears it. */
  domain: "host.domain",
  /** Digest of the master secret alone: the host refuses values of another one. */
  masterDigest: "master.digest",
  /** Present when the owner says that the master secret may be another than before. */
  newMaster: "master.new",
} as const;
