import { type ILanguageRuntimeServer, LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { complete } from "../rpc/complete";
import { engineAddress, pluginInfo, servePlugin, unary } from "../rpc/serve";
import { Children } from "./children";
import { about, installDependencies, programDependencies } from "./npm";
import { runPlugin } from "./run-plugin";
import { runProgram } from "./run-program";

declare const STAND_IN_VERSION: string;

const children = new Children();
let engine = engineAddress(process.argv.slice(2)) ?? "";

const service: Partial<ILanguageRuntimeServer> = {
  getPluginInfo: pluginInfo(STAND_IN_VERSION),
  handshake: unary((request: language.LanguageHandshakeRequest) => {
    engine = request.getEngineAddress();
    return new language.LanguageHandshakeResponse();
  }),
  // The SDK names the version with each resource and the engine loads providers on demand, so nothing is announced here.
  getRequiredPackages: unary(() => new language.GetRequiredPackagesResponse()),
  run: unary((request: language.RunRequest, call) => runProgram(request, call, engine, children)),
  runPlugin: (call) => {
    runPlugin(call, children);
  },
  about: unary(about),
  getProgramDependencies: unary(programDependencies),
  installDependencies: (call) => {
    installDependencies(call, children);
  },
  // `pulumi new` asks for both: there is nothing more to ask, and nothing more to write.
  runtimeOptionsPrompts: unary(() => new language.RuntimeOptionsResponse()),
  template: unary(() => new language.TemplateResponse()),
  cancel: unary(() => {
    children.interrupt();
    return new Empty();
  }),
};

const missing = (call: string): string =>
  `the stand-in language host does not provide ${call}: install the official Pulumi CLI (https://www.pulumi.com/docs/install/)`;

void servePlugin(
  (server) => {
    server.addService(LanguageRuntimeService, complete(LanguageRuntimeService, service, missing));
  },
  () => children.end(),
);
