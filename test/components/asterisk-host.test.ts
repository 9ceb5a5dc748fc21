import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type * as ComponentModule from "../../components/asterisk-host";
import type { AsteriskHost as Component } from "../../components/asterisk-host";
import type { AsteriskHostArgs } from "../../components/asterisk-host-args";
import { dialLimits } from "../../components/reach-host";
import type { PbxSpec } from "../../core/spec/spec";

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE5v";
const masterSecret = "0123456789abcdef0123456789abcdef";
const privateKey = "-----BEGIN OPENSSH PRIVATE KEY-----test";
const secretMark = "4dabf18193072939515e22adb298388d";
const spec = parse(readFileSync(path.join(__dirname, "../golden/office/spec.yaml"), "utf8")) as PbxSpec;

interface Made {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

const made: Made[] = [];
let AsteriskHost: typeof Component;

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      made.push({ type, name, inputs: inputs as Record<string, unknown> });
      const stdout = name.endsWith("-settle") ? '{"state":"confirmed"}' : "";
      return { id: `${name}-id`, state: { ...(inputs as object), stdout, stderr: "" } };
    },
    call: () => ({}),
  });
  // After the mocks: the engine is chosen when a component is first made.
  AsteriskHost = jest.requireActual<typeof ComponentModule>("../../components/asterisk-host").AsteriskHost;
});

beforeEach(() => made.splice(0));

const args = (change: Partial<AsteriskHostArgs> = {}): AsteriskHostArgs => ({
  connection: { host: "203.0.113.10", privateKey: pulumi.secret(privateKey), hostKey },
  masterSecret: pulumi.secret(masterSecret),
  pbx: spec,
  ...change,
});

/** What an output resolves to. */
const value = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => output.apply(resolve));

async function bringUp(name: string, change: Partial<AsteriskHostArgs> = {}) {
  const host = new AsteriskHost(name, args(change));
  const receipt = await value(host.receipt);
  return { host, receipt };
}

const commandOf = (suffix: string): Record<string, unknown> =>
  made.find(({ name }) => name.endsWith(suffix))?.inputs ?? {};
const unwrap = (input: unknown): unknown =>
  typeof input === "object" && input !== null && "value" in input ? input.value : input;

test("activates, confirms and settles by three commands, in that order of dependence", async () => {
  const { receipt } = await bringUp("a");
  expect(made.filter(({ type }) => type === "command:remote:Command").map(({ name }) => name)).toEqual([
    "a-activate",
    "a-confirm",
    "a-settle",
  ]);
  expect(receipt).toEqual({ state: "confirmed" });
});

test("on Debian 13 a package at a path is copied before the activation, by its digest; one at a url is not", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "asterisk-host-"));
  const file = path.join(folder, "asterisk.deb");
  writeFileSync(file, "!<arch>\n");
  const sha256 = createHash("sha256").update("!<arch>\n").digest("hex");
  const os = "debian-13";
  await bringUp("p", { os, asteriskPackage: { path: file, sha256 } });
  const copies = made.filter(({ type }) => type === "command:remote:CopyToRemote");
  expect(copies).toMatchObject([{ name: "p-package", inputs: { remotePath: `hardened-asterisk-${sha256}.deb` } }]);
  made.splice(0);
  await bringUp("q", { os, asteriskPackage: { url: "https://example.net/asterisk.deb", sha256 } });
  expect(made.filter(({ type }) => type === "command:remote:CopyToRemote")).toEqual([]);
  rmSync(folder, { recursive: true });
});

test("Debian 13 without its package is refused together with everything else that is wrong", () => {
  const pbx = { ...spec, country: "XX" };
  const attempt = () => new AsteriskHost("r", args({ os: "debian-13", pbx }));
  expect(attempt).toThrow(/country:[^]*asteriskPackage: debian-13 packages no Asterisk/);
  expect(() => new AsteriskHost("s", args({ os: "debian-12" as "debian-13" }))).toThrow(
    'os: is "debian-12"; take debian-13 or debian-14',
  );
});

test("command texts carry digests only", async () => {
  await bringUp("b");
  for (const suffix of ["-activate", "-confirm", "-settle"]) {
    const text = String(unwrap(commandOf(suffix)["create"]));
    expect(text.length).toBeLessThan(500);
    for (const secret of [masterSecret, privateKey, "AAAAC3NzaC1lZDI1NTE5AAAAIE5v"]) expect(text).not.toContain(secret);
  }
});

test("the delivered document is a secret and holds program, bundle and values but no password", async () => {
  const { host } = await bringUp("c");
  const stdin = commandOf("-activate")["stdin"] as Record<string, unknown>;
  expect(stdin[secretMark]).toBeDefined();
  const document = JSON.parse(String(stdin["value"]).replace(/^exec\(.*\)\n/, "")) as {
    agent: string;
    bundle: string;
    values: Record<string, string>;
  };
  expect(Buffer.from(document.agent, "base64").subarray(0, 2).toString()).toBe("#!");
  const { reception } = await value(host.credentials);
  expect(document.values["phone.reception.user"]).toBe(reception?.user);
  expect(JSON.stringify(document)).not.toContain(reception?.password);
});

test("that the master secret is a new one is delivered only when it is said, and changes every command", async () => {
  await bringUp("m");
  expect(String(unwrap(commandOf("-activate")["stdin"]))).not.toContain("master.new");
  const usual = made.splice(0).map(({ inputs }) => unwrap(inputs["create"]));
  const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValueOnce(undefined);
  await bringUp("m", { newMasterSecret: true });
  expect(JSON.stringify(warn.mock.calls)).toMatch(/3 of 3 phones .* Remove newMasterSecret/);
  warn.mockRestore();
  expect(String(unwrap(commandOf("-activate")["stdin"]))).toContain('"master.new":"yes"');
  for (const [index, { inputs }] of made.entries())
    if (usual[index] !== undefined) expect(unwrap(inputs["create"])).not.toBe(usual[index]);
});

