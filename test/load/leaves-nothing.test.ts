import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { stateRoot } from "../../sandbox/layout";
import { endProcess, waitUntil } from "../e2e/peers/peer-process";
import { bootPbx } from "./parts/staged-pbx";

/** This machine's mounts but for those of sandboxes, which come and go with the suites run beside this one. */
const mounts = (): string[] =>
  readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .filter((line) => !/^\S+ (\S+)/.exec(line)?.[1]?.match(sandboxed));
const sandboxed = new RegExp(`^(/run/netns|${stateRoot})(/|$)|/hardened-asterisk-root-`);
const ended = (pid: number): boolean => !existsSync(`/proc/${pid}/root/`);

test("a staged host mounts nothing on this machine, and its processes end when it is closed", async () => {
  const before = mounts();
  const pbx = await bootPbx("internal-only");
  const { firstProcess } = pbx.host;
  expect(mounts()).toEqual(before);
  const asterisk = (await pbx.host.run(["pidof", "asterisk"])).stdout.trim();
  expect(asterisk).toMatch(/^\d+$/);
  await pbx.host.close();
  await waitUntil(
    () => ended(firstProcess),
    5_000,
    () => `process ${firstProcess} is left`,
  );
  // The kernel ends a process namespace's first process last (pid_namespaces(7)); that Asterisk ended is told here a little later.
  await waitUntil(
    () => pbx.asterisk.ended,
    5_000,
    () => `Asterisk ${asterisk} is left`,
  );
}, 60_000);

test("its processes end when whoever staged it is killed", async () => {
  const script = path.join(__dirname, "parts/open-and-wait.ts");
  const owner = spawn(process.execPath, ["--import", "tsx", script], { stdio: "pipe" });
  let said = "";
  owner.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  try {
    await waitUntil(
      () => /open \d+\n/.test(said) || owner.exitCode !== null,
      30_000,
      () => `no staged host: ${said}`,
    );
    const first = Number(/open (\d+)/.exec(said)?.[1]);
    expect(ended(first)).toBe(false);
    owner.kill("SIGKILL");
    await waitUntil(
      () => ended(first),
      5_000,
      () => `process ${first} is left`,
    );
  } finally {
    await endProcess(owner);
  }
}, 60_000);
