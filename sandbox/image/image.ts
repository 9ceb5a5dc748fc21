import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { addresses } from "../addresses";
import { run, tryRun } from "../command";
import { noteUse, prune } from "../prune";

/**
 * What a sandbox host boots: `bare` has no Asterisk and no fail2ban, `packages` has both, and what keeps a host current, as Debian 14
 * installs them (Asterisk 22); `packages16` has both as Debian 11 does (Asterisk 16).
 */
export type ImageName = "bare" | "packages" | "packages16";

/** The images on disk. */
export interface Images {
  /** The overlay layers of an image, the uppermost first, as overlayfs takes them for `lowerdir`. */
  readonly layers: (image: ImageName) => string[];
  /** The directory of `.deb` files and their index. */
  readonly repository: string;
}

/** How images are built: a script beside this file, and the variables it reads. */
interface Recipe {
  readonly script: string;
  readonly variables: Readonly<Record<string, string>>;
}

const variables = {
  SUITE: "forky",
  BARE_PACKAGES:
    "systemd,systemd-sysv,dbus,openssh-server,nftables,iproute2,iputils-ping,procps,python3,adduser,ca-certificates",
  INSTALLED_PACKAGES: "asterisk fail2ban python3-systemd logrotate chrony unattended-upgrades",
  REPOSITORY_PACKAGES:
    "asterisk fail2ban python3-systemd asterisk-moh-opsound-gsm faketime tcpdump location libloc-database rsyslog rsyslog-relp rsyslog-openssl logrotate chrony unattended-upgrades lynis lego",
  REPOSITORY_URL: `http://${addresses.repository}/`,
};
const recipe: Recipe = { script: "build.sh", variables };
const recipe16: Recipe = {
  script: "build-16.sh",
  variables: {
    SUITE: "bullseye",
    PACKAGES:
      "systemd,systemd-sysv,dbus,openssh-server,nftables,iproute2,iputils-ping,procps,python3,ca-certificates,asterisk,fail2ban",
  },
};

/** Where images are kept: `$XDG_CACHE_HOME` or `~/.cache`, in `hardened-asterisk/images`. */
export function imageCache(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "hardened-asterisk", "images");
}

/**
 * Returns the images, building them first when their recipe is not in the cache yet; `packages16` only when `with16` asks for
 * it. One builder at a time; an image appears whole or not at all. Raises a `CommandError` with the last lines of the build.
 */
export async function ensureImages(
  progress: (line: string) => void,
  signal?: AbortSignal,
  with16 = false,
): Promise<Images> {
  const finished = await ensureBuilt(recipe, progress, signal);
  const finished16 = with16 ? await ensureBuilt(recipe16, progress, signal) : undefined;
  const bare = join(finished, "bare");
  return {
    layers: (image) => {
      if (image === "bare") return [bare];
      if (image === "packages") return [join(finished, "packages"), bare];
      if (finished16 === undefined) throw new Error("the image packages16 was not asked for");
      return [join(finished16, "packages16")];
    },
    repository: join(finished, "repository"),
  };
}

/** The directory in which a recipe's images lie, built first when it is not there. */
async function ensureBuilt(
  wanted: Recipe,
  progress: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<string> {
  const cache = imageCache();
  const finished = join(cache, digestOf(wanted));
  if (!existsSync(finished)) {
    mkdirSync(cache, { recursive: true, mode: 0o700 });
    const release = await lock(join(cache, ".lock"), progress, signal);
    try {
      if (!existsSync(finished)) await build(wanted, finished, progress, signal);
      for (const old of prune(cache, /^[0-9a-f]{16}$/, [recipe, recipe16].map(digestOf)))
        progress(`removed the images ${old}, unused for a day`);
    } finally {
      release();
    }
  }
  noteUse(finished);
  return finished;
}

/** Names a recipe's folder in the cache. */
function digestOf({ script, variables }: Recipe): string {
  const text = readFileSync(join(__dirname, script));
  return createHash("sha256").update(JSON.stringify(variables)).update(text).digest("hex").slice(0, 16);
}

async function build(
  { script, variables }: Recipe,
  finished: string,
  progress: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const cache = dirname(finished);
  for (const entry of readdirSync(cache)) {
    if (entry.startsWith(".building-")) rmSync(join(cache, entry), { recursive: true, force: true });
  }
  const building = join(cache, `.building-${process.pid}`);
  mkdirSync(building, { mode: 0o755 });
  progress("building the images; this takes about a minute, once");
  const isolated = [
    "unshare",
    "--mount",
    "--propagation",
    "private",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
  ];
  try {
    await run(["setpriv", "--pdeathsig", "KILL", ...isolated, "sh", join(__dirname, script), building], {
      timeout: 900_000,
      env: { PATH: path(), ...variables, MIRROR: await mirror(), HOME: "/root", ...proxy() },
      onOutput: byLine(progress),
      signal,
    });
    renameSync(building, finished);
  } catch (error) {
    rmSync(building, { recursive: true, force: true });
    throw error;
  }
}

function path(): string {
  return `${process.env.PATH ?? ""}:/usr/sbin:/sbin`;
}

function proxy(): NodeJS.ProcessEnv {
  const { http_proxy, https_proxy, no_proxy } = process.env;
  return { http_proxy, https_proxy, no_proxy };
}

/** The Debian mirror this machine itself uses, or the one `HARDENED_ASTERISK_MIRROR` names where this is not a Debian machine. */
async function mirror(): Promise<string> {
  const { stdout } = await tryRun(["apt-get", "indextargets", "--format", "$(REPO_URI)"]);
  const own = stdout.split("\n").find((uri) => /^https?:\/\/.*\/debian\/?$/.test(uri));
  const named = process.env["HARDENED_ASTERISK_MIRROR"] ?? own;
  if (named === undefined)
    throw new Error(
      "No Debian mirror is known here: this machine's apt has none. Name one in HARDENED_ASTERISK_MIRROR, such as http://MIRROR/debian.",
    );
  return named;
}

function byLine(progress: (line: string) => void): (text: string) => void {
  let rest = "";
  return (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (/^(I|E): (?!running --customize)|^\w\w+: /.test(line)) progress(line);
  };
}

/** Takes an exclusive lock that the kernel gives back when this process ends, however it ends. */
function lock(file: string, progress: (line: string) => void, signal?: AbortSignal): Promise<() => void> {
  const holder = spawn("flock", [file, "sh", "-c", "echo locked; read _"], { stdio: "pipe", signal });
  const waiting = setTimeout(() => {
    progress(`waiting for another process that builds the images (${file})`);
  }, 1000);
  return new Promise((resolve, reject) => {
    holder.once("error", reject);
    holder.stdin.on("error", () => undefined);
    holder.stdout.once("data", () => {
      resolve(() => holder.stdin.end());
    });
    holder.once("exit", () => {
      reject(new Error(`the lock ${file} cannot be taken: remove that file if no build is running`));
    });
  }).finally(() => {
    clearTimeout(waiting);
  }) as Promise<() => void>;
}
