import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "./command";

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

const alternative =
  "Any Debian machine that is reachable by SSH does instead: give its address and key as `connection`.";

/** Why no sandbox can run here, in one sentence with the alternative named; undefined when one can. */
export function whyNoSandbox(): string | undefined {
  if (process.platform !== "linux") return `The sandbox needs Linux; this is ${process.platform}. ${alternative}`;
  if (process.getuid?.() !== 0) return `The sandbox needs root; try \`sudo npm run sandbox -- up\`. ${alternative}`;
  return undefined;
}

/** The Debian packages that are not installed and without which no sandbox can run. */
export function missingPackages(path = process.env.PATH ?? "", administrative = ["/usr/sbin", "/sbin"]): string[] {
  // Debian keeps ip, nft and others in sbin, which is not on every user's PATH.
  const directories = [...path.split(delimiter), ...administrative];
  const missing = Object.entries(packageOfCommand).filter(
    ([command]) => !directories.some((place) => executable(join(place, command))),
  );
  const names = missing.map(([, name]) => name);
  if (!existsSync("/usr/share/keyrings/debian-archive-keyring.gpg")) names.push("debian-archive-keyring");
  return [...new Set(names)];
}

/**
 * Makes sure that a sandbox can run here, installing the Debian packages that are missing.
 * Raises an `Error` whose message says in one sentence why it cannot, and what to do.
 */
export async function requireSandbox(progress: (line: string) => void): Promise<void> {
  const reason = whyNoSandbox();
  if (reason !== undefined) throw new Error(reason);
  const missing = missingPackages();
  if (missing.length === 0) return;
  const install = ["apt-get", "install", "--yes", "--no-install-recommends", ...missing];
  progress(`installing ${missing.join(", ")}`);
  try {
    await run(install, { timeout: 300_000, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
  } catch (error) {
    throw new Error(`The sandbox needs Debian packages that could not be installed: run \`${install.join(" ")}\`.`, {
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
