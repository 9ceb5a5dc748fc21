import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { packageFile, packageIssues, type AsteriskPackageArgs } from "../../components/asterisk-package";
import { debian13 } from "../../core/platform/os/debian-13";
import { debian14 } from "../../core/platform/os/debian-14";

const folder = mkdtempSync(path.join(tmpdir(), "asterisk-package-"));
const content = "!<arch>\nnot more than its first line";
const good = { path: path.join(folder, "good.deb"), sha256: createHash("sha256").update(content).digest("hex") };
const url = "https://example.net/pool/hardened-asterisk-asterisk_22.10.1-1~ha13+1_amd64.deb";

beforeAll(() => {
  writeFileSync(good.path, content);
  writeFileSync(path.join(folder, "text"), "text");
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const refusals = (args: AsteriskPackageArgs | undefined, os = debian13) =>
  packageIssues(os, args).map((issue) => `${issue.path}: ${issue.message}`);

test("a file whose digest is right, and a web address, are taken; the bundle says only what the host needs", () => {
  expect(refusals(good)).toEqual([]);
  expect(packageFile(good)).toEqual({ sha256: good.sha256 });
  expect(refusals({ url, sha256: good.sha256 })).toEqual([]);
  expect(packageFile({ url, sha256: good.sha256 })).toEqual({ url, sha256: good.sha256 });
});

test.each<[string, AsteriskPackageArgs | undefined, RegExp]>([
  ["none", undefined, /^asteriskPackage: debian-13 packages no Asterisk: .*npm run build:asterisk/],
  ["neither path nor url", { sha256: good.sha256 }, /^asteriskPackage: takes one of path and url/],
  ["both", { ...good, url }, /^asteriskPackage: takes one of path and url/],
  ["no digest", { ...good, sha256: "yes" }, /^asteriskPackage\.sha256: must be .*`sha256sum FILE` prints it/],
  [
    "another digest",
    { ...good, sha256: "0".repeat(64) },
    /^asteriskPackage\.sha256: .*good\.deb has the sha256 [0-9a-f]{64};/,
  ],
  [
    "a file that is not there",
    { ...good, path: "/no/such" },
    /^asteriskPackage\.path: \/no\/such: there is no such file; make/,
  ],
  ["a folder", { ...good, path: folder }, /^asteriskPackage\.path: .*EISDIR/],
  [
    "a file that is no package",
    { ...good, path: path.join(folder, "text") },
    /^asteriskPackage\.path: .*is no Debian package/,
  ],
  ["a file address", { url: "file:///etc/passwd", sha256: good.sha256 }, /^asteriskPackage\.url: must begin with http/],
  [
    "a password in the address",
    { url: "https://a:b@c/d", sha256: good.sha256 },
    /^asteriskPackage\.url: .*without user/,
  ],
])("%s is refused with the cure", (_what, args, words) => {
  expect(refusals(args)).toEqual([expect.stringMatching(words)]);
});

test("on a release with an Asterisk of its own a file is refused", () => {
  expect(refusals(good, debian14)).toEqual([
    expect.stringMatching(/^asteriskPackage: debian-14 packages Asterisk itself/),
  ]);
  expect(refusals(undefined, debian14)).toEqual([]);
});
