import type * as grpc from "@grpc/grpc-js";
import type * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import { type IResourceProviderServer, ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as wire from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { complete } from "../rpc/complete";
import { diffResponse } from "../rpc/differences";
import { configuration } from "../rpc/provider";
import { engineAddress, servePlugin, unary } from "../rpc/serve";
import { typeAndName } from "../rpc/urn";
import { COMMAND_VERSION } from "../../versions";
import { EngineLog } from "./engine-log";
import type { Properties } from "../rpc/properties";
import { CommandProvider, REMOTE_COMMAND } from "./provider";
import { CopyProvider, REMOTE_COPY } from "./remote-copy";
import { notProvided, type RemoteResource } from "./remote-resource";
import { schema } from "./schema";

declare const STAND_IN_VERSION: string;

const log = new EngineLog(engineAddress(process.argv.slice(2)));
const provider = new CommandProvider(log);
const types: Readonly<Record<string, RemoteResource>> = {
  [REMOTE_COMMAND]: provider,
  [REMOTE_COPY]: new CopyProvider((urn) => provider.dialOptions(urn)),
};

const bag = (struct: Struct | undefined): Properties => struct?.toJavaScript() ?? {};
const struct = (properties: Properties): Struct =>
  Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]);

/** Who is responsible for a resource, by the type its URN ends with; any other type is refused. */
function resourceOf(urn: string): RemoteResource {
  const { type } = typeAndName(urn);
  const found = types[type];
  if (found === undefined) throw notProvided(type);
  return found;
}

const session = {
  ...configuration(STAND_IN_VERSION),
  attach: unary((request: plugin.PluginAttach) => {
    log.attach(request.getAddress());
    return new Empty();
  }),
  cancel: unary(() => {
    provider.cancel();
    return new Empty();
  }),
};

const resources = {
  check: unary((request: wire.CheckRequest) => {
    const { inputs, refusals } = resourceOf(request.getUrn()).check(bag(request.getNews()));
    const response = new wire.CheckResponse();
    response.setInputs(struct(inputs));
    response.setFailuresList(
      refusals.map(({ property, reason }) => {
        const entry = new wire.CheckFailure();
        entry.setProperty(property);
        entry.setReason(reason);
        return entry;
      }),
    );
    return response;
  }),
  diff: unary((request: wire.DiffRequest) => {
    const before = bag(request.getOldInputs() ?? request.getOlds());
    return diffResponse(resourceOf(request.getUrn()).diff(before, bag(request.getNews())));
  }),
  create: unary(async (request: wire.CreateRequest) => {
    const urn = request.getUrn();
    const { id, state } = await resourceOf(urn).create(urn, bag(request.getProperties()), request.getPreview());
    const response = new wire.CreateResponse();
    response.setId(id);
    response.setProperties(struct(state));
    return response;
  }),
  // The host cannot be asked what a command did: a refresh leaves the state as it is, as the official provider does.
  read: unary((request: wire.ReadRequest) => {
    const response = new wire.ReadResponse();
    response.setId(request.getId());
    response.setProperties(request.getProperties());
    response.setInputs(request.getInputs());
    return response;
  }),
  update: unary(async (request: wire.UpdateRequest) => {
    const urn = request.getUrn();
    const [old, news] = [bag(request.getOlds()), bag(request.getNews())];
    const response = new wire.UpdateResponse();
    response.setProperties(struct(await resourceOf(urn).update(urn, old, news, request.getPreview())));
    return response;
  }),
  delete: unary(async (request: wire.DeleteRequest) => {
    const urn = request.getUrn();
    await resourceOf(urn).delete(urn, bag(request.getProperties()));
    return new Empty();
  }),
  invoke: unary<wire.InvokeRequest, never>((request) => {
    throw notProvided(request.getTok());
  }),
  getSchema: unary(() => {
    const response = new wire.GetSchemaResponse();
    response.setSchema(JSON.stringify(schema(COMMAND_VERSION)));
    return response;
  }),
};

void servePlugin(
  (server: grpc.Server) => {
    const calls: Partial<IResourceProviderServer> = { ...session, ...resources };
    server.addService(
      ResourceProviderService,
      complete(ResourceProviderService, calls, (call) => notProvided(call).message),
    );
  },
  () => provider.idle(),
);
