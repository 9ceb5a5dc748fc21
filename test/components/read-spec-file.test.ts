import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { readSpecFile } from "../../components/read-spec-file";
import { run } from "../../sandbox/command";

let folder: string;
const at = (name: string) => path.join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "hardened-asterisk-spec-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ["YAML", 'country: JP # where it stands\nadmins: ["198.51.100.7/32"]\n'],
  ["JSON", '{\t"country": "JP",\n\t"admins": ["198.51.100.7/32"]\n}'],
])("reads %s", (_kind, text) => {
  writeFileSync(at("spec"), text);
  expect(readSpecFile(at("spec"))).toEqual({ country: "JP", admins: ["198.51.100.7/32"] });
});

/** What is at the path, the path below the test's folder, and the refusal. */
const cases: readonly [string, () => unknown, string, RegExp][] = [
  ["a file that is not there", () => undefined, "spec", /spec: there is no such file; check the path$/],
  ["a folder", () => undefined, ".", /is not a file; give the file that holds the spec$/],
  ["a pipe nobody writes into", () => run(["mkfifo", at("spec")]), "spec", /spec: is not a file/],
  ["a path through a file", keep("a", ""), "a/spec", /a\/spec: cannot be read \(ENOTDIR\)/],
  [
    "more than 8 MiB",
    keep("spec", " ".repeat(8 * 1024 * 1024 + 1)),
    "spec",
    /is larger than 8 MiB; give only the spec$/,
  ],
  ["what is neither", keep("spec", "phones: [\nnetworks: }"), "spec", /spec: is not YAML or JSON:\n {2}.* at line 2/],
];

function keep(name: string, text: string): () => void {
  return () => {
    writeFileSync(at(name), text);
  };
}

test.each(cases)("refuses %s, without a stack trace", async (_what, make, name, message) => {
  await make();
  expect(() => readSpecFile(at(name))).toThrow(message);
  // What the engine's runtime shows without a stack trace.
  expect(() => readSpecFile(at(name))).toThrow(pulumi.RunError);
});
