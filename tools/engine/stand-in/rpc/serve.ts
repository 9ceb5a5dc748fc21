import { basename } from "node:path";

import * as grpc from "@grpc/grpc-js";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";

/** Both message limits lifted: a bundle of several megabytes travels in one command's `stdin`. */
export const unlimited: grpc.ChannelOptions = {
  "grpc.max_receive_message_length": -1,
  "grpc.max_send_message_length": -1,
};

/** How often, in milliseconds, a plugin looks whether the engine that started it still lives. */
const PARENT_CHECK_INTERVAL = 1_000;

/** A gRPC failure with the given status; the message is what the engine prints. */
export function failure(code: grpc.status, message: string): grpc.ServiceError {
  return Object.assign(new Error(message), { code, details: message, metadata: new grpc.Metadata() });
}

/**
 * Ends a streaming call with a failure. Not by `destroy`: a destroyed stream never sends its status, and the engine waits
 * for ever.
 */
export function failStream(call: grpc.ServerWritableStream<unknown, unknown>, error: grpc.ServiceError): void {
  call.emit("error", error);
}

type Answer<Request, Response> = (
  request: Request,
  call: grpc.ServerUnaryCall<Request, Response>,
) => Response | Promise<Response>;

/** A unary handler from an async function: what it throws becomes the call's failure, as status UNKNOWN unless it has one. */
export function unary<Request, Response>(answer: Answer<Request, Response>): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve()
      .then(() => answer(call.request, call))
      .then(
        (response) => {
          callback(null, response);
        },
        (error: unknown) => {
          const message = error instanceof Error ? error.message : String(error);
          callback(isServiceError(error) ? error : failure(grpc.status.UNKNOWN, message));
        },
      );
  };
}

function isServiceError(error: unknown): error is grpc.ServiceError {
  return error instanceof Error && "code" in error && typeof error.code === "number" && "metadata" in error;
}

/** How a plugin answers the engine that asks for its version. */
export const pluginInfo = (version: string) =>
  unary(() => {
    const info = new plugin.PluginInfo();
    info.setVersion(version);
    return info;
  });

/** The engine's address among a plugin's arguments: the last that looks like host:port; undefined when started by hand. */
export function engineAddress(argv: readonly string[]): string | undefined {
  return argv.filter((argument) => /^[\w.[\]:-]+:\d+$/.test(argument) && !argument.startsWith("-")).at(-1);
}

/** Serves what `register` adds on a free port of 127.0.0.1. */
export async function listen(register: (server: grpc.Server) => void): Promise<{ server: grpc.Server; port: number }> {
  const server = new grpc.Server(unlimited);
  register(server);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return { server, port };
}

/** Ends the plugin with the error alone: Node's own report quotes the line of the program, and the bundle is one line. */
function crash(error: Error): void {
  process.stderr.write(
    `${basename(process.argv[1] ?? "plugin")} (a stand-in) failed: ${error.stack ?? error.message}\n`,
  );
  process.exit(1);
}

/**
 * Serves a plugin as the engine expects it: the first line of standard output is the port.
 *
 * `drain` is awaited when the engine asks the plugin to end (SIGINT, SIGTERM) or is gone; then the process exits with 0.
 */
export async function servePlugin(register: (server: grpc.Server) => void, drain: () => Promise<void>): Promise<void> {
  const { port } = await listen(register);
  process.on("uncaughtException", (error) => {
    crash(error);
  });
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    void drain().finally(() => process.exit(0));
  };
  process.on("SIGINT", end).on("SIGTERM", end);
  const engine = process.ppid;
  setInterval(() => {
    if (process.ppid !== engine) end();
  }, PARENT_CHECK_INTERVAL).unref();
  process.stdout.write(`${String(port)}\n`);
}
