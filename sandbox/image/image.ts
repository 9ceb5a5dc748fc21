import { join } from "node:path";
import { addresses } from "../addresses";
import { cacheOf, ensureBuilt, nameOf, type Recipe } from "./recipe";
import { ensureAsteriskPackage, packageRecipe } from "../../tools/asterisk-build/asterisk-package";

/**
 * What a sandbox host boots: `bare` has no Asterisk and no fail2ban, `packages` has both, and what keeps a host current, as Debian 14
 * installs them (Asterisk 22); `bare13` and `packages13` are the same of Debian 13, with the package that `npm run build:asterisk`
 * makes; `packages16` has both as Debian 11 does (Asterisk 16).
 */
export type ImageName = "bare" | "packages" | "bare13" | "packages13" | "packages16";

/** The images that were asked for, on disk. */
export interface Images {
  /** The overlay layers of an image, the uppermost first, as overlayfs takes them for `lowerdir`. */
  readonly layers: (image: ImageName) => string[];
  /** The directory of `.deb` files and their index that goes with an image. */
  readonly repository: (image: ImageName) => string;
}

/** Which recipe makes an image. */
type Family = "14" | "13" | "11";

const families: Readonly<Record<ImageName, Family>> = {
  bare: "14",
  packages: "14",
  bare13: "13",
  packages13: "13",
  packages16: "11",
};

const barePackages =
  "systemd,systemd-sysv,dbus,openssh-server,nftables,iproute2,iputils-ping,procps,python3,adduser,ca-certificates";
const kept = "fail2ban python3-systemd logrotate chrony unattended-upgrades";
const offered = `${kept} faketime tcpdump location libloc-database rsyslog rsyslog-relp rsyslog-openssl lynis lego auditd ethtool sudo`;
const REPOSITORY_URL = `http://${addresses.repository}/`;

/** Made anew at each use: that of Debian 13 depends on the pinned sources of Asterisk. */
const recipes: Readonly<Record<Family, () => Recipe>> = {
  "14": () => ({
    title: "the images of Debian 14; this takes about a minute, once",
    script: join(__dirname, "build.sh"),
    variables: {
      SUITE: "forky",
      BARE_PACKAGES: barePackages,
      INSTALLED_PACKAGES: `asterisk ${kept}`,
      REPOSITORY_PACKAGES: `asterisk asterisk-moh-opsound-gsm ${offered}`,
      REPOSITORY_URL,
    },
  }),
  "13": () => ({
    title: "the images of Debian 13; this takes about a minute, once",
    script: join(__dirname, "build.sh"),
    variables: {
      SUITE: "trixie",
      BARE_PACKAGES: barePackages,
      INSTALLED_PACKAGES: `hardened-asterisk-asterisk ${kept}`,
      // An image of a cloud has cloud-init.
      REPOSITORY_PACKAGES: `${offered} cloud-init`,
      REPOSITORY_URL,
      BUILT: nameOf(packageRecipe()),
    },
  }),
  "11": () => ({
    title: "the image of Debian 11; this takes about a minute, once",
    script: join(__dirname, "build-16.sh"),
    variables: {
      SUITE: "bullseye",
      PACKAGES:
        "systemd,systemd-sysv,dbus,openssh-server,nftables,iproute2,iputils-ping,procps,python3,ca-certificates,asterisk,fail2ban",
    },
  }),
};

/**
 * Returns the images asked for, building first those whose recipe is not in the cache yet. One builder at a time; an image appears
 * whole or not at all. Raises a `CommandError` with the last lines of the build.
 */
export async function ensureImages(
  wanted: readonly ImageName[],
  progress: (line: string) => void,
  signal?: AbortSignal,
): Promise<Images> {
  const folders = new Map<Family, string>();
  for (const family of new Set(wanted.map((image) => families[image]))) {
    const keep = Object.values(recipes).map((recipe) => recipe());
    const prepare = () => prepared(family, progress, signal);
    folders.set(family, await ensureBuilt(cacheOf("images"), recipes[family](), { progress, signal, keep, prepare }));
  }
  const folderOf = (image: ImageName) => {
    const folder = folders.get(families[image]);
    if (folder === undefined) throw new Error(`the image ${image} was not asked for`);
    return folder;
  };
  return {
    layers: (image) => {
      const folder = folderOf(image);
      if (image === "packages16") return [join(folder, "packages16")];
      const lower = join(folder, "bare");
      return image.startsWith("bare") ? [lower] : [join(folder, "packages"), lower];
    },
    repository: (image) => join(folderOf(image), "repository"),
  };
}

/** What a build reads beside its recipe. */
async function prepared(
  family: Family,
  progress: (line: string) => void,
  signal?: AbortSignal,
): Promise<Record<string, string>> {
  if (family !== "13") return {};
  const [built] = await ensureAsteriskPackage({ progress, ...(signal === undefined ? {} : { signal }) });
  if (built === undefined) throw new Error("the build of Asterisk for Debian 13 left no package");
  return { OWN_PACKAGE: built.path };
}
