import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { PhoneCard } from "../../components/asterisk-host-args";
import { CommandError, tryRun } from "../../sandbox/command";
import { downSandbox, execOn, listSandboxes, upSandbox, type Sandbox } from "../../sandbox/sandbox";
import { ensureEngine, type Engine } from "../../tools/engine/engine";
import { linkProvider } from "../../tools/operator/stack";
import { installPacked } from "../components/packed-project";
import { registerGuess } from "./peers/stranger";

const name = "testtwohosts";
const minutes = 60_000;
const sites = ["berlin", "hamburg"] as const;
type Site = (typeof sites)[number];
const hostOf = { berlin: "pbx", hamburg: "twin" } as const;

/** What a user writes who has read docs/use-from-your-stack.md. */
const program = `import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { AsteriskHost, type PbxSpec } from "hardened-asterisk";

const config = new pulumi.Config();
const site = (name: string) =>
  new AsteriskHost(name, {
    connection: {
      host: "127.0.0.1",
      port: config.requireNumber(name + "-port"),
      privateKey: pulumi.secret(readFileSync(config.require("keyFile"), "utf8")),
      hostKey: config.require(name + "-hostKey"),
    },
    masterSecret: config.requireSecret(name + "-masterSecret"),
    pbx: config.requireObject<PbxSpec>(name + "-spec"),
  });
const [berlin, hamburg] = [site("berlin"), site("hamburg")];
export const cards = { berlin: berlin.credentials, hamburg: hamburg.credentials };
`;

let folder: string;
let engine: Engine;
let sandbox: Sandbox;

