import type { OutsideClass, DialRule } from "../numbering/dial-plan";
import type { Platform } from "../platform/platform";
import type { DigestAlgorithm, PhoneTransport, TrunkTransport } from "../spec/spec";
import type { CallLimits, PortRange } from "./call-limits";
import type { ConnectionLimits } from "./connection-limits";

/** One phone with every decision made. */
export interface PhoneProfile {
  readonly name: string;
  readonly number: string;
  /** Networks it may come from; empty for a phone on the road, which may come from anywhere, over TLS or, waived, UDP. */
  readonly networks: readonly string[];
  readonly transport: PhoneTransport;
  /** The SIP user name the owner kept; absent for a derived one. */
  readonly sipUser: string | undefined;
  /** Dialplan context its calls enter; one per set of dial classes. */
  readonly context: string;
  readonly generation: number;
  /**
   * Whether it may transfer calls: a phone that may dial outside, or any phone where none may. Asterisk carries out a REFER that
   * names a call of somebody else (Replaces, res_pjsip_refer.c, 22.10), so a phone without outside rights could reach a
   * colleague's call to the outside.
   */
  readonly mayTransfer: boolean;
  /** What each carrier is shown as the caller: the phone's own number there, or else the trunk's first. */
  readonly outsideCallerIds: readonly OutsideCallerId[];
}

/** The caller that one carrier is shown. */
export interface OutsideCallerId {
  readonly trunk: string;
  readonly e164: string;
}

/** Phones that ring together. */
export interface GroupProfile {
  readonly name: string;
  readonly number: string;
  /** Names of its phones; at least one. */
  readonly phones: readonly string[];
  /** Calls that may ring it or talk to it at one time; more are refused with 486. */
  readonly calls: number;
}

/** One inbound number and the spellings in which a carrier may send it. */
export interface InboundNumber {
  readonly e164: string;
  /** All spellings, E.164 with `+` first. */
  readonly spellings: readonly string[];
  readonly extension: string;
}

/** An account at a carrier. */
export interface RegistrationProfile {
  /** The registrar, `address:port`; over TLS also `name:port`. */
  readonly server: string;
  readonly user: string;
  /** Absent: any realm is answered. */
  readonly realm: string | undefined;
}

/** One carrier. */
export interface TrunkProfile {
  readonly name: string;
  readonly signalling: readonly string[];
  readonly media: readonly string[];
  readonly transport: TrunkTransport;
  /** `address:port`, over TLS also `name:port`, that outbound calls are sent to; absent for a trunk that only takes calls. */
  readonly server: string | undefined;
  /** Absent for a carrier that is told by the address it signals from. */
  readonly registration: RegistrationProfile | undefined;
  readonly numbers: readonly InboundNumber[];
}

/** How a certificate is asked for. */
export interface AcmeProfile {
  readonly name: string;
  /** Address of the ACME server's directory. */
  readonly directory: string;
  /** Absent: the authority is told none. */
  readonly email: string | undefined;
  /** Lines in PEM of the CAs that the ACME server and what it signs are verified with; absent for those of the system. */
  readonly ca: readonly string[] | undefined;
}

/** Where TLS phones and carriers are listened for, and with which certificate. */
export interface TlsProfile {
  readonly port: number;
  /** Paths on the host at which Asterisk reads them. */
  readonly certificate: string;
  readonly privateKey: string;
  /** Files of the owner's, on the host, from which the certificate and its key are copied; absent when the host makes or asks for one. */
  readonly given: { readonly certificate: string; readonly privateKey: string } | undefined;
  /** True when the certificate is one of the private CA made on the host. */
  readonly ownAuthority: boolean;
  /** Absent when the certificate is not asked for over ACME. */
  readonly acme: AcmeProfile | undefined;
  /** True when phones on the road may come from anywhere. */
  readonly roaming: boolean;
  /** Path on the host of the CA certificates that a carrier's certificate is verified with; absent when no carrier uses TLS. */
  readonly carrierAuthorities: string | undefined;
}

/** Where logs are sent, and how the receiver is known. Certificates are lists of their PEM lines. */
export interface LogsProfile {
  readonly address: string;
  readonly port: number;
  readonly name: string;
  readonly ca: readonly string[];
  /** Absent when none is shown to the receiver. */
  readonly clientCertificate: readonly string[] | undefined;
}

/** Lists of addresses by which strangers are judged; at least one of the three is not empty, and countries are either allowed or blocked. */
export interface AddressListsProfile {
  /** Names of files in the folder of feeds. */
  readonly feeds: readonly string[];
  readonly allowCountries: readonly string[];
  readonly blockCountries: readonly string[];
}

