import { execFile, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

import * as grpc from "@grpc/grpc-js";
import * as language from "@pulumi/pulumi/proto/language_pb";

import { failStream, failure } from "../rpc/serve";
import { type Children, interruptChild } from "./children";

type Installation = grpc.ServerWritableStream<
  language.InstallDependenciesRequest,
  language.InstallDependenciesResponse
>;

/** Files by which the official language host knows that another package manager than npm looks after a project. */
const LOCKS = { "yarn.lock": "yarn", "pnpm-lock.yaml": "pnpm", "bun.lock": "bun", "bun.lockb": "bun" } as const;
const LOCK = "package-lock.json";

/** Installs what a project's package.json asks for, with npm, and streams what npm says. */
export function installDependencies(call: Installation, children: Children): void {
  const { request } = call;
  const folder = request.getInfo()?.getProgramDirectory() || request.getDirectory();
  const other = otherManager(folder, request.getInfo());
  if (other === undefined) {
    npmInstall(call, folder, children);
    return;
  }
  const cure = `run \`${other} install\` in ${folder}`;
  failStream(call, failure(grpc.status.UNIMPLEMENTED, `the stand-in language host installs with npm only: ${cure}`));
}

function npmInstall(call: Installation, folder: string, children: Children): void {
  const fail = (message: string): void => {
    failStream(call, failure(grpc.status.UNKNOWN, message));
  };
  const say = (write: (response: language.InstallDependenciesResponse) => void): void => {
    const response = new language.InstallDependenciesResponse();
    write(response);
    call.write(response);
  };
  say((response) => response.setStdout(Buffer.from("Installing dependencies...\n\n")));
  const args = ["install", "--loglevel=error", ...(call.request.getIsPlugin() ? ["--omit=dev"] : [])];
  const npm = spawn("npm", args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  children.add(npm);
  npm.stdout.on("data", (data: Buffer) => {
    say((response) => response.setStdout(data));
  });
  npm.stderr.on("data", (data: Buffer) => {
    say((response) => response.setStderr(data));
  });
  call.on("cancelled", () => {
    interruptChild(npm);
  });
  npm.once("error", (error) => {
    fail(`npm could not be started (it comes with Node.js): ${error.message}`);
  });
  npm.once("close", (code) => {
    if (call.writableEnded) return;
    if (code !== 0) fail(`npm install in ${folder} ended with status ${String(code)}`);
    else say((response) => response.setStdout(Buffer.from("Finished installing dependencies\n\n")));
    if (code === 0) call.end();
  });
}

/** The package manager that a project asks for by its option or its lock file, when it is not npm. */
function otherManager(folder: string, info: language.ProgramInfo | undefined): string | undefined {
  const option = info?.getOptions()?.toJavaScript()["packagemanager"];
  if (typeof option === "string" && option !== "auto") return option === "npm" ? undefined : option;
  return Object.entries(LOCKS).find(([file]) => existsSync(join(folder, file)))?.[1];
}

/** What `pulumi about` shows of the runtime: Node and npm. */
export async function about(): Promise<language.AboutResponse> {
  const response = new language.AboutResponse();
  response.setExecutable(process.execPath);
  response.setVersion(process.version);
  response.getMetadataMap().set("packagemanager", "npm");
  const version = await promisify(execFile)("npm", ["--version"]).catch(() => undefined);
  if (version !== undefined) response.getMetadataMap().set("packagemanagerVersion", version.stdout.trim());
  return response;
}

/** The packages of a project's package-lock.json: those its package.json names, or all. @throws Error without a lock file. */
export function programDependencies(
  request: language.GetProgramDependenciesRequest,
): language.GetProgramDependenciesResponse {
  const folder = folderOfLock(request.getInfo()?.getProgramDirectory() || request.getPwd());
  const named = new Set(request.getTransitivedependencies() ? [] : directDependencies(folder));
  const { packages = {} } = read(join(folder, LOCK)) as Lock;
  const response = new language.GetProgramDependenciesResponse();
  for (const [path, { version = "" }] of Object.entries(packages)) {
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    const direct = path === `node_modules/${name}` && named.has(name);
    if (path === "" || !(request.getTransitivedependencies() || direct)) continue;
    const dependency = new language.DependencyInfo();
    dependency.setName(name);
    dependency.setVersion(version);
    response.addDependencies(dependency);
  }
  return response;
}

interface Lock {
  readonly packages?: Record<string, { readonly version?: string }>;
}

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

function directDependencies(folder: string): string[] {
  const { dependencies = {}, devDependencies = {} } = read(join(folder, "package.json")) as Manifest;
  return [...Object.keys(dependencies), ...Object.keys(devDependencies)];
}

function folderOfLock(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, LOCK))) return at;
    if (at === dirname(at)) throw new Error(`no ${LOCK} in ${folder} nor above it: run \`npm install\` there`);
  }
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
