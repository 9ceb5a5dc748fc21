/** A piece of a file or expectation: text known at preview, or the name of a value resolved on the host. */
export type Piece = string | { readonly ref: string };

/** One file as it will lie on the host; parent directories that are missing are created root:root 0755. */
export interface BundleFile {
  /** Absolute path on the host. */
  readonly path: string;
  readonly owner: string;
  readonly group: string;
  /** Octal permission string, for example `"0640"`. */
  readonly mode: string;
  readonly content: readonly Piece[];
}

/** A directory whose owner and mode are kept, also through package upgrades (dpkg-statoverride). */
export interface BundleDirectory {
  readonly path: string;
  readonly owner: string;
  readonly group: string;
  /** Octal permission string, for example `"0750"`. */
  readonly mode: string;
  /** When true, every file below it that is not in the bundle is removed by the swap (and restored by a rollback). */
  readonly exclusive: boolean;
}

/** A Debian package that must be installed before the files are swapped in. */
export interface BundlePackage {
  readonly name: string;
  /** Lowest acceptable version as dpkg compares versions; absent means any. */
  readonly minimum?: string;
  /** Absent for a package of the release's own. */
  readonly file?: BundlePackageFile;
}

/** A package that the release does not carry: a file that lies on the host already, or is fetched. */
export interface BundlePackageFile {
  /** In hex; the host installs no other, and keeps the file as `/var/lib/hardened-asterisk/packages/<sha256>.deb`. */
  readonly sha256: string;
  /** Where the host fetches it; absent when it is brought to the host. */
  readonly url?: string;
}

/**
 * What to run after files changed. Actions run in the listed order; when a `restart` of a service is due, its
 * `reload`s are left out. A restart of asterisk is refused while calls are up unless the owner asked for it.
 */
export interface BundleAction {
  readonly id: string;
  readonly service: string;
  readonly kind: "reload" | "restart";
  readonly argv: readonly string[];
  /** Exact paths of bundle files; the action is due when one of them changed, appeared or went away. */
  readonly onChange: readonly string[];
}

/** A harmless check of effective state; repeated until it agrees or `withinSeconds` have passed. */
export interface BundleProbe {
  readonly id: string;
  /** Whose effect is asked for; when it disagrees although no file changed, this service's actions are run. A `machine` has none. */
  readonly service: "asterisk" | "firewall" | "fail2ban" | "ssh" | "systemd-sysctl" | "chrony" | "machine";
  readonly argv: readonly string[];
  /** Every entry must occur in standard output, whose runs of blanks count as one; the exit status must be 0. */
  readonly contains: readonly (readonly Piece[])[];
  /** No entry may occur in standard output. */
  readonly lacks: readonly (readonly Piece[])[];
  readonly withinSeconds: number;
  /** True when a container cannot show it, because it is the machine's around it; reported *unknown* there. Default: false. */
  readonly unknownInContainer?: boolean;
  /** What is asked before anything is installed or changed, and refused by its exit status. Default: nothing. */
  readonly early?: readonly string[];
}

/** A certificate that the host shows: of a private CA made there or, with `acme`, asked for (the key is made there and stays), or with `given` a copy. */
export interface BundleAuthority {
  /** Folder of `host.pem` (key and certificate; the service's group may read it) and, of a private CA, `ca.pem` and `ca.key` (root's alone). */
  readonly directory: string;
  readonly group: string;
  /** Names and addresses the certificate bears; one of a private CA bears the host's own addresses too. */
  readonly names: readonly (readonly Piece[])[];
  /** TCP port at which Asterisk shows the certificate. */
  readonly port: number;
  readonly acme?: BundleAcme;
  readonly given?: BundleGiven;
}

/** Files of the owner's, on the host, of which `host.pem` is a checked copy. */
export interface BundleGiven {
  /** Path of the certificate in PEM, with those that lead from it to its CA. */
  readonly certificate: string;
  /** Path of its private key in PEM, without a passphrase. */
  readonly privateKey: string;
}

/** How a certificate is asked for. */
export interface BundleAcme {
  /** Path of the bundle file that is the client's unit. */
  readonly client: string;
  /** Path of the CA certificates, in PEM, that the server and what it signs are verified with; a bundle file or one of the system. */
  readonly trusted: string;
}

/** The host's configuration as data. Holds references to secrets, never secrets. Identified by the sha256 of its canonical JSON. */
export interface Bundle {
  readonly format: 1;
  readonly platform: { readonly os: string; readonly asterisk: string };
  /** Networks that may open SSH; activate refuses when its own SSH client is not among them. */
  readonly admins: readonly string[];
  /** Port of sshd; activate refuses when its own SSH client came in at another. Absent on a host without SSH. */
  readonly sshPort?: number;
  readonly packages: readonly BundlePackage[];
  readonly directories: readonly BundleDirectory[];
  readonly files: readonly BundleFile[];
  /** Absent when no certificate is made on the host. */
  readonly authority?: BundleAuthority;
  readonly actions: readonly BundleAction[];
  readonly probes: readonly BundleProbe[];
  /** Keys of Asterisk's files, by file and section, that the documentation on the host lacks; `*` is any other section, or any key. */
  readonly knownKeys: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** Path of the bundle file that `nft -f` loads; loaded before a package is installed for the first time. */
  readonly firewall: string;
  /** Units to enable and keep running, in start order, for example `asterisk.service`. */
  readonly services: readonly string[];
  /** Seconds until an unconfirmed activation undoes itself. */
  readonly rollbackSeconds: number;
  /** True when a restart may cut calls. */
  readonly restartWithCalls: boolean;
  /** Whether the calls of a phone that is gone, or whose password or SIP user name is another, are ended. Default: false. */
  readonly endCalls?: boolean;
}
