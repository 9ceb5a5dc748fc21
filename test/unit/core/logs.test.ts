import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { logClientKey } from "../../../core/secrets/log-client-key";
import { parseSpec } from "../../../core/spec/parse-spec";
import type { LogsSpec, PbxSpec } from "../../../core/spec/spec";
import { scenarioLogClientKey } from "../../golden/render-scenario";

const spec = parse(readFileSync(path.join(__dirname, "../../golden/logs-shipped/spec.yaml"), "utf8")) as PbxSpec;
const logs = spec.logs as LogsSpec;
const certificate = logs.clientCertificate ?? "";

function issues(change: Record<string, unknown>): string[] {
  const parsed = parseSpec({ ...spec, logs: { ...logs, ...change } }, new Date("2026-06-01"));
  return "issues" in parsed ? parsed.issues.map(({ path: where, message }) => `${where}: ${message}`) : [];
}

const openssl = (...args: string[]) => execFileSync("openssl", args, { encoding: "utf8", stdio: "pipe" });

test("takes a receiver, with and without a certificate of our own, and a chain", () => {
  expect(issues({})).toEqual([]);
  expect(issues({ clientCertificate: undefined })).toEqual([]);
  expect(issues({ ca: `${logs.ca}\n${logs.ca}` })).toEqual([]);
});

test.each<[string, Record<string, unknown>, string]>([
  [
    "a receiver without a port",
    { server: "192.0.2.50" },
    'logs.server: "192.0.2.50" is not an IPv4 address with a port',
  ],
  ["a receiver by name", { server: "logs.example.net:6514" }, "logs.server:"],
  ["an action behind the port", { server: '192.0.2.50:6514" action(' }, "logs.server:"],
  ["a wildcard name", { name: "*.example.net" }, "logs.name: must be the name in the receiver's certificate"],
  ["a name with a quote", { name: 'logs.example.net"]' }, "logs.name:"],
  ["no CA", { ca: undefined }, "logs.ca: must be a certificate as PEM text"],
  ["a path for a CA", { ca: "/etc/ssl/ca.pem" }, "logs.ca: must be a certificate as PEM text"],
  ["text behind the CA", { ca: `${logs.ca}\nmodule(load="omprog")` }, "logs.ca: must be a certificate as PEM text"],
  ["a damaged CA", { ca: logs.ca.replace("MII", "AAA") }, "logs.ca: must be a certificate as PEM text"],
  ["the receiver's certificate for its CA", { ca: certificate }, "logs.ca: must be the certificate of the CA"],
  ["a key for a certificate", { clientCertificate: scenarioLogClientKey }, "logs.clientCertificate: must be"],
  ["a key in the spec", { clientKey: "x" }, "logs.clientKey: is not a known key"],
])("refuses %s", (_what, change, start) => {
  const found = issues(change);
  expect(found).toHaveLength(1);
  expect(found[0]?.slice(0, start.length)).toBe(start);
});

describe("the key of the certificate we show", () => {
  const lines = certificate.trim().split("\n");
  const refused = (pem: string | undefined) => () => logClientKey(pem, lines);

  test("travels as one line that the host can put into its frame", () => {
    const value = logClientKey(scenarioLogClientKey, lines);
    expect(scenarioLogClientKey.replace(/-----.*-----|\s/g, "")).toBe(value);
    expect(value).toMatch(/^[A-Za-z0-9+/=]{1,256}$/);
  });

  test("is refused when missing, no key, or another certificate's, and never repeated", () => {
    expect(refused(undefined)).toThrow(/^logClientKey: is missing; give/);
    expect(refused("hunter2hunter2")).toThrow(/^logClientKey: is not a private key in PEM without a passphrase$/);
    const other = openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256");
    expect(refused(other)).toThrow(/^logClientKey: does not belong to logs\.clientCertificate/);
  });

  test("is refused when it is RSA, with the cure", () => {
    const folder = path.join(process.env.TMPDIR ?? "/tmp", `log-key-${process.pid}`);
    const certificateArgs = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=pbx", "-keyout", folder];
    try {
      const rsa = openssl(...certificateArgs);
      const pem = readFileSync(folder, "utf8");
      expect(() => logClientKey(pem, rsa.trim().split("\n"))).toThrow(
        /longer than an elliptic-curve key; make one with/,
      );
    } finally {
      execFileSync("rm", ["-f", folder]);
    }
  });
});
