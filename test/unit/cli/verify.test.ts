import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runCaptured } from "./capture";

let folder: string;
const before = process.env["PATH"];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "hardened-asterisk-verify-"));
});
afterEach(() => {
  process.env["PATH"] = before;
  rmSync(folder, { recursive: true, force: true });
});

/** Puts a program named `ssh` before all others; it notes its arguments and then does `body`. */
function fakeSsh(body: string): () => string[] {
  const file = path.join(folder, "ssh");
  writeFileSync(file, `#!/bin/sh\nprintf '%s\\0' "$@" > '${folder}/argv'\n${body}\n`);
  chmodSync(file, 0o755);
  process.env["PATH"] = `${folder}:${before ?? ""}`;
  return () => readFileSync(`${folder}/argv`, "utf8").split("\0").slice(0, -1);
}

test("hands ssh the user's options, the host behind --, and one fixed command", async () => {
  const argv = fakeSsh("exit 0");
  expect((await runCaptured(["verify", "root@203.0.113.10", "--", "-p", "2222"])).code).toBe(0);
  const [command = ""] = argv().slice(-1);
  expect(argv().slice(0, -1)).toEqual(["-p", "2222", "--", "root@203.0.113.10"]);
  expect(command).toMatch(/hardened-asterisk verify$/);
  expect(command).not.toContain("203.0.113.10");
});

test.each([0, 1, 2, 255])("passes on exit code %i", async (code) => {
  fakeSsh(`exit ${code}`);
  expect(await runCaptured(["verify", "office"])).toMatchObject({ code, out: "", err: "" });
});

test("a connection that was killed is no success", async () => {
  fakeSsh("kill -9 $$");
  expect((await runCaptured(["verify", "office"])).code).toBe(1);
});

test("the host's command is one that a shell understands, and says when nothing is installed there", async () => {
  // The last argument is what a login shell on the host would run.
  fakeSsh(`for last; do :; done; exec /bin/sh -c "$last" 2> '${folder}/said'`);
  expect((await runCaptured(["verify", "office"])).code).toBe(1);
  expect(readFileSync(`${folder}/said`, "utf8")).toContain("is not installed on this host; deliver it with pulumi up");
});

test.each(["-oProxyCommand=touch x", "", "a b", "host\nx", "-"])("never takes %j for a host", async (host) => {
  const argv = fakeSsh("exit 0");
  const { code, err } = await runCaptured(["verify", "--", host]);
  expect(code).toBe(2);
  expect(err).toContain("is not a host");
  expect(argv).toThrow("ENOENT");
});

test("says what to install where there is no ssh", async () => {
  process.env["PATH"] = folder;
  const { code, err } = await runCaptured(["verify", "office"]);
  expect(code).toBe(1);
  expect(err).toContain("install openssh-client");
});
