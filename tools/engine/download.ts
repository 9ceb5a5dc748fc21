import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { tryRun } from "../../sandbox/command";
import { cacheFolder } from "./cache";
import { isExecutable } from "./executables";
import { type Progress, reported } from "./progress";
import { COMMAND_VERSION, PULUMI_VERSION } from "./versions";

/** The site the Automation API and the CLI download from, and how long to wait for its first answer (milliseconds). */
const SITE = "https://get.pulumi.com/install.sh";
const CONNECT_LIMIT = 15_000;
/** How long a download may take once the site has answered (milliseconds). */
const DOWNLOAD_LIMIT = 10 * 60_000;
/** After a failed attempt the site is not asked again for this long (milliseconds). */
const RETRY_AFTER = 24 * 60 * 60_000;

/** Installs through the Automation API in a process of its own: a download it cannot stop can still be ended with it. */
const INSTALL = `require("@pulumi/pulumi/automation").PulumiCommand.install({ root: process.argv[1] })
  .catch((error) => { console.error(error.message); process.exit(1); });`;

/** The official download, or why it is not used. */
export class Download {
  private site: Promise<string | undefined> | undefined;

  /** @param allowed false when the caller or \`HARDENED_ASTERISK_ENGINE_DOWNLOAD=off\` has switched it off. */
  constructor(
    private readonly allowed: boolean,
    private readonly progress: Progress,
  ) {}

  /** The folder of an official CLI installed earlier; undefined if there is none. */
  static installed(): string | undefined {
    const root = officialRoot();
    return isExecutable(join(root, "bin", "pulumi")) ? join(root, "bin") : undefined;
  }

  /** Installs the official CLI into the cache and returns its folder, or says why that was not possible. */
  async cli(): Promise<{ folder: string } | { refusal: string }> {
    const refusal = await this.refusal();
    if (refusal !== undefined) return { refusal };
    const root = officialRoot();
    return reported(`downloading the official Pulumi CLI ${PULUMI_VERSION}`, this.progress, async () => {
      const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
      const { code, stderr } = await tryRun([process.execPath, "-e", INSTALL, root], {
        cwd: __dirname,
        env,
        timeout: DOWNLOAD_LIMIT,
      });
      const folder = Download.installed();
      return code === 0 && folder !== undefined ? { folder } : { refusal: `the official download failed: ${stderr}` };
    });
  }

  /** Installs the official command provider where the CLI looks for it; says why that was not possible, if so. */
  async commandProvider(pulumi: string): Promise<string | undefined> {
    const refusal = await this.refusal();
    if (refusal !== undefined) return refusal;
    return reported(`downloading the official command provider ${COMMAND_VERSION}`, this.progress, async () => {
      const argv = [pulumi, "plugin", "install", "resource", "command", COMMAND_VERSION];
      const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
      const { code, stderr } = await tryRun(argv, { env, timeout: DOWNLOAD_LIMIT });
      return code === 0 ? undefined : `the official download failed: ${stderr}`;
    });
  }

  private refusal(): Promise<string | undefined> {
    if (!this.allowed) return Promise.resolve("the official download is switched off");
    this.site ??= this.unreachable();
    return this.site;
  }

  private async unreachable(): Promise<string | undefined> {
    const marker = join(cacheFolder(), "download-failed");
    if (existsSync(marker) && Date.now() - statSync(marker).mtimeMs < RETRY_AFTER)
      return `the official download failed within the last 24 hours (remove ${marker} to try again)`;
    try {
      const answer = await fetch(SITE, { method: "HEAD", signal: AbortSignal.timeout(CONNECT_LIMIT) });
      if (answer.ok) return undefined;
      return recorded(marker, `get.pulumi.com answered with status ${String(answer.status)}`);
    } catch (error) {
      return recorded(marker, `get.pulumi.com cannot be reached: ${reason(error)}`);
    }
  }
}

function officialRoot(): string {
  return join(cacheFolder(), `official-${PULUMI_VERSION}`);
}

function recorded(marker: string, refusal: string): string {
  mkdirSync(cacheFolder(), { recursive: true, mode: 0o700 });
  writeFileSync(marker, `${refusal}\n`, { mode: 0o600 });
  return refusal;
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
