import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
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

const cases: readonly [string, () => unknown, RegExp][] = [
  ["a file that is not there", () => undefined, /spec: there is no such file; check the path$/],
  ["a folder", () => mkdirSync(at("spec")), /spec: is not a file; give the file that holds the spec$/],
  ["a pipe nobody writes into", () => run(["mkfifo", at("spec")]), /spec: is not a file/],
  ["a path through a file", () => (writeFileSync(at("a"), ""), "a/spec"), /a\/spec: cannot be read \(ENOTDIR\)/],
  [
    "more than 8 MiB",
    () => {
      writeFileSync(at("spec"), "");
      truncateSync(at("spec"), 8 * 1024 * 1024 + 1);
    },
    /spec: is larger than 8 MiB; give only the spec$/,
  ],
  [
    "what is neither",
    () => {
      writeFileSync(at("spec"), "phones: [\nnetworks: }");
    },
    /spec: is not YAML or JSON:\n {2}.* at line 2/,
  ],
];

test.each(cases)("refuses %s, without a stack trace", async (_what, make, message) => {
  const made = await make();
  const read = () => readSpecFile(at(typeof made === "string" && made.startsWith("a/") ? made : "spec"));
  expect(read).toThrow(message);
  // What the engine's runtime shows without a stack trace.
  expect(read).toThrow(pulumi.RunError);
});
