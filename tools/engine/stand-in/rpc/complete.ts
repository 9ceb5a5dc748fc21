import * as grpc from "@grpc/grpc-js";

import { failStream, failure } from "./serve";

/**
 * An implementation with every call of the service: those left out fail as UNIMPLEMENTED with one sentence, in the form
 * that the call has. A unary handler under a streaming call would end the whole process at its first use.
 */
export function complete<Implementation extends grpc.UntypedServiceImplementation>(
  service: grpc.ServiceDefinition,
  implementation: Partial<Implementation>,
  sentence: (call: string) => string,
): grpc.UntypedServiceImplementation {
  const all: Record<string, grpc.UntypedHandleCall> = {};
  for (const [name, { path, responseStream }] of Object.entries(service)) {
    const call = path.split("/").at(-1) ?? name;
    const error = failure(grpc.status.UNIMPLEMENTED, sentence(call));
    all[name] = implementation[name] ?? (responseStream ? refuseStream(error) : refuse(error));
  }
  return all;
}

function refuse(error: grpc.ServiceError): grpc.handleUnaryCall<unknown, unknown> {
  return (_call, answer) => {
    answer(error);
  };
}

function refuseStream(error: grpc.ServiceError): grpc.handleServerStreamingCall<unknown, unknown> {
  return (call) => {
    failStream(call, error);
  };
}
