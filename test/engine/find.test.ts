import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { run, tryRun } from "../../sandbox/command";
import { cached } from "../../tools/engine/cache";

const ROOT = join(__dirname, "../..");
let folder: string;
let env: NodeJS.ProcessEnv;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "engine-find-"));
  mkdirSync(join(folder, "bin"));
  symlinkSync(process.execPath, join(folder, "bin", "node"));
  env = {
    PATH: join(folder, "bin"),
    HOME: folder,
    XDG_CACHE_HOME: join(folder, "cache"),
    HARDENED_ASTERISK_ENGINE_DOWNLOAD: "off",
  };
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const engine = (...args: string[]) =>
  tryRun([process.execPath, join(ROOT, "node_modules/tsx/dist/cli.mjs"), join(ROOT, "tools/engine/cli.ts"), ...args], {
    cwd: ROOT,
    env,
  });

const executable = (name: string, text: string): string => {
  const path = join(folder, "bin", name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
};

test("without a CLI and without Go it says in one sentence what to install", async () => {
  const { code, stdout, stderr } = await engine();
  expect(code).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/No Pulumi CLI: none is on PATH, .*Go is not installed.*Install Pulumi/);
  expect(stderr).not.toMatch(/\n\s+at /);
});

test("a CLI on PATH is used, with the language host beside it; the provider is named as a stand-in", async () => {
  const pulumi = executable("pulumi", "echo v3.218.0");
  const host = executable("pulumi-language-nodejs", "true");
  const { code, stdout, stderr } = await engine();
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stdout).toContain(`on PATH                            ${pulumi}\n`);
  expect(stdout).toContain(`on PATH                            ${host}\n`);
  expect(stdout).toMatch(/command provider +STAND-IN/);
});

test("a CLI that is too old is not used, and that is said", async () => {
  const pulumi = executable("pulumi", "echo v3.199.9");
  const { code, stderr } = await engine();
  expect(code).toBe(1);
  expect(stderr).toContain(`${pulumi} is version 3.199.9`);
});

test("the official provider among the plugins is used, and downloads stay allowed then", async () => {
  executable("pulumi", "echo v3.248.0");
  executable("pulumi-language-nodejs", "true");
  const plugin = join(folder, ".pulumi/plugins/resource-command-v1.2.1");
  mkdirSync(plugin, { recursive: true });
  writeFileSync(join(plugin, "pulumi-resource-command"), "#!/bin/sh\n", { mode: 0o755 });
  const { stdout } = await engine("--env");
  expect(stdout).not.toContain("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION");
  expect(existsSync(join(folder, "cache"))).toBe(false);
});

test("--env prints lines that a shell evaluates to a PATH with the CLI in front, and nothing else", async () => {
  const pulumi = executable("pulumi", "echo v3.248.0");
  const { stdout } = await engine("--env");
  expect(stdout).toMatch(/^(export \w+=.*\n)+$/);
  const found = await run([
    "/bin/sh",
    "-c",
    `PATH=/nowhere; ${stdout}\ncommand -v pulumi; command -v pulumi-resource-command`,
  ]);
  expect(found.split("\n")[0]).toBe(pulumi);
  expect(found.split("\n")[1]).toContain(join(folder, "cache"));
});

describe("the cache", () => {
  const before = process.env["XDG_CACHE_HOME"];
  beforeEach(() => {
    process.env["XDG_CACHE_HOME"] = join(folder, "cache");
  });
  afterEach(() => {
    if (before === undefined) delete process.env["XDG_CACHE_HOME"];
    else process.env["XDG_CACHE_HOME"] = before;
  });
  const silent = (): undefined => undefined;
  const entry = (): string => join(folder, "cache/hardened-asterisk/engine/thing");

  test("callers at the same time build once, and all get the result", async () => {
    let builds = 0;
    const build = async (scratch: string): Promise<void> => {
      builds += 1;
      await new Promise((resolve) => setTimeout(resolve, 200));
      writeFileSync(join(scratch, "file"), "whole");
    };
    const folders = await Promise.all([1, 2, 3].map(() => cached("thing", build, silent)));
    expect(folders).toEqual([entry(), entry(), entry()]);
    expect(builds).toBe(1);
  });

  test("a failed build leaves nothing behind, and the next one can succeed", async () => {
    await expect(cached("thing", () => Promise.reject(new Error("no")), silent)).rejects.toThrow("no");
    expect(existsSync(entry())).toBe(false);
    expect(existsSync(`${entry()}.lock`)).toBe(false);
    expect(await cached("thing", () => Promise.resolve(), silent)).toBe(entry());
  });

  test("the lock of a process that has died is taken over", async () => {
    const { pid } = spawnSync("/bin/true");
    mkdirSync(join(folder, "cache/hardened-asterisk/engine"), { recursive: true });
    writeFileSync(`${entry()}.lock`, String(pid));
    expect(await cached("thing", () => Promise.resolve(), silent)).toBe(entry());
  });
});
