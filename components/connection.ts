import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { AsteriskHostConnectionArgs, AsteriskHostProxyArgs } from "./asterisk-host-args";
import { checkPrivateKey, hostKeyPlace, proxyKeyPlace, type KeyPlace } from "./private-key";
import { dialLimits } from "./reach-host";

/**
 * The connection as the command provider takes it: the host's own key is checked for its form, and a bastion without a private key
 * is entered with the host's.
 */
export function connectionOf(args: AsteriskHostConnectionArgs): command.types.input.remote.ConnectionArgs {
  const privateKey = checkedKey(args.privateKey, args.privateKeyPassword, hostKeyPlace);
  const { proxy, ...host }: AsteriskHostConnectionArgs = { ...args, privateKey };
  // Ours alone: in the provider's inputs it would be a change of the connection, and run the commands again.
  delete host.waitSeconds;
  const common = { ...host, ...dialLimits };
  return proxy === undefined ? common : { ...common, proxy: { ...dialLimits, ...proxyOf(proxy, host) } };
}

function checkedKey(
  key: pulumi.Input<string>,
  password: pulumi.Input<string> | undefined,
  place: KeyPlace,
): pulumi.Output<string> {
  return pulumi.all([key, password]).apply(([given, passphrase]) => checkPrivateKey(given, passphrase, place));
}

function proxyOf(
  proxy: AsteriskHostProxyArgs,
  { privateKey, privateKeyPassword }: AsteriskHostConnectionArgs,
): command.types.input.remote.ProxyConnectionArgs {
  const password = privateKeyPassword === undefined ? {} : { privateKeyPassword };
  const key =
    proxy.privateKey === undefined
      ? { privateKey, ...password }
      : { privateKey: checkedKey(proxy.privateKey, proxy.privateKeyPassword, proxyKeyPlace) };
  return { ...proxy, ...key, hostKey: pulumi.output(proxy.hostKey).apply(checkProxyKey) };
}

/** The host's key without blanks around it. @throws pulumi.RunError when it is not an Ed25519 key. */
export function checkHostKey(hostKey: string): string {
  return checked(
    hostKey,
    /^ssh-ed25519 [A-Za-z0-9+/]+=*( |$)/,
    "connection.hostKey: must be the host's Ed25519 public key",
    "on the host",
  );
}

/** The same for a bastion, whose key may be an ECDSA one too. @throws pulumi.RunError when it is neither. */
export function checkProxyKey(hostKey: string): string {
  return checked(
    hostKey,
    /^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]+=*( |$)/,
    "connection.proxy.hostKey: must be the bastion's Ed25519 or ECDSA public key",
    "on the bastion",
  );
}

function checked(hostKey: string, form: RegExp, problem: string, place: string): string {
  if (form.test(hostKey.trim())) return hostKey.trim();
  throw new pulumi.RunError(
    `${problem}, \`ssh-ed25519 AAAA…\`; ${place}, \`cat /etc/ssh/ssh_host_ed25519_key.pub\` prints it`,
  );
}
