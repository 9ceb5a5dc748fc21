import type { PbxProfile, TrunkProfile } from "../profile/profile";
import { PhoneTransport, TrunkTransport } from "../spec/spec";

/** Who may send what to a PBX: networks in CIDR form, each once and sorted. */
export interface FirewallSources {
  /** Phones and carriers that signal over UDP or TCP, or over TLS from a phone's network. */
  readonly signalling: readonly string[];
  /** Those of them that are carriers. */
  readonly trunks: readonly string[];
  /** Those of `signalling` that signal over UDP, whose source can be forged. */
  readonly datagrams: readonly string[];
  /** Carriers over TLS. */
  readonly carriers: readonly string[];
  /** Whoever sends audio. */
  readonly media: readonly string[];
}

/** The networks of a profile, as every firewall needs them. */
export function firewallSources({ phones, trunks }: Pick<PbxProfile, "phones" | "trunks">): FirewallSources {
  const ofPhones = phones.flatMap(({ networks }) => networks);
  const overUdp = phones.filter(({ transport }) => transport === PhoneTransport.Udp);
  return {
    signalling: once([...ofPhones, ...signallingOf(trunks, TrunkTransport.Udp)]),
    trunks: once(signallingOf(trunks, TrunkTransport.Udp)),
    datagrams: once([...overUdp.flatMap(({ networks }) => networks), ...signallingOf(trunks, TrunkTransport.Udp)]),
    carriers: once(signallingOf(trunks, TrunkTransport.Tls)),
    media: once([...ofPhones, ...trunks.flatMap(({ media }) => media)]),
  };
}

/** Whether a phone on the road may come from anywhere, so that strangers reach a SIP port. */
export function isOpenToStrangers({ tls, roamingOverUdp }: PbxProfile): boolean {
  return tls?.roaming === true || roamingOverUdp;
}

function signallingOf(trunks: readonly TrunkProfile[], over: TrunkTransport): string[] {
  return trunks.filter(({ transport }) => transport === over).flatMap(({ signalling }) => signalling);
}

function once(networks: readonly string[]): string[] {
  return [...new Set(networks)].sort();
}
