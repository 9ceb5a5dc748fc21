import type * as pulumi from "@pulumi/pulumi";
import type { HostOs } from "../core/platform/platforms";
import type { PbxSpec } from "../core/spec/spec";
import type { AsteriskPackageArgs } from "./asterisk-package";

export type { PhoneCard } from "../core/secrets/phone-card";

/** How a bastion is reached: an SSH server that forwards TCP connections to the host (`AllowTcpForwarding`, sshd_config(5)). */
export interface AsteriskHostProxyArgs {
  /** Address or name of the bastion. */
  host: pulumi.Input<string>;
  /** Default: 22. */
  port?: pulumi.Input<number>;
  /** A user of the bastion; needs no shell and no `sudo`. Default: `root`. */
  user?: pulumi.Input<string>;
  /** The SSH private key for the bastion, in OpenSSH or PEM form. Default: the host's `privateKey`, with its passphrase. */
  privateKey?: pulumi.Input<string>;
  /** Passphrase of the bastion's private key. */
  privateKeyPassword?: pulumi.Input<string>;
  /** The bastion's own public key, Ed25519 or ECDSA, for example `ssh-ed25519 AAAA…`. There is no way to accept any key. */
  hostKey: pulumi.Input<string>;
}

/** How the host is reached over SSH. */
export interface AsteriskHostConnectionArgs {
  /** Address or name of the machine. Changing it configures another machine and leaves the old one as it is. */
  host: pulumi.Input<string>;
  /** Default: 22. */
  port?: pulumi.Input<number>;
  /** A user that is root or may `sudo` without a password. Default: `root`. */
  user?: pulumi.Input<string>;
  /** The SSH private key, in OpenSSH or PEM form. */
  privateKey: pulumi.Input<string>;
  /** Passphrase of the private key. */
  privateKeyPassword?: pulumi.Input<string>;
  /** The host's own public key, for example `ssh-ed25519 AAAA…`: what `cat /etc/ssh/ssh_host_ed25519_key.pub` prints on the host. There is no way to accept any key. */
  hostKey: pulumi.Input<string>;
  /** A bastion that the connection goes through; `host` is then the address as the bastion reaches it, and the bastion's address belongs into `admins`. Default: none, the host is reached directly. */
  proxy?: AsteriskHostProxyArgs;
  /** Seconds to wait for the machine to answer at its SSH port, such as while it boots. Default: 220, so that an `up` that reaches nothing ends within five minutes. */
  waitSeconds?: pulumi.Input<number>;
}

/** Arguments of {@link AsteriskHost}. */
export interface AsteriskHostArgs {
  connection: AsteriskHostConnectionArgs;
  /** What runs on the machine: `debian-14` or `debian-13`. Default: `debian-14`. */
  os?: HostOs;
  /** The package of Asterisk for a release that has none: required on Debian 13, refused on Debian 14. */
  asteriskPackage?: AsteriskPackageArgs;
  /** At least 32 random characters from which every password is derived, for example `openssl rand -hex 32`. Another one changes every user name and password, and is refused without `newMasterSecret`. */
  masterSecret: pulumi.Input<string>;
  /** Whether another master secret than the present one is accepted. Every phone must then be configured again. Remove it after the `up`. Default: false, it is refused by the host, and at preview if the state holds another. */
  newMasterSecret?: boolean;
  /** Passwords that phones of an older system keep, by the phone's name; a weak one is refused. Default: none, all are derived. */
  passwords?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Passwords of the accounts at carriers that are registered with, by the trunk's name; letters, digits and `._:+/=@-`. Required for each trunk with `register`. */
  trunkPasswords?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Private key, in PEM, of `logs.clientCertificate`; an elliptic-curve one. Required with it. */
  logClientKey?: pulumi.Input<string>;
  /** The address the outside sees the PBX under, when it is not the machine's own (NAT, cloud). Default: the machine's own. */
  externalAddress?: pulumi.Input<string>;
  /** Any text, such as a date. When it changes, `up` connects, compares the machine with its configuration, repairs what drifted and names it in the receipt. Default: the machine is looked at only when its configuration changes. */
  recheck?: pulumi.Input<string>;
  /** What the PBX is to be; plain values, so that every refusal happens at preview. */
  pbx: PbxSpec;
}