test("no command has triggers, passes old output on, accepts any host key, or is told how long the component waits", async () => {
  await bringUp("d", { connection: { ...args().connection, waitSeconds: 5 } });
  for (const { inputs } of made.filter(({ type }) => type === "command:remote:Command")) {
    expect(inputs["triggers"]).toBeUndefined();
    expect(inputs["delete"]).toBeUndefined();
    expect(inputs["addPreviousOutputInEnv"]).toBe(false);
    expect(unwrap(inputs["connection"])).toMatchObject({ hostKey, ...dialLimits });
    expect(unwrap(inputs["connection"])).not.toHaveProperty("waitSeconds");
  }
});

test("credentials are secret and complete", async () => {
  const { host } = await bringUp("e", { externalAddress: "198.51.100.99" });
  expect(await pulumi.isSecret(host.credentials)).toBe(true);
  expect(Object.keys(await value(host.credentials))).toEqual(["reception", "sales", "warehouse"]);
  expect((await value(host.credentials))["sales"]).toMatchObject({
    domain: "198.51.100.99",
    port: 5060,
    transport: "udp",
    number: "102",
  });
});

test("the same spec gives the same commands, another machine gives others", async () => {
  const texts = async (name: string, host: string) => {
    await bringUp(name, { connection: { host, privateKey, hostKey } });
    return ["-activate", "-confirm", "-settle"].map((suffix) =>
      unwrap(made.find((m) => m.name === `${name}${suffix}`)?.inputs["create"]),
    );
  };
  const first = await texts("f", "203.0.113.10");
  expect(await texts("g", "203.0.113.10")).toEqual(first);
  const other = await texts("h", "203.0.113.11");
  for (const [index, text] of first.entries()) expect(other[index]).not.toBe(text);
});

test("a changed `recheck` changes every command, and its text stands in none", async () => {
  const texts = async (recheck?: string) => {
    made.splice(0);
    await bringUp("l", recheck === undefined ? {} : { recheck });
    return ["-activate", "-confirm", "-settle"].map((suffix) => String(unwrap(commandOf(suffix)["create"])));
  };
  const [never, once, again] = [await texts(), await texts("2026-11-22; reboot"), await texts("2026-11-23")];
  expect(await texts("2026-11-22; reboot")).toEqual(once);
  for (const index of [0, 1, 2]) expect(new Set([never[index], once[index], again[index]]).size).toBe(3);
  expect(once.join()).not.toContain("reboot");
});

test("a changed password changes every command", async () => {
  await bringUp("i");
  const before = made.map(({ inputs }) => unwrap(inputs["create"]));
  made.splice(0);
  const phones = { ...spec.phones, sales: { number: "102", networks: ["198.51.100.0/24"], generation: 2 } };
  await bringUp("i", { pbx: { ...spec, phones } });
  for (const [index, { inputs }] of made.entries())
    if (before[index] !== undefined) expect(unwrap(inputs["create"])).not.toBe(before[index]);
});

test("a spec with issues is refused at once, all issues, as a user's mistake", () => {
  const broken = { ...spec, country: "XX", admins: [] };
  let error: unknown;
  try {
    new AsteriskHost("j", args({ pbx: broken }));
  } catch (caught) {
    error = caught;
  }
  expect(pulumi.RunError.isInstance(error)).toBe(true);
  expect(String(error)).toMatch(/2 issues|admins: must list/);
});

test("a carrier's password is delivered with the values and stands in no command", async () => {
  const account = {
    signalling: ["192.0.2.0/28"],
    register: { server: "192.0.2.2", user: "account" },
    numbers: { "+81312345678": "reception" },
  };
  const pbx = { ...spec, trunks: { account } };
  await bringUp("k", { pbx, trunkPasswords: { account: pulumi.secret("carrier-password") } });
  const stdin = commandOf("-activate")["stdin"] as Record<string, unknown>;
  expect(stdin[secretMark]).toBeDefined();
  expect(String(stdin["value"])).toContain('"trunk.account.password":"carrier-password"');
  for (const suffix of ["-activate", "-confirm", "-settle"])
    expect(String(unwrap(commandOf(suffix)["create"]))).not.toContain("carrier-password");
});

describe("a waiver", () => {
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const waived = (until: string) => ({
    ...spec,
    admins: ["0.0.0.0/0"],
    waivers: [{ protection: "network/require-admin-ssh", reason: "the office line comes soon", until }],
  });

  test("is warned of each time, on the component", async () => {
    const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
    try {
      const first = await bringUp("l", { pbx: waived(day(30)) });
      const second = await bringUp("m", { pbx: waived(day(30)) });
      const words = /^admins\.0: network\/require-admin-ssh is waived until .*the office line comes soon/;
      for (const { host } of [first, second]) expect(warn).toHaveBeenCalledWith(expect.stringMatching(words), host);
      expect(warn.mock.calls.filter(([said]) => words.test(said))).toHaveLength(2);
    } finally {
      warn.mockRestore();
    }
  });

  test("that has expired is refused as a user's mistake, before any command", () => {
    expect(() => new AsteriskHost("n", args({ pbx: waived(day(-2)) }))).toThrow(
      /waivers\.0\.until: "\S+" is past; do without what it allows, or decide on a later day/,
    );
    expect(made.filter(({ type }) => type === "command:remote:Command")).toEqual([]);
  });
});
