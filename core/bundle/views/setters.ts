import type { PbxProfile } from "../../profile/profile";
import { systemFile, when, type FileView } from "../file-view";
import { firewallSources } from "../firewall-sources";

const units = "/etc/systemd/system";
const networkViews = (networks: readonly string[]) => [...new Set(networks)].sort().map((network) => ({ network }));

/** Users of their own for readers of foreign text and for setters of the firewall. */
export const setterUsers = systemFile("/etc/sysusers.d/hardened-asterisk-setters.conf", ({ addressLists }) => ({
  lists: when(addressLists !== undefined, () => ({})),
}));

/** Whom the setter of bans never bans, and at which ports it ends a flow. */
export const setterConfiguration = systemFile("/etc/hardened-asterisk/setter.conf", (profile) => {
  const { signalling, datagrams, carriers, media } = firewallSources(profile);
  const logs = profile.logs === undefined ? [] : [`${profile.logs.address}/32`];
  return {
    trusted: networkViews([...signalling, ...datagrams, ...carriers]),
    spared: networkViews([...profile.neverBannedAdmins, ...media, ...logs]),
    ports: [profile.sipPort, ...(profile.tls === undefined ? [] : [profile.tls.port])].map((port) => ({ port })),
  };
});

const setter = "hardened-asterisk-setter";
const listsSetter = "hardened-asterisk-lists-setter";
const kinds = ["socket", "service"] as const;
const unitsOf = (name: string) => kinds.map((kind) => `${name}.${kind}`);

/** Sets bans and proofs; in start order. */
export const setterUnitNames: readonly string[] = unitsOf(setter);

/** Sets the sets of the address lists; in start order. */
export const listsSetterUnitNames: readonly string[] = unitsOf(listsSetter);

/** The unit files of both. */
export const setterUnits: readonly FileView[] = [
  ...setterUnitNames.map((name) => systemFile(`${units}/${name}`, () => ({}))),
  ...listsSetterUnitNames.map((name) => ({
    ...systemFile(`${units}/${name}`, () => ({})),
    needed: ({ addressLists }: PbxProfile) => addressLists !== undefined,
  })),
];

/** Every file that has to do with the setters. */
export const setterViews: readonly FileView[] = [setterUsers, setterConfiguration, ...setterUnits];
