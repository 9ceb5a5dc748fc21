import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run, tryRun } from "./command";

/** The commands the sandbox calls, and the Debian package of each. */
const packageOfCommand: Record<string, string> = {
  ip: "iproute2",
  nft: "nftables",
  socat: "socat",
  "ssh-keygen": "openssh-client",
  "systemd-nspawn": "systemd-container",
  unshare: "util-linux",
  nsenter: "util-linux",
  setpriv: "util-linux",
  flock: "util-linux",
  mmdebstrap: "mmdebstrap",
  "apt-ftparchive": "apt-utils",
};

const keyringFile = "/usr/share/keyrings/debian-archive-keyring.gpg";

const alternative =
  "Any Debian machine that is reachable by SSH does instead: give its address and key as `connection`.";

/** What building images and packages takes of them. */
const builders = ["unshare", "setpriv", "flock", "mmdebstrap"];

/** Why no sandbox can run here, in one sentence with the alternative named; undefined when one can. */
export function whyNoSandbox(): string | undefined {
  if (process.platform !== "linux") return `The sandbox needs Linux; this is ${process.platform}. ${alternative}`;
  if (process.getuid?.() !== 0) return `The sandbox needs root; try \`sudo npm run sandbox -- up\`. ${alternative}`;
  return undefined;
}

/** The packages of `wanted` (command → Debian package) whose command is not installed. */
export function packagesOfMissing(
  wanted: Readonly<Record<string, string>>,
  path = process.env.PATH ?? "",
  administrative = ["/usr/sbin", "/sbin"],
): string[] {
  // Debian keeps ip, nft and others in sbin, which is not on every user's PATH.
  const directories = [...path.split(delimiter), ...administrative];
  const missing = Object.entries(wanted).filter(
    ([command]) => !directories.some((place) => executable(join(place, command))),
  );
  return [...new Set(missing.map(([, name]) => name))];
}

/** The Debian packages that are not installed and without which no sandbox can run. */
export function missingPackages(path?: string, administrative?: string[]): string[] {
  const names = packagesOfMissing(packageOfCommand, path, administrative);
  if (!existsSync(keyringFile)) names.push("debian-archive-keyring");
  return names;
}

/**
 * Makes sure that a sandbox can run here, installing the Debian packages that are missing.
 * Raises an `Error` whose message says in one sentence why it cannot, and what to do.
 */
export async function requireSandbox(progress: (line: string) => void): Promise<void> {
  const reason = whyNoSandbox();
  if (reason !== undefined) throw new Error(reason);
  await installPackages(missingPackages(), progress);
}

/** Makes sure that a Debian can be built here, as {@link requireSandbox} does for a sandbox. */
export async function requireBuilder(progress: (line: string) => void): Promise<void> {
  if (process.platform !== "linux" || process.getuid?.() !== 0)
    throw new Error("Building needs root on a Debian machine, or in a sandbox; try the same with sudo.");
  const wanted = Object.fromEntries(Object.entries(packageOfCommand).filter(([command]) => builders.includes(command)));
  const keyring = existsSync(keyringFile) ? [] : ["debian-archive-keyring"];
  await installPackages([...packagesOfMissing(wanted), ...keyring], progress);
}

/** Installs Debian packages; raises an `Error` with the command to run when that does not work here. */
export async function installPackages(missing: readonly string[], progress: (line: string) => void): Promise<void> {
  if (missing.length === 0) return;
  const install = ["apt-get", "install", "--yes", "--no-install-recommends", ...missing];
  const options = { timeout: 300_000, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  progress(`installing ${missing.join(", ")}`);
  try {
    // A new machine may never have asked for the lists of packages.
    const first = await tryRun(install, options);
    if (first.code === 0) return;
    await run(["apt-get", "update"], options);
    await run(install, options);
  } catch (error) {
    throw new Error(`Debian packages are missing and could not be installed: run \`${install.join(" ")}\`.`, {
      cause: error,
    });
  }
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
