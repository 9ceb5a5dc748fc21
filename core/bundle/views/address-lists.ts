import type { AddressListsProfile, PbxProfile } from "../../profile/profile";
import { systemFile, type FileView } from "../file-view";
import type { View } from "../mustache";
import { listsSetterUnitNames } from "./setters";

/** What the host's agent is told of the lists that strangers are judged by. */
export const addressListsPath = "/etc/hardened-asterisk/address-lists.conf";

const unit = "hardened-asterisk-lists";

/** The unit that reads the lists and tells the firewall. */
export const listsUnitName = `${unit}.service`;

/** The unit that starts it when a list changes. */
export const listsWatchName = `${unit}.path`;

const units = "/etc/systemd/system";
const countriesOf = ({ allowCountries, blockCountries }: AddressListsProfile) => [...allowCountries, ...blockCountries];
const countryViews = (codes: readonly string[]) => codes.map((country) => ({ country }));
const hasCountries = ({ addressLists }: PbxProfile) =>
  addressLists !== undefined && countriesOf(addressLists).length > 0;

/** A file that is there only with lists. */
function withLists(path: string, view: (lists: AddressListsProfile) => View): FileView {
  return {
    ...systemFile(path, ({ addressLists }) => {
      if (addressLists === undefined) throw new Error(`${path} needs lists of addresses`);
      return view(addressLists);
    }),
    needed: ({ addressLists }) => addressLists !== undefined,
  };
}

const configuration = withLists(addressListsPath, ({ feeds, allowCountries, blockCountries }) => ({
  feeds: feeds.map((feed) => ({ feed })),
  allowed: countryViews(allowCountries),
  blocked: countryViews(blockCountries),
}));

const watch: FileView = {
  ...withLists(`${units}/${listsWatchName}`, ({ feeds }) => ({ feeds: feeds.map((feed) => ({ feed })) })),
  needed: ({ addressLists }) => addressLists !== undefined && addressLists.feeds.length > 0,
};

/** What a hole in the fetcher of that database is left with. */
const updateSandbox: FileView = {
  ...withLists(`${units}/location-update.service.d/hardened-asterisk.conf`, () => ({})),
  needed: hasCountries,
};

/** Every file that has to do with lists of addresses, but for the firewall's own. */
export const addressListViews: readonly FileView[] = [
  configuration,
  withLists(`${units}/${listsUnitName}`, () => ({})),
  withLists(`${units}/${unit}.timer`, () => ({})),
  watch,
  updateSandbox,
];

/** Units that keep the lists current, in start order; empty without lists. */
export function listServices(profile: PbxProfile): string[] {
  const { addressLists } = profile;
  if (addressLists === undefined) return [];
  return [
    ...listsSetterUnitNames,
    ...(addressLists.feeds.length > 0 ? [listsWatchName] : []),
    `${unit}.timer`,
    ...(hasCountries(profile) ? ["location-update.timer"] : []),
  ];
}

/** Packages that the lists need. */
export function listPackages(profile: PbxProfile): readonly string[] {
  return hasCountries(profile) ? (profile.platform.os.packages.countries ?? []) : [];
}
