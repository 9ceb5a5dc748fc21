import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { parseSpec } from "../../../core/spec/parse-spec";
import type { PbxSpec } from "../../../core/spec/spec";
import { renderScenario } from "../../golden/render-scenario";

const spec = parse(readFileSync(path.join(__dirname, "../../golden/acme/spec.yaml"), "utf8")) as PbxSpec;
const inHouse = spec.tls?.acme;
const receiver = parse(readFileSync(path.join(__dirname, "../../golden/logs-shipped/spec.yaml"), "utf8")) as PbxSpec;
const publicly = { name: "pbx.example.com", agreeToTerms: true };

function issues(tls: unknown): string[] {
  const parsed = parseSpec({ ...spec, tls }, new Date("2026-06-01"));
  return "issues" in parsed ? parsed.issues.map(({ path: where, message }) => `${where}: ${message}`) : [];
}

test.each<[string, unknown]>([
  ["a public name", { acme: publicly }],
  ["a public name, with an address for e-mail", { acme: { ...publicly, email: "pbx+acme@example.com" } }],
  ["another public server", { acme: { ...publicly, directory: "https://acme.zerossl.com/v2/DV90" } }],
  ["a server of one's own, with its CA", { acme: inHouse }],
  ["a private name at a server of one's own", { acme: { ...inHouse, name: "pbx.office.internal" } }],
  ["files", { certificate: "/etc/ssl/pbx.pem", privateKey: "/etc/ssl/private/pbx.key" }],
])("takes %s", (_what, tls) => {
  expect(issues(tls)).toEqual([]);
});

const notName = "is not a host name in lower-case letters, and certificates are given to names alone; write the name";
const terms = "tls.acme.agreeToTerms: must be true; read the terms of the certificate authority";

test.each<[string, unknown, string]>([
  ["an address", { ...publicly, name: "203.0.113.10" }, `tls.acme.name: "203.0.113.10" ${notName}`],
  ["an IPv6 address", { ...publicly, name: "2001:db8::1" }, `tls.acme.name: "2001:db8::1" ${notName}`],
  ["a single label", { ...publicly, name: "pbx" }, `tls.acme.name: "pbx" ${notName}`],
  ["a wildcard", { ...publicly, name: "*.example.com" }, `tls.acme.name: "*.example.com" ${notName}`],
  ["a name with a specifier", { ...publicly, name: "%n.example.com" }, `tls.acme.name: "%n.example.com" ${notName}`],
  ["no name", { agreeToTerms: true }, "tls.acme.name: must be the name that leads to this host"],
  [
    "a private name at a public server",
    { ...publicly, name: "pbx.office.local" },
    'tls.acme.name: "pbx.office.local" is a name of private networks, to which no public authority gives a certificate',
  ],
  ["terms nobody agreed to", { ...publicly, agreeToTerms: false }, terms],
  ["terms left out", { name: "pbx.example.com" }, terms],
  [
    "a directory over http",
    { ...publicly, directory: "http://acme.example.com/directory" },
    'tls.acme.directory: "http://acme.example.com/directory" is not an https address; write for example',
  ],
  [
    "a directory at another port",
    { ...publicly, directory: "https://acme.example.com:14000/dir" },
    'tls.acme.directory: "https://acme.example.com:14000/dir" names a port; the host\'s firewall lets it reach https',
  ],
  [
    "a directory by address",
    { ...publicly, directory: "https://192.0.2.1/directory" },
    'tls.acme.directory: "https://192.0.2.1/directory" does not name a server by its host name',
  ],
  [
    "a directory with a user",
    { ...publicly, directory: "https://a:b@acme.example.com/directory" },
    "tls.acme.directory:",
  ],
  [
    "a directory with a second argument",
    { ...publicly, directory: "https://acme.example.com/d --http.webroot /etc" },
    "tls.acme.directory:",
  ],
  ["a directory with a specifier", { ...publicly, directory: "https://acme.example.com/%S" }, "tls.acme.directory:"],
  ["an e-mail address with a space", { ...publicly, email: "a b@example.com" }, "tls.acme.email: must be an address"],
  ["an option for an e-mail address", { ...publicly, email: "--server@example.com" }, "tls.acme.email:"],
  ["a CA without its server", { ...publicly, ca: inHouse?.ca }, "tls.acme.ca: is for an ACME server of your own"],
  ["a path for a CA", { ...inHouse, ca: "/etc/ssl/ca.pem" }, "tls.acme.ca: must be a certificate as PEM text"],
  [
    "a server's certificate for its CA",
    { ...inHouse, ca: receiver.logs?.clientCertificate },
    "tls.acme.ca: must be certificates of CAs, not the ACME server's own",
  ],
])("refuses %s", (_what, acme, start) => {
  const found = issues({ acme });
  expect(found).toHaveLength(1);
  expect(found[0]?.slice(0, start.length)).toBe(start);
});

test("refuses files beside it, half a pair of files, and no choice at all", () => {
  const files = { certificate: "/etc/ssl/pbx.pem", privateKey: "/etc/ssl/private/pbx.key" };
  expect(issues({ ...files, acme: publicly }).map((issue) => issue.split(":")[0])).toEqual([
    "tls.certificate",
    "tls.privateKey",
  ]);
  expect(issues({ certificate: files.certificate })).toEqual([
    "tls.privateKey: is missing; a certificate goes with its private key",
  ]);
  expect(issues({})).toEqual([
    "tls: names no certificate; give certificate and privateKey, or acme, or leave tls out for a private CA",
  ]);
});

test("server and name have a folder of their own, so that a change of either leaves the certificate in effect alone", () => {
  const { bundle, profile } = renderScenario("acme");
  const folder = "/etc/hardened-asterisk/acme/acme.example.net/pbx.example.net";
  expect(bundle.authority?.directory).toBe(folder);
  expect([profile.tls?.certificate, profile.tls?.privateKey]).toEqual([`${folder}/host.pem`, `${folder}/host.pem`]);
  const reloads = bundle.actions.filter(({ onChange }) => onChange.includes(`${folder}/host.pem`));
  expect(reloads.map(({ id, kind }) => [id, kind])).toEqual([["reload-pjsip", "reload"]]);
});

test("of a public authority, the system's own list of CAs is trusted, and brought along", () => {
  const { bundle } = renderScenario("acme");
  expect(bundle.authority?.acme?.trusted).toBe("/etc/hardened-asterisk/acme/ca.pem");
  expect(bundle.packages.map(({ name }) => name)).toContain("lego");
  expect(bundle.packages.map(({ name }) => name)).not.toContain("ca-certificates");
});
