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

/** How a phone's signalling travels. */
export const PhoneTransport = {
  Udp: "udp",
  Tcp: "tcp",
  /** Encrypted; its audio is encrypted too (SDES-SRTP). */
  Tls: "tls",
} as const;
/** One of the values of {@link PhoneTransport}. */
export type PhoneTransport = (typeof PhoneTransport)[keyof typeof PhoneTransport];

/** How signalling to and from a carrier travels. */
export const TrunkTransport = {
  Udp: "udp",
  /** Encrypted, with the carrier's certificate verified; its audio is encrypted too (SDES-SRTP). */
  Tls: "tls",
} as const;
/** One of the values of {@link TrunkTransport}. */
export type TrunkTransport = (typeof TrunkTransport)[keyof typeof TrunkTransport];

/** How passwords are digested when a phone proves itself (RFC 3261, RFC 8760). */
export const DigestAlgorithm = {
  /** What every phone knows. */
  Md5: "md5",
  /** Better, and unknown to many phones. */
  Sha256: "sha-256",
} as const;
/** One of the values of {@link DigestAlgorithm}. */
export type DigestAlgorithm = (typeof DigestAlgorithm)[keyof typeof DigestAlgorithm];

/** One phone (a PJSIP endpoint with its AOR and credentials). The key in `phones` is its name. */
export interface PhoneSpec {
  /** Extension, 2 to 6 digits; never used as a SIP user name. Changing it changes what others dial. */
  number: string;
  /** IPv4 networks in CIDR form from which this phone registers and calls; a phone behind a router has the router's outside address. */
  networks?: string[];
  /** A phone on the road, without a listed network: over TLS with encrypted audio, or, with a waiver, over UDP. Default: false. */
  roaming?: boolean;
  /** How its signalling travels. Default: `"udp"`, or `"tls"` for a roaming phone. */
  transport?: PhoneTransport;
  /** SIP user name of a phone that cannot be typed in anew; not an extension, nor 2 to 6 digits that could be one. Default: its name and six derived characters. */
  sipUser?: string;
  /** What it may dial. If any phone may dial outside, a phone that may not cannot transfer calls (its REFER is declined), because it could take over a colleague's call to the outside. Default: `["internal"]`. */
  mayDial?: DialClass[];
  /** Raise by one to give the phone a new password: its registrations end, and its address has to prove itself again. Default: 1. */
  generation?: number;
}

/** Phones that ring together; the first that answers has the call. The key in `groups` is its name. */
export interface GroupSpec {
  /** Extension, 2 to 6 digits, that rings them; no phone's and no other group's. */
  number: string;
  /** Names of its phones. */
  phones: string[];
}

/** An account at a carrier that wants to be registered with; its password is in `trunkPasswords`. */
export interface RegisterSpec {
  /** The registrar: an IPv4 address or, over TLS, a host name, optionally `:port`. Outbound calls go there too, unless the trunk has a `server`. */
  server: string;
  /** The account's user name. */
  user: string;
  /** The realm the carrier challenges with; a challenge with another gets no answer. Default: any realm is answered. */
  realm?: string;
}

/** One carrier: told by the address it signals from, or, with `register`, by the registration its calls come over. The key in `trunks` is its name. */
export interface TrunkSpec {
  /** A carrier whose addresses are known: `"twilio"`, `"telnyx"`, `"vonage"`, `"flowroute"` or `"chime-voice-connector"`. Default: none, so `signalling` has to be listed. */
  carrier?: string;
  /** Regions of the known carrier, by its own names. Default: all of them. */
  regions?: string[];
  /** IPv4 networks from which the carrier signals (SIP). Default: those of the known carrier; required without one. */
  signalling?: string[];
  /** IPv4 networks from which the carrier sends audio (RTP). Default: those of the known carrier, or else the signalling networks. */
  media?: string[];
  /** Where outbound calls are sent: an IPv4 address or, over TLS, a host name whose addresses are among `signalling`, optionally `:port`. Default: the signalling network, when it is a single address; port 5060, over TLS 5061. */
  server?: string;
  /** How signalling travels. Over `"tls"` the carrier's certificate must bear its server's name or address, audio is encrypted (SDES-SRTP), and nothing is taken from its addresses over UDP. Default: `"udp"`. */
  transport?: TrunkTransport;
  /** Path on the host of the CA certificates, in PEM, that must have signed the carrier's certificate; for TLS, and the same for all trunks over TLS. Default: those of the system, `/etc/ssl/certs/ca-certificates.crt`. */
  ca?: string;
  /** Registers with the carrier. Default: no registration. */
  register?: RegisterSpec;
  /** Inbound numbers: E.164 with a leading `+`, quoted, to the name of a phone or group. A registered trunk's only number also takes what is sent to its user name. Default: none. */
  numbers?: Record<string, string>;
}

