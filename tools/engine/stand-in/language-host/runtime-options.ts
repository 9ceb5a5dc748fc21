import { createRequire } from "node:module";
import { join } from "node:path";

import type { ProgramInfo } from "@pulumi/pulumi/proto/language_pb";

/** What `runtime.options` of Pulumi.yaml asks for. */
export interface RuntimeOptions {
  /** Arguments for Node itself. */
  readonly nodeArgs: string[];
  /** Variables `@pulumi/pulumi` reads its TypeScript settings from. */
  readonly environment: Record<string, string>;
}

/**
 * Reads the documented options `typescript` (default true), `tsconfig` and `nodeargs`.
 *
 * @throws Error when an option has the wrong type, or `nodeargs` needs a shell's quoting.
 */
export function runtimeOptions(info: ProgramInfo | undefined): RuntimeOptions {
  const { typescript = true, tsconfig, nodeargs = "" } = info?.getOptions()?.toJavaScript() ?? {};
  if (typeof typescript !== "boolean") throw new Error("Pulumi.yaml: runtime option typescript must be true or false");
  if (tsconfig !== undefined && typeof tsconfig !== "string")
    throw new Error("Pulumi.yaml: runtime option tsconfig must be a path");
  if (typeof nodeargs !== "string" || /["'\\]/.test(nodeargs))
    throw new Error("Pulumi.yaml: runtime option nodeargs must be words without quotes for the stand-in language host");
  return {
    nodeArgs: nodeargs.split(/\s+/).filter((word) => word !== ""),
    environment: {
      ...(typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
      ...(tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
    },
  };
}

/**
 * The file of a module as seen from a program's folder.
 *
 * @throws Error naming the cure when the SDK is not installed there.
 */
export function locate(module: string, folder: string): string {
  try {
    return createRequire(join(folder, "index.js")).resolve(module);
  } catch {
    throw new Error(
      `${module} was not found from ${folder}: run \`npm ci\` in that folder (the Pulumi SDK is missing).`,
    );
  }
}
