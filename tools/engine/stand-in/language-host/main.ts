import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { engineAddress, failure, pluginInfo, servePlugin, unary } from "../rpc/serve";
import { Children } from "./children";
import { runPlugin } from "./run-plugin";
import { runProgram } from "./run-program";

declare const STAND_IN_VERSION: string;

const children = new Children();
let engine = engineAddress(process.argv.slice(2)) ?? "";

const missing = (call: string, cure: string) =>
  unary<unknown, never>(() => {
    throw failure(grpc.status.UNIMPLEMENTED, `the stand-in language host does not provide ${call}: ${cure}`);
  });

const service: Partial<grpc.UntypedServiceImplementation> = {
  getPluginInfo: pluginInfo(STAND_IN_VERSION),
  handshake: unary((request: language.LanguageHandshakeRequest) => {
    engine = request.getEngineAddress();
    return new language.LanguageHandshakeResponse();
  }),
  // The SDK names the version with each resource and the engine loads providers on demand, so nothing is announced here.
  getRequiredPackages: unary(() => new language.GetRequiredPackagesResponse()),
  run: unary((request: language.RunRequest, call) => runProgram(request, call, engine, children)),
  runPlugin: (call: grpc.ServerWritableStream<language.RunPluginRequest, language.RunPluginResponse>) => {
    runPlugin(call, children);
  },
  about: unary(() => {
    const about = new language.AboutResponse();
    about.setExecutable(process.execPath);
    about.setVersion(process.version);
    return about;
  }),
  cancel: unary(() => {
    children.interrupt();
    return new Empty();
  }),
  installDependencies: missing("InstallDependencies", "run `npm ci` in the project's folder."),
  getProgramDependencies: missing("GetProgramDependencies", "run `npm ls` in the project's folder."),
};

void servePlugin(
  (server) => {
    server.addService(LanguageRuntimeService, service as grpc.UntypedServiceImplementation);
  },
  () => children.end(),
);