/** The ceiling on what a thief with valid credentials can spend. Emergency calls are free of it. */
export interface LimitsSpec {
  /** Outbound trunk calls at one time, over all phones. Default: 2. */
  calls?: number;
  /** Minutes after which an outbound call is ended. Default: 60. */
  callMinutes?: number;
  /** Calls one phone may place at one time, inside and outside, and as many that may ring it or talk to it; see docs/limits.md. Default: 4. */
  phoneCalls?: number;
  /** Outbound minutes a day. Not built yet: refused. */
  dailyMinutes?: number;
}

/** A certificate asked for over ACME (RFC 8555), which proves itself at TCP port 80 (HTTP-01): that port is open while it is asked for. */
export interface AcmeSpec {
  /** Public name that leads to this host, for example `"pbx.example.com"`: the certificate bears it, and TLS phones are given it as their server. */
  name: string;
  /** `true` when you have read and agree to the terms of the certificate authority. Nothing is asked for otherwise. */
  agreeToTerms: boolean;
  /** Directory of the ACME server: https, by name, at port 443. Default: Let's Encrypt, `"https://acme-v02.api.letsencrypt.org/directory"`. */
  directory?: string;
  /** Where the authority may write to you. Default: it is told none. */
  email?: string;
  /** For an ACME server of your own: certificates, as PEM text, of the CAs that signed its own certificate and sign those it gives out. Phones have to trust them. Default: those that Debian trusts. */
  ca?: string;
}

/** The certificate TLS phones and carriers see: files of the owner's that lie on the host, copied from there whenever they change, or one asked for over ACME. */
export interface TlsSpec {
  /** Path on the host of the certificate with its chain, in PEM. Root must be able to read it; links are followed. A changed pair is checked and shown with calls up. Goes with `privateKey`. */
  certificate?: string;
  /** Path on the host of its private key, in PEM, without a passphrase. Root must be able to read it; Asterisk need not. */
  privateKey?: string;
  /** Has the host ask for the certificate and renew it, in place of `certificate` and `privateKey`. */
  acme?: AcmeSpec;
}

/** A protection that is given up for a while, by decision: what needs it is then a warning on each `up`, not a refusal. */
export interface WaiverSpec {
  /** Id of the protection: `"network/require-admin-ssh"` for `admins` wider than /8, `"network/require-listed-ports"` for `extraPorts` wider than /8, `"network/require-listed-sip"` for roaming phones over UDP. */
  protection: string;
  /** Why, and for whom; one line. Shown in every warning. */
  reason: string;
  /** The last day it holds (UTC), at most a year away, for example `"2026-12-31"`. After it, `up` is refused until it is decided anew. */
  until: string;
}

/** A machine elsewhere that keeps the logs: a receiver of RELP over TLS, such as rsyslog. */
export interface LogsSpec {
  /** IPv4 address and port of the receiver, for example `"192.0.2.50:6514"`. */
  server: string;
  /** The name its certificate must bear; a receiver without it is sent nothing. */
  name: string;
  /** Certificate, as PEM text, of the CA that signed the receiver's. */
  ca: string;
  /** Certificate, as PEM text, that this PBX shows to the receiver; its key is in `logClientKey`. Default: none is shown. */
  clientCertificate?: string;
}