/** A port of another program on the machine. */
export interface ExtraPortProfile {
  readonly protocol: "tcp" | "udp";
  readonly port: number;
  /** In CIDR form, IPv4. */
  readonly networks: readonly string[];
  /** As the kernel names its process. */
  readonly program: string;
}

/** A dialplan context for phones and what it lets them dial, in the order Asterisk looks. */
export interface DialContext {
  /** Where a call enters, with the text that was dialled. */
  readonly name: string;
  /** Where it is looked for once it is a number. */
  readonly numbers: string;
  readonly includes: readonly string[];
}

/** A package file that the release does not carry. */
export interface PackageFile {
  /** In hex. */
  readonly sha256: string;
  /** Where the host fetches it; absent when it is brought to the host. */
  readonly url?: string;
}

/** Where in CloudWatch Logs a host on AWS writes, and by what. */
export interface CloudWatchProfile {
  /** Start of every log group's name, with a slash before and none behind it. */
  readonly prefix: string;
  /** The file that carries Amazon's agent. */
  readonly agent: PackageFile;
}

/** Limits on waiting, in seconds. */
export interface TimeoutsProfile {
  readonly ringSeconds: number;
  /** Call without RTP and RTCP from one side (`rtp_timeout`; res_pjsip_sdp_rtp.c counts both), not on hold. */
  readonly silentCallSeconds: number;
  /** The same for a call on hold (`rtp_timeout_hold`): a phone may be silent there, so only the last resort. */
  readonly silentHoldSeconds: number;
  /** Session interval with phones (RFC 4028; 90 is the least it allows): the PBX asks each phone in a call after half of it. */
  readonly sessionSeconds: number;
  /** Interval between comfort-noise packets to a side that is sent no audio (RFC 6263 §4.7 asks for at most 15). */
  readonly keepaliveSeconds: number;
}

/** Every decision about one PBX; nothing optional is left open, and the same spec gives the same profile. */
export interface PbxProfile {
  readonly platform: Platform;
  /** The file that carries Asterisk; absent where the release packages it. */
  readonly asteriskPackage: PackageFile | undefined;
  readonly country: string;
  readonly admins: readonly string[];
  /** Those of `admins` that can be told from strangers; a waived network wider than /8 is not among them. */
  readonly neverBannedAdmins: readonly string[];
  /** True when admins log in over SSH; else sshd is heard on the machine itself alone, and there are no admins. */
  readonly ssh: boolean;
  readonly sshPort: number;
  readonly sipPort: number;
  readonly realm: string;
  readonly digest: DigestAlgorithm;
  /** Absent when neither phone nor carrier uses TLS: the port is then closed. */
  readonly tls: TlsProfile | undefined;
  /** Absent when logs stay on the host. */
  readonly logs: LogsProfile | undefined;
  /** Absent on a host that is not on AWS. */
  readonly cloudWatch: CloudWatchProfile | undefined;
  /** Absent when strangers are judged by what they do alone. */
  readonly addressLists: AddressListsProfile | undefined;
  /** Ports of other programs; empty for most. */
  readonly extraPorts: readonly ExtraPortProfile[];
  readonly phones: readonly PhoneProfile[];
  readonly groups: readonly GroupProfile[];
  /** In the order in which an outbound call tries them. */
  readonly trunks: readonly TrunkProfile[];
  readonly dialContexts: readonly DialContext[];
  /** Country calling code without `+`, for example `"81"`. */
  readonly callingCode: string;
  readonly dialRules: Readonly<Record<OutsideClass, readonly DialRule[]>>;
  readonly emergencyNumbers: readonly string[];
  readonly limits: {
    readonly calls: number;
    readonly callSeconds: number;
    /** Calls one phone may place at one time, and as many that it may be called with. */
    readonly phoneCalls: number;
    readonly openFiles: number;
    /** Ceiling on Asterisk's memory, in MiB. */
    readonly memoryMegabytes: number;
    /** Ceiling on Asterisk's threads. */
    readonly tasks: number;
  };
  /** Bounds of calls and legs that the host sets itself, with the audio ports of each kind of leg. */
  readonly callLimits: CallLimits;
  /** TCP and TLS connections that may stand. */
  readonly connectionLimits: ConnectionLimits;
  /** All audio ports, as the firewall opens them. */
  readonly rtp: PortRange;
  readonly timeouts: TimeoutsProfile;
  /** True when the host's public address differs from its own and is filled in on the host. */
  readonly externalAddress: boolean;
  /** True when a waiver lets phones on the road come from anywhere over UDP. */
  readonly roamingOverUdp: boolean;
  readonly rollbackSeconds: number;
  readonly restartWithCalls: boolean;
  /** True when the calls of a phone end with its password, its SIP user name or the phone itself. */
  readonly endCalls: boolean;
}
