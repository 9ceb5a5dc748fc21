/**
 * Keys by file and section of the file; `*` stands for any other section, and for any key. Keys are lower-case, as Asterisk compares
 * them without regard to case.
 */
export type KeyTables = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Facts about one Asterisk series. No decisions. */
export interface AsteriskFacts {
  /** Series, for example `"22"`. */
  readonly series: string;
  /** Lowest version without a published remote hole, as dpkg compares versions. */
  readonly minimum: string;
  /** Modules a profile may load, in load order. */
  readonly modules: readonly string[];
  /** Modules without which the PBX must not start: Asterisk exits with 2 when one is absent (main/loader.c). */
  readonly required: readonly string[];
  /** Keys of the files whose keys its documentation, which the package installs, does not have. */
  readonly undocumentedKeys: KeyTables;
}

/** Facts about one operating system release. No decisions. */
export interface OsFacts {
  /** For example `"debian-14"`. */
  readonly id: string;
  /** Whether Asterisk's package is one of the release's own, or a file that the owner gives. */
  readonly asteriskFrom: "release" | "file";
  /** Packages that carry Asterisk, the firewall and the ban daemon. */
  readonly packages: {
    readonly asterisk: string;
    readonly firewall: string;
    readonly bans: string;
    /** With which the ban daemon reads the journal. */
    readonly journalReader: string;
    /** Makes keys and the private CA. */
    readonly certificates: string;
    /** Brings the CA certificates the system trusts. */
    readonly authorities: string;
    /** Asks ACME servers for certificates. */
    readonly acme: string;
    /** Reads logs and queues them for their receiver. */
    readonly logs: string;
    /** Loads the rules of the kernel's audit and writes its log. */
    readonly audit: string;
    /** Reads a network card's counters. */
    readonly cards: string;
    /** Cuts logs before they fill the disk. */
    readonly rotation: string;
    /** Installs security updates. */
    readonly updates: string;
    /** Keeps the clock right. */
    readonly time: string;
    /** Bring a signed database of which network is in which country, and its updates; absent where there is none. */
    readonly countries?: readonly string[];
  };
  /** What `sshd -T` says where keys alone let in, and nothing is forwarded. */
  readonly sshKeysOnly: readonly string[];
  /** Whether its ACME client makes no account without an address for mail. */
  readonly acmeNeedsEmail: boolean;
  /** Directories as the asterisk package compiles them in. */
  readonly directories: { readonly modules: string; readonly data: string };
}

/** One Asterisk series on one operating system release. */
export interface Platform {
  readonly asterisk: AsteriskFacts;
  readonly os: OsFacts;
}
