import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stringify } from "yaml";
import { runCaptured } from "./capture";

const root = path.join(__dirname, "../../..");
const office = path.join(root, "test/golden/office");
const spec = () => ({
  country: "JP",
  admins: ["198.51.100.7/32"],
  phones: { reception: { number: "101", networks: ["198.51.100.0/24"] } },
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "hardened-asterisk-render-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const filesBelow = (place: string) =>
  readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(place, path.join(entry.parentPath, entry.name)))
    .sort();

test("writes the tree of the golden scenario, with names where the host has values", async () => {
  const out = path.join(folder, "deep/out");
  expect(await runCaptured(["render", path.join(office, "spec.yaml"), out])).toMatchObject({ code: 0, err: "" });
  expect(filesBelow(out)).toEqual(filesBelow(path.join(office, "files")));
  const fixed = "etc/nftables.d/hardened-asterisk.nft";
  expect(readFileSync(path.join(out, fixed), "utf8")).toBe(readFileSync(path.join(office, "files", fixed), "utf8"));
  const pjsip = path.join(out, "etc/asterisk/pjsip.conf");
  expect(readFileSync(pjsip, "utf8")).toContain("[<phone.reception.user>](phone)");
  expect(statSync(pjsip).mode & 0o777).toBe(0o640);
});

test("--aws writes the files of a host on AWS, whose spec names no admins; without it the refusal says so", async () => {
  const aws = path.join(root, "test/golden/aws-no-ssh");
  const out = path.join(folder, "out");
  expect(await runCaptured(["render", "--aws", path.join(aws, "spec.yaml"), out])).toMatchObject({ code: 0, err: "" });
  expect(filesBelow(out)).toEqual(filesBelow(path.join(aws, "files")));
  const fixed = "etc/nftables.d/hardened-asterisk.nft";
  expect(readFileSync(path.join(out, fixed), "utf8")).toBe(readFileSync(path.join(aws, "files", fixed), "utf8"));
  expect(readFileSync(path.join(out, "etc/asterisk/pjsip_transports.conf"), "utf8")).toContain(
    "<host.external-address>",
  );
  const { code, err } = await runCaptured(["render", path.join(aws, "spec.yaml")]);
  expect([code, err]).toEqual([2, expect.stringMatching(/admins: .*\n {2}a host on AWS has no admins: .* --aws\n/)]);
  const ssh = await runCaptured(["render", "--aws", path.join(office, "spec.yaml")]);
  expect([ssh.code, ssh.err]).toEqual([2, expect.stringContaining("admins: does not go with a machine")]);
});

test("leaves a folder that is not empty as it is", async () => {
  writeFileSync(path.join(folder, "mine"), "");
  const { code, err } = await runCaptured(["render", path.join(office, "spec.yaml"), folder]);
  expect([code, filesBelow(folder)]).toEqual([2, ["mine"]]);
  expect(err).toContain("is not empty; name a new folder");
});

test.each([
  ["YAML", stringify(spec())],
  ["JSON", JSON.stringify(spec(), undefined, "\t")],
  ["a stack's configuration", stringify({ encryptionsalt: "v1:x", config: { "pbx:host": "h", "pbx:spec": spec() } })],
])("shows every file for %s on standard input", async (_kind, text) => {
  const { code, out } = await runCaptured(["render", "-"], text);
  expect(code).toBe(0);
  expect(out.match(/^==> \/\S+ root:\w+ 0[67][045][045]$/gm)).toHaveLength(
    filesBelow(path.join(office, "files")).length,
  );
  expect(out).toContain("context = phones-internal");
});

test("an external address is taken from the option and from the stack's configuration", async () => {
  const stack = stringify({ config: { "pbx:spec": spec(), "pbx:externalAddress": "203.0.113.9" } });
  const told = [
    await runCaptured(["render", "-"], stack),
    await runCaptured(["render", "--external-address", "-"], JSON.stringify(spec())),
  ];
  for (const { out } of told) expect(out).toContain("<host.external-address>");
  expect((await runCaptured(["render", "-"], JSON.stringify(spec()))).out).not.toContain("<host.external-address>");
});

test("the file that a stack's configuration names lies relative to it", async () => {
  writeFileSync(path.join(folder, "office.yaml"), stringify(spec()));
  writeFileSync(path.join(folder, "Pulumi.office.yaml"), stringify({ config: { "pbx:specFile": "office.yaml" } }));
  const { code, out } = await runCaptured(["render", path.join(folder, "Pulumi.office.yaml")]);
  expect([code, out]).toEqual([0, expect.stringContaining("[<phone.reception.user>](phone)")]);
  rmSync(path.join(folder, "office.yaml"));
  const missing = await runCaptured(["render", path.join(folder, "Pulumi.office.yaml")]);
  expect([missing.code, missing.err]).toEqual([3, expect.stringContaining("office.yaml: there is no such file")]);
});

test.each<[string, string, number, string[]]>([
  [
    "a bad spec",
    "country: JP\nadmins: [0.0.0.0/0]\nphones: { a: { number: 7 } }",
    2,
    ["admins.0:", "phones.a.number:"],
  ],
  ["no YAML", "a: [1, 2\nb: }", 2, ["standard input: is not YAML or JSON", "line 2"]],
  ["a phone twice", "phones:\n  a: { number: '10' }\n  a: { number: '11' }", 2, ["Map keys must be unique", "line 3"]],
  ["nothing", "", 2, ["spec: "]],
  [
    "a phone twice, among 20,000",
    `{"phones":{${Array.from({ length: 20_000 }, (_, n) => `"p${n}":{}`).join()},\n"p7":{}}}`,
    2,
    ["Map keys must be unique at line 2, column 1: p7"],
  ],
  ["a stack without a spec", "config: { pbx:host: h }", 2, ["has no `pbx:spec` and no `pbx:specFile`"]],
  ["a stack with two", "config: { pbx:spec: {}, pbx:specFile: a.yaml }", 2, ["has both `pbx:spec` and"]],
  ["a stack with a list of files", "config: { pbx:specFile: [a] }", 2, ["`pbx:specFile` must be the path of a file"]],
  ["an alias that grows without bound", bomb(), 2, ["Excessive alias count"]],
  ["9 MiB", "x".repeat(9 * 1024 * 1024), 2, ["is larger than 8 MiB"]],
])("refuses %s without a stack trace", async (_what, text, code, expected) => {
  const run = await runCaptured(["render", "-"], text);
  expect(run).toMatchObject({ code, out: "" });
  for (const words of expected) expect(run.err).toContain(words);
  expect(run.err).not.toMatch(/\n\s+at /);
});

test("tells a file that is not there from one that is refused", async () => {
  const missing = path.join(folder, "none.yaml");
  const absent = await runCaptured(["render", missing]);
  expect([absent.code, absent.err]).toEqual([
    3,
    `hardened-asterisk: ${missing}: there is no such file; check the path\n`,
  ]);
  const directory = await runCaptured(["render", folder]);
  expect([directory.code, directory.err]).toEqual([1, `hardened-asterisk: ${folder}: is a directory; give a file\n`]);
});

test("loads nothing of Pulumi; a program that does is noticed", () => {
  const argv = ["--import", "tsx", "--import", path.join(__dirname, "pulumi-watch.mjs")];
  const run = (args: readonly string[]) =>
    spawnSync(process.execPath, [...argv, ...args], { cwd: root, encoding: "utf8" });
  const rendered = run(["cli/main.ts", "render", path.join(office, "spec.yaml"), folder]);
  expect(rendered).toMatchObject({ status: 0, stderr: "loaded from @pulumi: 0\n" });
  expect(run(["-e", 'require("@pulumi/pulumi/utils")']).stderr).toMatch(/loaded from @pulumi: [1-9]/);
}, 30_000);

/** Few lines of YAML that stand for nine million entries. */
function bomb(): string {
  const levels = Array.from({ length: 6 }, (_, n) => `l${n + 1}: &l${n + 1} [${Array(10).fill(`*l${n}`).join(",")}]`);
  return ["l0: &l0 [x,x,x,x,x,x,x,x,x]", ...levels].join("\n");
}

test("says what is waived beside the files", async () => {
  const until = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  const waivers = [{ protection: "network/require-admin-ssh", reason: "the office line comes soon", until }];
  const file = path.join(folder, "spec.yaml");
  writeFileSync(file, stringify({ ...spec(), admins: ["0.0.0.0/0"], waivers }));
  const { code, out, err } = await runCaptured(["render", file]);
  expect([code, err]).toEqual([0, expect.stringContaining("warning: admins.0: network/require-admin-ssh is waived")]);
  expect(out).not.toContain("is waived");
});
