import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";

import { standIns } from "../../tools/engine/stand-in";
import { checkedInputs, refusals } from "../../tools/engine/stand-in/command/inputs";
import { typeAndName } from "../../tools/engine/stand-in/rpc/urn";

const NAMES = ["pulumi-language-nodejs", "pulumi-resource-command"];
/** Milliseconds a plugin may take to notice that its engine is gone; it looks once a second. */
const NOTICE_LIMIT = 4_000;
const started: number[] = [];
let folder: string;

beforeAll(async () => {
  folder = await standIns({ languageHost: true, commandProvider: true, pulumi: undefined }, () => undefined);
}, 60_000);

afterEach(() => {
  for (const pid of started.splice(0)) killIfAlive(pid);
});

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    expect(error).toMatchObject({ code: "ESRCH" });
  }
}

const ended = (child: ChildProcess): Promise<number | NodeJS.Signals | null> =>
  new Promise((resolve) =>
    child.once("close", (code, signal) => {
      resolve(code ?? signal);
    }),
  );

const firstLine = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) =>
    child.stdout?.once("data", (data: Buffer) => {
      resolve(data.toString());
    }),
  );

test.each(NAMES)("%s prints its port first and ends with 0 on SIGINT", async (name) => {
  const plugin = spawn(join(folder, name), ["127.0.0.1:1"], { stdio: ["ignore", "pipe", "inherit"] });
  expect(await firstLine(plugin)).toMatch(/^\d+\n$/);
  const end = ended(plugin);
  plugin.kill("SIGINT");
  expect(await end).toBe(0);
});

test.each([
  ["pulumi-language-nodejs", LanguageRuntimeService],
  ["pulumi-resource-command", ResourceProviderService],
])(
  "every call of %s is answered: it works, or it fails in one sentence, and the process goes on",
  async (name, calls) => {
    // An empty request installs dependencies where the plugin runs: never in this repository.
    const cwd = mkdtempSync(join(tmpdir(), "stand-in-calls-"));
    writeFileSync(join(cwd, "package.json"), "{}");
    const plugin = spawn(join(folder, name), ["127.0.0.1:1"], { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let words = "";
    plugin.stderr.on("data", (data: Buffer) => (words += data.toString()));
    const port = (await firstLine(plugin)).trim();
    const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    for (const [call, definition] of Object.entries(calls)) {
      const error = await answer(client, definition);
      expect(`${call}: ${error?.details ?? ""}`.length).toBeLessThan(300);
      expect([call, error?.code]).not.toEqual([call, grpc.status.DEADLINE_EXCEEDED]);
      expect([call, error?.code]).not.toEqual([call, grpc.status.UNAVAILABLE]);
    }
    client.close();
    expect(plugin.exitCode).toBe(null);
    const end = ended(plugin);
    plugin.kill("SIGINT");
    expect(await end).toBe(0);
    expect(words).toBe("");
    rmSync(cwd, { recursive: true });
  },
);

/** Calls a method with an empty request; undefined when it works. */
function answer(
  client: grpc.Client,
  { path, responseStream, responseDeserialize }: grpc.MethodDefinition<unknown, unknown>,
): Promise<grpc.ServiceError | undefined> {
  const empty = () => Buffer.alloc(0);
  const deadline = { deadline: Date.now() + 5_000 };
  return new Promise((resolve) => {
    if (!responseStream)
      client.makeUnaryRequest(path, empty, responseDeserialize, undefined, deadline, (error) => {
        resolve(error ?? undefined);
      });
    else
      client
        .makeServerStreamRequest(path, empty, responseDeserialize, undefined, deadline)
        .on("data", () => undefined)
        .once("error", resolve)
        .once("end", () => {
          resolve(undefined);
        });
  });
}

test.each(NAMES)("%s ends by itself when the engine that started it is gone", async (name) => {
  // The plugin keeps the pipe open: it closes when the plugin, not only the shell, has ended.
  const engine = spawn("/bin/sh", ["-c", '"$0" 127.0.0.1:1 & echo "pid $!"; wait', join(folder, name)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const end = ended(engine);
  let output = "";
  await new Promise<void>((resolve) =>
    engine.stdout.on("data", (data: Buffer) => {
      output += data.toString();
      if (/^\d+$/m.test(output)) resolve();
    }),
  );
  started.push(Number(/^pid (\d+)$/m.exec(output)?.[1]));
  const start = Date.now();
  engine.kill("SIGKILL");
  await end;
  expect(Date.now() - start).toBeLessThan(NOTICE_LIMIT);
});

test.each([
  ["urn:pulumi:dev::pbx::aws:s3/bucket:Bucket::evidence", "aws:s3/bucket:Bucket", "evidence"],
  ["urn:pulumi:dev::pbx::a:b:Outer$a:b:Inner$command:remote:Command::office-up", "command:remote:Command", "office-up"],
  ["urn:pulumi:dev::pbx::a:b:C::one::two", "a:b:C", "one::two"],
  ["no urn", "no urn", ""],
])("the type and the name of %s", (urn, type, name) => {
  expect(typeAndName(urn)).toEqual({ type, name });
});

describe("the command provider's checked inputs", () => {
  const mark = (value: unknown) => ({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value });
  const defaults = { user: "root", port: 22, dialErrorLimit: 10, perDialTimeout: 15 };

  test("a connection is a secret with its defaults, and the keys in it and in its proxy are secrets of their own", () => {
    const connection = { host: "a", privateKey: "k", proxy: { host: "b", port: 2222, password: "p" } };
    const proxy = { ...defaults, host: "b", port: 2222, password: mark("p") };
    expect(checkedInputs({ create: "true", connection })).toEqual({
      create: "true",
      connection: mark({ ...defaults, host: "a", privateKey: mark("k"), proxy }),
    });
  });

  test("what is already a secret is not wrapped again, and checking twice changes nothing", () => {
    const once = checkedInputs({ connection: mark({ host: "a", privateKey: mark("k") }) });
    expect(once).toEqual({ connection: mark({ ...defaults, host: "a", privateKey: mark("k") }) });
    expect(checkedInputs(once)).toEqual(once);
  });

  test("all refusals come at once, each with the input's path; an unknown value is accepted", () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const paths = (inputs: Record<string, unknown>) => refusals(inputs).map(({ property }) => property);
    expect(paths({})).toEqual(["connection"]);
    expect(paths({ create: 1, connection: mark({ port: "22", proxy: {} }) })).toEqual([
      "create",
      "connection.host",
      "connection.port",
      "connection.proxy.host",
    ]);
    expect(paths({ create: unknown, connection: { host: unknown, port: unknown } })).toEqual([]);
    expect(paths({ connection: unknown })).toEqual([]);
  });
});
