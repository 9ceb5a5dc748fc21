import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as wire from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import type { Properties } from "../rpc/properties";
import { configuration } from "../rpc/provider";
import { listen, unary } from "../rpc/serve";
import { typeAndName } from "../rpc/urn";
import { diffResponse } from "../rpc/differences";
import type { AwsSimulation } from "./simulation";

const bag = (struct: Struct | undefined): Properties => struct?.toJavaScript() ?? {};
const struct = (properties: Properties): Struct =>
  // What is undefined has no place in a Struct.
  Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)) as Parameters<typeof Struct.fromJavaScript>[0]);

/** A simulation that an engine can be attached to. */
export interface ServedSimulation {
  /** Value for the engine's environment variable `PULUMI_DEBUG_PROVIDERS`. */
  readonly attach: string;
  close(): Promise<void>;
}

/** Serves the simulation on a free port of 127.0.0.1 until it is closed. */
export async function serveSimulation(simulation: AwsSimulation): Promise<ServedSimulation> {
  const { server, port } = await listen((server) => {
    server.addService(ResourceProviderService, { ...session, ...planning(simulation), ...changing(simulation) });
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.forceShutdown();
      resolve();
    });
  return { attach: `aws:${String(port)}`, close };
}

const session = {
  ...configuration("7.48.0"),
  attach: unary(() => new Empty()),
  cancel: unary(() => new Empty()),
};

const planning = (simulation: AwsSimulation) => ({
  check: unary((request: wire.CheckRequest) => {
    const { type, name } = typeAndName(request.getUrn());
    const response = new wire.CheckResponse();
    const olds = request.getOlds();
    response.setInputs(struct(simulation.check(type, name, olds && bag(olds), bag(request.getNews()))));
    return response;
  }),
  diff: unary((request: wire.DiffRequest) => {
    const { type } = typeAndName(request.getUrn());
    const before = bag(request.getOldInputs() ?? request.getOlds());
    const { changes, deleteFirst } = simulation.diff(type, before, bag(request.getNews()));
    return diffResponse(changes, { deleteFirst, inputDiff: true });
  }),
  invoke: unary((request: wire.InvokeRequest) => {
    const response = new wire.InvokeResponse();
    response.setReturn(struct(simulation.invoke(request.getTok(), bag(request.getArgs()))));
    return response;
  }),
});

const changing = (simulation: AwsSimulation) => ({
  create: unary((request: wire.CreateRequest) => {
    const { type, name } = typeAndName(request.getUrn());
    const response = new wire.CreateResponse();
    const { id, outputs } = simulation.create(type, name, bag(request.getProperties()), request.getPreview());
    response.setId(id);
    response.setProperties(struct(outputs));
    return response;
  }),
  read: unary((request: wire.ReadRequest) => {
    const { type, name } = typeAndName(request.getUrn());
    const found = simulation.read(type, name, request.getId(), bag(request.getProperties()));
    const response = new wire.ReadResponse();
    if (found === undefined) return response;
    response.setId(request.getId());
    response.setProperties(struct(found));
    response.setInputs(request.getInputs());
    return response;
  }),
  update: unary((request: wire.UpdateRequest) => {
    const { type, name } = typeAndName(request.getUrn());
    const [old, news] = [bag(request.getOlds()), bag(request.getNews())];
    const response = new wire.UpdateResponse();
    response.setProperties(struct(simulation.update(type, name, old, news, request.getPreview())));
    return response;
  }),
  delete: unary((request: wire.DeleteRequest) => {
    const { type, name } = typeAndName(request.getUrn());
    simulation.delete(type, name, request.getId(), bag(request.getProperties()));
    return new Empty();
  }),
});
