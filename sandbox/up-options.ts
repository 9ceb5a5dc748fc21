import type { ImageName } from "./image/image";
import { isTwin, twinHosts, type HostName } from "./layout";
import { firstVariant, variants } from "./twin";

/** What a host `pbx` can be before it is hardened. */
export type HostImage = "bare" | "packages";
/** What a host `pbx` can boot. */
export type HostRelease = "debian-13" | "debian-14";

/** What is asked of {@link upSandbox}. */
export interface UpOptions {
  /** 1–16 of a–z and 0–9, a letter first. Default: a random one. */
  readonly name?: string;
  /** Whether the host `pbx` has Asterisk and fail2ban as their packages leave them. Default: `bare`, it has not. */
  readonly image?: HostImage;
  /** The release that the host `pbx` boots. Default: `debian-14`. */
  readonly os?: HostRelease;
  /** Whether to boot the unhardened twin too, as `tutorial22`. Default: no. */
  readonly twin?: boolean;
  /** Whether to boot a second twin with Asterisk 16, as `tutorial16`; its image is built first where it is missing. Default: no. */
  readonly twin16?: boolean;
  /** Seconds after which the sandbox ends by itself. Default: 7200. */
  readonly ttlSeconds?: number;
  /** Takes what is being done, line by line. Default: nobody. */
  readonly progress?: (line: string) => void;
  /** Aborts the start; what was made so far is removed. */
  readonly signal?: AbortSignal;
}

/** The machines that a sandbox boots, the PBX first. */
export function hostsOf(options: UpOptions): HostName[] {
  return ["pbx", ...twinHosts.filter((twin) => options[twin] === true)];
}

/** The images that a sandbox is made of. */
export function imagesOf(options: UpOptions): ImageName[] {
  return hostsOf(options).map((host) => imageOf(host, options));
}

/** What a machine of a sandbox boots. */
export function imageOf(host: HostName, { image = "bare", os = "debian-14" }: UpOptions): ImageName {
  if (isTwin(host)) return variants[firstVariant[host]].image;
  return os === "debian-13" ? `${image}13` : image;
}
