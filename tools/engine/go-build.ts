import { readFileSync } from "node:fs";
import { join } from "node:path";

import { tryRun } from "../../sandbox/command";
import { cached, cacheFolder, digest } from "./cache";
import { isExecutable, onPath } from "./executables";
import { EngineUnavailable } from "./failure";
import { type Progress, reported } from "./progress";
import { PULUMI_VERSION } from "./versions";

const WRAPPER = join(__dirname, "wrapper");
const PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
/** How long the build may take (milliseconds); it took minutes on two cores. */
const BUILD_LIMIT = 45 * 60_000;

/** The flags Pulumi's own release build uses; the go.sum is complete, so nothing needs the checksum database. */
const FLAGS = [
  "-mod=readonly",
  "-trimpath",
  "-buildvcs=false",
  "-tags",
  "osusergo,grpcnotrace",
  "-ldflags",
  `-s -w -X ${VERSION_VARIABLE}=v${PULUMI_VERSION}`,
];

/** The CLI built here earlier; undefined when there is none for this version, machine and set of flags. */
export function builtCli(): string | undefined {
  const path = join(cacheFolder(), cacheName(), "pulumi");
  return isExecutable(path) ? path : undefined;
}

/**
 * Builds the Pulumi CLI from its Go module into the cache and returns its path.
 *
 * @param reasons why no ready-made CLI is used, for the message when there is no Go either.
 * @throws EngineUnavailable when Go is missing or the build fails.
 */
export async function buildCli(reasons: string, progress: Progress): Promise<string> {
  const go = goBinary(reasons);
  const folder = await cached(cacheName(), (scratch) => build(join(scratch, "pulumi"), go, progress), progress);
  return join(folder, "pulumi");
}

function cacheName(): string {
  const files = ["go.mod", "go.sum"].map((name) => readFileSync(join(WRAPPER, name)));
  return `cli-${digest(process.platform, process.arch, FLAGS.join(" "), ...files)}`;
}

function goBinary(reasons: string): string {
  const go = onPath("go");
  if (go !== undefined) return go;
  throw new EngineUnavailable(
    `No Pulumi CLI: ${reasons}, and Go is not installed to build it. ` +
      "Install Pulumi (https://www.pulumi.com/docs/install/) or Go 1.25.11 or later (https://go.dev/dl/) and run this again.",
  );
}

async function build(output: string, go: string, progress: Progress): Promise<void> {
  let [downloaded, compiled] = [0, 0];
  const count = (text: string): void => {
    for (const line of text.split("\n")) {
      if (line.startsWith("go: downloading")) downloaded += 1;
      else if (/^[\w.-]+(\/|$)/.test(line)) compiled += 1;
    }
  };
  const what = `building the Pulumi CLI ${PULUMI_VERSION} from its Go module (once; takes some minutes)`;
  const state = (): string => `${String(downloaded)} modules downloaded, ${String(compiled)} packages compiled`;
  const { code, stderr } = await reported(
    what,
    progress,
    () =>
      tryRun([go, "build", "-v", ...FLAGS, "-o", output, PACKAGE], {
        cwd: WRAPPER,
        env: { ...process.env, CGO_ENABLED: "0", GOTOOLCHAIN: "local", GOFLAGS: "", GOWORK: "off" },
        timeout: BUILD_LIMIT,
        onOutput: count,
      }),
    state,
  );
  if (code === 0) return;
  const tail = stderr.trim().split("\n").slice(-10).join("\n");
  throw new EngineUnavailable(`The Pulumi CLI could not be built with ${go} (status ${String(code)}):\n${tail}`);
}
