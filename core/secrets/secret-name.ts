/** Names of late-bound values: what a bundle refers to and what the host is handed beside it. */
export const secretName = {
  /** SIP user name of a phone. */
  phoneUser: (phone: string) => `phone.${phone}.user`,
  /** MD5 of `user:realm:password` (RFC 2617 HA1), as `password_digest` takes it. */
  phoneDigest: (phone: string) => `phone.${phone}.digest`,
  /** Address the outside sees the host under. */
  externalAddress: "host.external-address",
} as const;
