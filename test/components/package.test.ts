import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { tryRun } from "../../sandbox/command";
import { installPacked, own } from "./packed-project";

const program = `import * as pulumi from "@pulumi/pulumi";
import { AsteriskHost, type PbxSpec, type PhoneCard } from "hardened-asterisk";

const config = new pulumi.Config();
const pbx = (number: string): PbxSpec => ({
  country: "DE",
  admins: ["198.51.100.7/32"],
  phones: { hall: { number, networks: ["198.51.100.0/24"] } },
});
const connection = (host: string) => ({ host, privateKey: config.requireSecret("key"), hostKey: config.require(host) });
const masterSecret = config.requireSecret("masterSecret");
const berlin = new AsteriskHost("berlin", { connection: connection("203.0.113.10"), masterSecret, pbx: pbx("10") });
const hamburg = new AsteriskHost("hamburg", { connection: connection("203.0.113.20"), masterSecret, pbx: pbx("20") });
export const cards: pulumi.Output<Record<string, PhoneCard>>[] = [berlin.credentials, hamburg.credentials];
`;
// The same program with a mistake, to see that the types are really looked at.
const mistaken = program.replace('country: "DE"', "country: 49");

let folder: string;
let packed: string[];

const npx = (args: readonly string[], input = "") => tryRun(["npx", "--no-install", ...args], { cwd: folder, input });

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "hardened-asterisk-package-"));
  packed = await installPacked(folder, ["index.ts", "mistaken.ts"]);
}, 180_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("the package holds what runs and nothing else", () => {
  const strange = packed.filter(
    (file) => !/^(dist\/(index|aws|core|components|cli)\b|templates\/(etc|usr\/local)\/|[^/]+$)/.test(file),
  );
  expect(strange.sort()).toEqual(["dist/fetch-agent.py.txt", "dist/host.pyz", "dist/loader.py.txt"]);
  expect(packed).toEqual(expect.arrayContaining(["LICENSE", "README.md", "dist/cli/main.js", "dist/index.d.ts"]));
  expect(packed.filter((file) => /test|tsbuildinfo|\.env|Pulumi\./i.test(file))).toEqual([]);
});

test("its peers are ranges that hold the versions it is developed with", async () => {
  expect(own.peerDependencies).toEqual({
    "@pulumi/aws": ">=7.48.0 <8",
    "@pulumi/command": "~1.2.1",
    "@pulumi/pulumi": ">=3.218.0 <4",
  });
  expect(own.peerDependenciesMeta).toEqual({ "@pulumi/aws": { optional: true } });
  expect(await tryRun(["npm", "ls", "--all=false"], { cwd: folder })).toMatchObject({ code: 0 });
});

test("a program with two PBXs compiles against it, and one with a mistake does not", async () => {
  writeFileSync(path.join(folder, "index.ts"), program);
  writeFileSync(path.join(folder, "mistaken.ts"), mistaken);
  const { stdout } = await npx(["tsc", "-p", "."]);
  const faults = stdout.split("\n").filter((line) => line.includes("error TS"));
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatch(/^mistaken\.ts\(.*Type 'number' is not assignable to type 'string'/);
}, 60_000);

// Projects that `pulumi new` made some years ago have the older of the two; there `exports` counts for nothing.
test.each([
  ["commonjs", "node10"],
  ["node16", "node16"],
])(
  "with module %s and moduleResolution %s its types are found, those for AWS too",
  async (module, moduleResolution) => {
    const from = (name: string, member: string) => `export { ${member}, type Missing } from "${name}";\n`;
    const text = from("hardened-asterisk", "AsteriskHost").replace("Missing", "Missing as Other");
    writeFileSync(path.join(folder, "older.ts"), text + from("hardened-asterisk/aws", "AwsAsteriskHost"));
    const options = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", module];
    const { stdout } = await npx(["tsc", ...options, "--moduleResolution", moduleResolution, "older.ts"]);
    expect(stdout.split("\n").filter((line) => line.includes("error TS"))).toEqual([
      expect.stringMatching(/"hardened-asterisk"' has no exported member 'Missing'/),
      expect.stringMatching(/"hardened-asterisk\/aws"' has no exported member 'Missing'/),
    ]);
  },
  60_000,
);

test("loading it loads nothing of @pulumi/aws, not even where that is installed", async () => {
  const aws = path.join(folder, "node_modules/@pulumi/aws");
  mkdirSync(aws, { recursive: true });
  writeFileSync(path.join(aws, "package.json"), '{ "name": "@pulumi/aws", "version": "7.0.0", "main": "index.js" }');
  writeFileSync(path.join(aws, "index.js"), 'throw new Error("@pulumi/aws was loaded")');
  const loaded = (name: string) =>
    tryRun(["node", "-e", `console.log(Object.keys(require(${JSON.stringify(name)})).join())`], { cwd: folder });
  expect(await loaded("hardened-asterisk")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^AsteriskHost,/) as string,
  });
  for (const name of ["@pulumi/aws", "hardened-asterisk/aws"])
    expect((await loaded(name)).stderr).toContain("@pulumi/aws was loaded");
  rmSync(aws, { recursive: true });
}, 30_000);

test("its command renders a spec, and refuses a bad one", async () => {
  expect(await npx(["hardened-asterisk", "--version"])).toMatchObject({ code: 0, stdout: `${own.version}\n` });
  const spec =
    'country: JP\nadmins: ["198.51.100.7/32"]\nphones: { a: { number: "10", networks: ["198.51.100.0/24"] } }';
  expect(await npx(["hardened-asterisk", "render", "-", "out"], spec)).toMatchObject({ code: 0 });
  expect(readFileSync(path.join(folder, "out/etc/asterisk/pjsip.conf"), "utf8")).toContain("[<phone.a.user>](phone)");
  const refused = await npx(["hardened-asterisk", "render", "-"], spec.replace("JP", "jp"));
  expect([refused.code, refused.stdout]).toEqual([2, ""]);
  expect(refused.stderr).toContain("country: must be a two-letter country code");
}, 60_000);
