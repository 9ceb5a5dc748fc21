import { spawn } from "node:child_process";

import type * as grpc from "@grpc/grpc-js";
import * as language from "@pulumi/pulumi/proto/language_pb";

import { type Children, interruptChild } from "./children";
import { locate, runtimeOptions } from "./runtime-options";

/** The status of a program that has already told its user what is wrong. */
const USER_WAS_TOLD = 32;

/** Runs a program through `@pulumi/pulumi/cmd/run`, with the arguments and environment the official language host gives. */
export async function runProgram(
  request: language.RunRequest,
  call: grpc.ServerUnaryCall<language.RunRequest, language.RunResponse>,
  engine: string,
  children: Children,
): Promise<language.RunResponse> {
  const response = new language.RunResponse();
  if (request.getAttachDebugger()) {
    response.setError("the stand-in language host cannot attach a debugger: install the official Pulumi CLI");
    return response;
  }
  try {
    const code = await execute(request, call, engine, children);
    if (code === USER_WAS_TOLD) response.setBail(true);
    else if (code !== 0) response.setError(`Program exited with non-zero exit code: ${String(code)}`);
  } catch (error) {
    response.setError(error instanceof Error ? error.message : String(error));
  }
  return response;
}

function execute(
  request: language.RunRequest,
  call: grpc.ServerUnaryCall<language.RunRequest, language.RunResponse>,
  engine: string,
  children: Children,
): Promise<number | NodeJS.Signals | null> {
  const options = runtimeOptions(request.getInfo());
  const folder = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
  const argv = [...options.nodeArgs, locate("@pulumi/pulumi/cmd/run", folder), ...programArguments(request, engine)];
  const child = spawn(process.execPath, argv, {
    env: {
      ...process.env,
      ...options.environment,
      PULUMI_CONFIG: configuration(request),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    },
    stdio: ["ignore", "inherit", "inherit"],
  });
  children.add(child);
  call.on("cancelled", () => {
    interruptChild(child);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      resolve(code ?? signal);
    });
  });
}

function programArguments(request: language.RunRequest, engine: string): string[] {
  const info = request.getInfo();
  const named: [string, string | undefined][] = [
    ["monitor", request.getMonitorAddress()],
    ["engine", engine],
    ["organization", request.getOrganization()],
    ["project", request.getProject()],
    ["root-directory", info?.getRootDirectory()],
    ["stack", request.getStack()],
    ["pwd", info?.getProgramDirectory()],
    ["parallel", String(request.getParallel())],
  ];
  return [
    ...named.flatMap(([name, value]) => (value === undefined || value === "" ? [] : [`--${name}`, value])),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info?.getEntryPoint() ?? ".",
    ...request.getArgsList(),
  ];
}

/** The configuration as JSON, its keys in the form `project:config:name` that every SDK version reads. */
function configuration(request: language.RunRequest): string {
  const entries = request.getConfigMap().toArray();
  return JSON.stringify(
    Object.fromEntries(
      entries.map(([key, value]) => {
        const colon = key.indexOf(":");
        return [`${key.slice(0, colon)}:config:${key.slice(colon + 1)}`, value];
      }),
    ),
  );
}