async function pulumi(args: readonly string[], input?: string): Promise<string> {
  const argv = [engine.pulumi.path, ...args, "--stack", "dev", "--non-interactive", "--color", "never"];
  const result = await tryRun(argv, {
    cwd: folder,
    env: {
      ...process.env,
      ...engine.env,
      PULUMI_HOME: path.join(folder, "home"),
      PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
      PULUMI_BACKEND_URL: `file://${path.join(folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE_FILE: path.join(folder, "passphrase"),
    },
    timeout: 4 * minutes,
    ...(input === undefined ? {} : { input }),
  });
  if (result.code !== 0) throw new CommandError(argv, result);
  return result.stdout;
}

/** Adds lines to the stack's configuration; JSON is YAML too. */
function configure(values: Record<string, unknown>): void {
  const file = path.join(folder, "Pulumi.dev.yaml");
  const kept = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => !Object.keys(values).some((key) => line.startsWith(`  two:${key}: `)));
  const lines = Object.entries(values).map(([key, value]) => `  two:${key}: ${JSON.stringify(value)}`);
  writeFileSync(file, [...kept.filter(Boolean), ...lines, ""].join("\n"));
}

const spec = (site: Site, generation: number) => ({
  country: "DE",
  admins: ["198.51.100.7/32"],
  // The same name on both: only the master secrets tell their passwords apart.
  phones: { hall: { number: site === "berlin" ? "10" : "20", networks: ["198.51.100.0/24"], generation } },
});

beforeAll(async () => {
  engine = await ensureEngine();
  folder = mkdtempSync(path.join(tmpdir(), "hardened-asterisk-two-"));
  if ((await listSandboxes()).some((one) => one.name === name)) await downSandbox(name);
  [sandbox] = await Promise.all([
    upSandbox({ name, image: "packages", twin: true }),
    installPacked(folder, ["index.ts"]),
  ]);
  writeFileSync(path.join(folder, "index.ts"), program);
  writeFileSync(path.join(folder, "Pulumi.yaml"), "name: two\nruntime:\n  name: nodejs\n");
  writeFileSync(path.join(folder, "passphrase"), randomBytes(16).toString("hex"), { mode: 0o600 });
  mkdirSync(path.join(folder, "state"));
  linkProvider(engine, folder);
  await pulumi(["stack", "init"]);
  for (const site of sites)
    await pulumi(["config", "set", "--secret", `${site}-masterSecret`], randomBytes(32).toString("hex"));
  const { ssh, twinSsh } = sandbox;
  configure({
    keyFile: ssh.privateKeyFile,
    "berlin-port": ssh.port,
    "berlin-hostKey": ssh.hostKey,
    "hamburg-port": twinSsh?.port,
    "hamburg-hostKey": twinSsh?.hostKey,
    "berlin-spec": spec("berlin", 1),
    "hamburg-spec": spec("hamburg", 1),
  });
}, 5 * minutes);

afterAll(async () => {
  if ((await listSandboxes()).some((one) => one.name === name)) await downSandbox(name);
  rmSync(folder, { recursive: true, force: true });
}, minutes);

const cards = async () =>
  JSON.parse(await pulumi(["stack", "output", "cards", "--json", "--show-secrets"])) as Record<
    Site,
    Record<string, PhoneCard>
  >;
/** How a host answers when somebody in the office registers with a card. */
async function registering(host: Site, card: PhoneCard | undefined): Promise<number | string> {
  const office = { namespace: sandbox.namespaces.office, address: sandbox.addresses.office[0] ?? "" };
  const target = sandbox.addresses[hostOf[host]];
  return (await registerGuess({ ...office, target }, card?.user ?? "", card?.password ?? "")).status;
}
async function onSite(site: Site, ...argv: string[]): Promise<string> {
  const result = await execOn(sandbox, hostOf[site], argv);
  if (result.code !== 0) throw new Error(`${argv.join(" ")}: ${result.stdout}${result.stderr}`);
  return result.stdout;
}
const files = (site: Site) =>
  onSite(site, "sh", "-c", "find /etc /var/lib/hardened-asterisk -type f -printf '%p %T@ %C@\\n' | sort");
const pid = (site: Site) => onSite(site, "systemctl", "show", "-p", "MainPID", "--value", "asterisk.service");
/** How many sources of live configuration hold a text. */
const holding = async (site: Site, text: string) =>
  Number(await onSite(site, "sh", "-c", 'grep -rlF -- "$0" /etc /var/lib/hardened-asterisk | wc -l', text));

test(
  "the packed package, in a project of its own, brings up two hosts, each with secrets of its own",
  async () => {
    expect(await pulumi(["up", "--yes", "--skip-preview"])).toMatch(/\+ 9 created/);
    const { berlin, hamburg } = await cards();
    expect(berlin["hall"]?.password).not.toBe(hamburg["hall"]?.password);
    expect(await registering("berlin", berlin["hall"])).toBe(200);
    expect(await registering("hamburg", hamburg["hall"])).toBe(200);
    expect(await registering("berlin", hamburg["hall"])).not.toBe(200);
    expect(await registering("hamburg", berlin["hall"])).not.toBe(200);
    for (const [site, other] of [sites, [...sites].reverse()] as [Site, Site][]) {
      const both = await cards();
      expect(await holding(site, both[site]["hall"]?.user ?? "none")).toBeGreaterThan(0);
      expect(await holding(site, both[other]["hall"]?.user ?? "none")).toBe(0);
      expect(await onSite(site, "hardened-asterisk", "status")).toMatch(/confirmed/);
    }
  },
  6 * minutes,
);

test(
  "a change of one leaves the other as it is, down to the times of its files",
  async () => {
    const before = [await files("hamburg"), await pid("hamburg")];
    const old = await cards();
    configure({ "berlin-spec": spec("berlin", 2) });
    expect(await pulumi(["up", "--yes", "--skip-preview"])).toMatch(/~ 3 updated\s+6 unchanged/);
    expect([await files("hamburg"), await pid("hamburg")]).toEqual(before);
    const now = await cards();
    expect(now.hamburg).toEqual(old.hamburg);
    expect(await registering("berlin", old.berlin["hall"])).not.toBe(200);
    expect(await registering("berlin", now.berlin["hall"])).toBe(200);
  },
  4 * minutes,
);
