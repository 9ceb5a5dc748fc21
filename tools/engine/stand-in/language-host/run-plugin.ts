import { spawn } from "node:child_process";

import * as grpc from "@grpc/grpc-js";
import * as language from "@pulumi/pulumi/proto/language_pb";

import { failStream, failure } from "../rpc/serve";
import { type Children, interruptChild } from "./children";
import { locate, runtimeOptions } from "./runtime-options";

type Call = grpc.ServerWritableStream<language.RunPluginRequest, language.RunPluginResponse>;

/** Runs a policy pack or a plugin written for Node through what `@pulumi/pulumi` ships, and streams its output. */
export function runPlugin(call: Call, children: Children): void {
  try {
    stream(call, children);
  } catch (error) {
    // The engine keeps a call's failure to itself ("exited prematurely"); what a plugin writes is shown.
    const response = new language.RunPluginResponse();
    response.setStderr(Buffer.from(`${error instanceof Error ? error.message : String(error)}\n`));
    call.write(response);
    failStream(call, failure(grpc.status.UNKNOWN, "the plugin could not be started"));
  }
}

function stream(call: Call, children: Children): void {
  const child = start(call.request);
  children.add(child);
  child.stdout.on("data", (data: Buffer) => {
    const response = new language.RunPluginResponse();
    response.setStdout(data);
    call.write(response);
  });
  child.stderr.on("data", (data: Buffer) => {
    const response = new language.RunPluginResponse();
    response.setStderr(data);
    call.write(response);
  });
  call.on("cancelled", () => {
    interruptChild(child);
  });
  child.once("error", (error) => {
    failStream(call, failure(grpc.status.UNKNOWN, error.message));
  });
  child.once("close", (code) => {
    // A program that could not be started has failed the call already.
    if (call.writableEnded) return;
    const response = new language.RunPluginResponse();
    response.setExitcode(code ?? 1);
    call.write(response);
    call.end();
  });
}

/** A policy pack gets its folder last and runs in it; any other plugin gets its folder first. */
function start(request: language.RunPluginRequest) {
  const folder = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
  const options = runtimeOptions(request.getInfo());
  const policyPack = request.getKind() === "analyzer";
  const runner = locate(`@pulumi/pulumi/cmd/${policyPack ? "run-policy-pack" : "run-plugin"}`, folder);
  const args = request.getArgsList();
  return spawn(
    process.execPath,
    [...options.nodeArgs, runner, ...(policyPack ? [...args, folder] : [folder, ...args])],
    {
      cwd: policyPack ? folder : request.getPwd(),
      env: { ...environment(request.getEnvList()), ...options.environment },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
}

/** `NAME=value` lines as an object; as in a process's environment, the last of one name wins. */
function environment(lines: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(
    lines.map((line) => {
      const equals = line.indexOf("=");
      return [line.slice(0, equals), line.slice(equals + 1)];
    }),
  );
}
