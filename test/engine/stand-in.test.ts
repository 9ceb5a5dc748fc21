import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

import { standIns } from "../../tools/engine/stand-in";

const NAMES = ["pulumi-language-nodejs", "pulumi-resource-command"];
let folder: string;

beforeAll(async () => {
  folder = await standIns({ languageHost: true, commandProvider: true, pulumi: undefined }, () => undefined);
}, 60_000);

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
  const start = Date.now();
  engine.kill("SIGKILL");
  await end;
  expect(Date.now() - start).toBeLessThan(4_000);
});
