import { asteriskFile, when } from "../file-view";

const nothing = () => ({});

/** Who Asterisk runs as and what it may never do. */
export const asterisk = asteriskFile("asterisk.conf", ({ callLimits }) => ({ allCalls: callLimits.allCalls }));

/** The modules that are loaded; no other is. */
export const modules = asteriskFile("modules.conf", ({ platform }) => ({
  required: platform.asterisk.required.map((module) => ({ module })),
  modules: platform.asterisk.modules
    .filter((module) => !platform.asterisk.required.includes(module))
    .map((module) => ({ module })),
}));

/** The audio ports, the same numbers as in the firewall. */
export const rtp = asteriskFile("rtp.conf", (profile) => ({ from: profile.rtp.from, to: profile.rtp.to }));

/** Where call records go. */
export const callRecords = asteriskFile("cdr_custom.conf", ({ cloudWatch }) => ({
  evidence: when(cloudWatch !== undefined, nothing),
}));

/** Files that say the same for every PBX. */
export const fixedFiles = [
  "logger",
  "manager",
  "cli_permissions",
  "http",
  "cdr",
  "cel",
  "features",
  "acl",
  "udptl",
  "pjproject",
  "ccss",
  "indications",
  "stasis",
].map((name) => asteriskFile(`${name}.conf`, nothing));
