/** What a phone may dial besides extensions and emergency numbers, which every phone may dial. */
export const DialClass = {
  /** Extensions of this PBX. */
  Internal: "internal",
  /** Fixed-line and toll-free numbers of the spec's country. */
  National: "national",
  /** Mobile numbers of the spec's country. */
  Mobile: "mobile",
} as const;
/** One of the values of {@link DialClass}. */
export type DialClass = (typeof DialClass)[keyof typeof DialClass];

/** One phone (a PJSIP endpoint with its AOR and credentials). The key in `phones` is its name. */
export interface PhoneSpec {
  /** Extension, 2 to 6 digits; never used as a SIP user name. Changing it changes what others dial. */
  number: string;
  /** IPv4 networks in CIDR form from which this phone registers and calls. */
  networks?: string[];
  /** A phone without a listed network, over TLS only. Not built yet: refused. */
  roaming?: boolean;
  /** What it may dial. Default: `["internal"]`. */
  mayDial?: DialClass[];
  /** Raise by one to give the phone a new password. Default: 1. */
  generation?: number;
}

/** One carrier reached by address (no registration). The key in `trunks` is its name. */
export interface TrunkSpec {
  /** IPv4 networks from which the carrier signals (SIP). */
  signalling: string[];
  /** IPv4 networks from which the carrier sends audio (RTP). Default: the signalling networks. */
  media?: string[];
  /** Where outbound calls are sent: an IPv4 address, optionally `:port`. Default: the signalling network, when it is a single address. */
  server?: string;
  /** Inbound numbers: E.164 with a leading `+`, quoted, to the name of a phone. Default: none. */
  numbers?: Record<string, string>;
}

/** The ceiling on what a thief with valid credentials can spend. Emergency calls are free of it. */
export interface LimitsSpec {
  /** Outbound trunk calls at one time, over all phones. Default: 2. */
  calls?: number;
  /** Minutes after which an outbound call is ended. Default: 60. */
  callMinutes?: number;
  /** Outbound minutes a day. Not built yet: refused. */
  dailyMinutes?: number;
}

/** What the owner asks for. Plain values only, so that every refusal happens at preview. */
export interface PbxSpec {
  /** ISO 3166-1 alpha-2 code of the country the PBX stands in, for example `"JP"`: decides numbering and emergency numbers. */
  country: string;
  /** Networks in CIDR form from which SSH is accepted, IPv4 or IPv6. The address you run `pulumi up` from must be among them. */
  admins: string[];
  /** Phones by name: lower-case letters, digits and dashes, beginning with a letter. */
  phones: Record<string, PhoneSpec>;
  /** Trunks by name. At most one until failover is built. Default: none, so only internal calls. */
  trunks?: Record<string, TrunkSpec>;
  limits?: LimitsSpec;
  /** Port sshd listens on. Default: 22. */
  sshPort?: number;
  /** Seconds after which an activation that nobody confirmed undoes itself. Default: 120. */
  rollbackSeconds?: number;
  /** Lets a change that needs a restart cut the calls that are up. Default: false, such a change is refused while calls are up. */
  restartWithCalls?: boolean;
}