/** By which strangers are judged before anything else where a phone on the road lets them speak SIP. Listed networks, carriers, admins and addresses that a phone has proved itself from are never asked. */
export interface FirewallSpec {
  /** Names of lists of bad addresses. Each is a file that you keep up to date, `/etc/hardened-asterisk/feeds/NAME` on the host, with an address or network a line; it is read when it changes. Default: none. */
  feeds?: string[];
  /** ISO 3166-1 alpha-2 codes, for example `["JP"]`: strangers from anywhere else, or from nobody knows where, are dropped. Default: every country. */
  allowCountries?: string[];
  /** ISO 3166-1 alpha-2 codes of countries from which strangers are dropped. Default: none. */
  blockCountries?: string[];
}

/** A port at which another program on the PBX's machine is reached. Another machine is the better place for such a program. */
export interface ExtraPortSpec {
  /** TCP port at which it listens. Either this or `udp`. */
  tcp?: number;
  /** UDP port at which it listens. Either this or `tcp`. */
  udp?: number;
  /** IPv4 networks in CIDR form from which the port is reached; one wider than /8 needs a waiver of `"network/require-listed-ports"`. */
  from: string[];
  /** Name of the program as `ss -Hlntup` shows it, for example `"nginx"`; another one at this port is refused. */
  program: string;
}

/** What the owner asks for of a PBX that nobody logs into over SSH. Plain values only, so that every refusal happens at preview. */
export interface SealedPbxSpec {
  /** ISO 3166-1 alpha-2 code of the country the PBX stands in, for example `"JP"`: decides numbering and emergency numbers. */
  country: string;
  /** Phones by name: lower-case letters, digits and dashes, beginning with a letter. */
  phones: Record<string, PhoneSpec>;
  /** Groups of phones by name, named like phones. Default: none. */
  groups?: Record<string, GroupSpec>;
  /** Trunks by name. Default: none, so only internal calls. */
  trunks?: Record<string, TrunkSpec>;
  /** Names of the trunks that outbound calls are tried over, in this order; the others only bring calls. Default: all that have a server, in the order of their names (a stack's configuration keeps no other). */
  outbound?: string[];
  limits?: LimitsSpec;
  /** Certificate for whoever connects over TLS, phones and carriers. Default: one of a private CA that is made on the host; its certificate is in `credentials`. */
  tls?: TlsSpec;
  /** Where the logs are sent as they are written. Default: nowhere, so whoever breaks in can remove them. */
  logs?: LogsSpec;
  /** Lists of addresses, for phones on the road. Default: none, strangers are judged by what they do. */
  firewall?: FirewallSpec;
  /** Ports of other programs that this machine must keep; each is a warning on each `up`. Default: none, any other listener is refused. */
  extraPorts?: ExtraPortSpec[];
  /** Digest algorithm offered to phones; one alone, because some cannot register when two are offered. Default: `"md5"`. Changing it needs nothing typed in anew. */
  digest?: DigestAlgorithm;
  /** Protections given up for a while. Default: none. */
  waivers?: WaiverSpec[];
  /** Seconds after which an activation that nobody confirmed undoes itself. Default: 120. */
  rollbackSeconds?: number;
  /** Lets a change that needs a restart cut the calls that are up. Default: false, such a change is refused while calls are up. */
  restartWithCalls?: boolean;
  /** Ends the calls of a phone that is removed or gets another password or SIP user name. Default: false, they go on to their own end. */
  endCalls?: boolean;
}

/** What the owner asks for. Plain values only, so that every refusal happens at preview. */
export interface PbxSpec extends SealedPbxSpec {
  /** Networks in CIDR form from which SSH is accepted, IPv4 or IPv6. The address you run `pulumi up` from must be among them. */
  admins: string[];
  /** Port sshd listens on. Default: 22. */
  sshPort?: number;
}
