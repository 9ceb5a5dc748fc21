import type * as pulumi from "@pulumi/pulumi";
import type { AsteriskHostArgs } from "hardened-asterisk";

type Proxy = NonNullable<AsteriskHostArgs["connection"]["proxy"]>;

/**
 * `pbx:proxyHost` and `pbx:proxyHostKey`, the bastion that the host is reached through, with `pbx:proxyPort`, `pbx:proxyUser`, and a
 * private key of its own in `pbx:proxyPrivateKey`; nothing without the first.
 * @throws pulumi.ConfigMissingException when the bastion has no host key.
 */
export function proxyOf(config: pulumi.Config): { proxy?: Proxy } {
  const host = config.get("proxyHost");
  if (host === undefined) return {};
  const privateKey = config.getSecret("proxyPrivateKey");
  const privateKeyPassword = config.getSecret("proxyPrivateKeyPassword");
  const proxy: Proxy = {
    host,
    port: config.getNumber("proxyPort") ?? 22,
    user: config.get("proxyUser") ?? "root",
    hostKey: config.require("proxyHostKey"),
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(privateKeyPassword === undefined ? {} : { privateKeyPassword }),
  };
  return { proxy };
}
