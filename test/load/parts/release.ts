import { HostOs, isHostOs } from "../../../core/platform/platforms";

const word = process.env["LOAD_RELEASE"] ?? HostOs.Debian14;
if (!isHostOs(word)) throw new Error(`LOAD_RELEASE is ${word}; take ${Object.values(HostOs).join(" or ")}`);

/** The release that this suite's PBXs run: Debian 14, or what `LOAD_RELEASE` names. */
export const release: HostOs = word;
