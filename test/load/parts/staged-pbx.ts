import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { HostOs } from "../../../core/platform/platforms";
import { run } from "../../../sandbox/command";
import { renderScenario, type Scenario } from "../../golden/render-scenario";
import { Asterisk } from "./asterisk";
import { release } from "./release";
import { StagedHost } from "./staged-host";

/** The names of the golden scenarios. */
export const scenarios: readonly string[] = readdirSync(path.join(__dirname, "../../golden"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/** Addresses that stand in no spec: where strangers send from. */
export const strangers = { ipv4: "203.0.113.128/25", ipv6: "2001:db8:bad::/64" };

/** Changes made to a golden file before it is staged, by path; returns the new text. */
export type Edits = Readonly<Record<string, (text: string) => string>>;

/** A scenario's golden files on a staged host. */
export interface StagedPbx {
  readonly scenario: Scenario;
  readonly host: StagedHost;
  /** The golden files' texts as staged, by path on the host. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Stages the golden files of a scenario with the owners and modes of its bundle; what the package left in directories that are
 * ours alone is removed. `root` as {@link StagedHost.open} takes it. Raises an `Error` when a golden file is missing or an edit changes nothing.
 */
export async function stagePbx(
  name: string,
  edits: Edits = {},
  os: HostOs = release,
  root?: string,
): Promise<StagedPbx> {
  const scenario = renderScenario(name, os);
  const { phones, trunks } = scenario.profile;
  const networks = [...phones.flatMap((phone) => phone.networks), ...trunks.flatMap(({ signalling }) => signalling)];
  const host = await StagedHost.open([...new Set([...networks, ...Object.values(strangers)])], os, root);
  try {
    for (const directory of scenario.bundle.directories) {
      if (directory.exclusive) host.empty(directory.path);
      host.own(directory.path, directory);
    }
    const files = new Map<string, string>();
    for (const file of scenario.bundle.files) {
      const golden = readFileSync(path.join(scenario.folder, "files", file.path), "utf8");
      const text = edits[file.path]?.(golden) ?? golden;
      if (file.path in edits && text === golden) throw new Error(`the edit of ${file.path} changes nothing`);
      host.write(file.path, text, file);
      files.set(file.path, text);
    }
    await makeCertificate(scenario, host);
    return { scenario, host, files };
  } catch (error) {
    await host.close();
    throw error;
  }
}

/** A staged scenario with its Asterisk up. */
export interface BootedPbx extends StagedPbx {
  readonly asterisk: Asterisk;
}

/** Stages a scenario and boots its Asterisk; raises what {@link stagePbx} and {@link Asterisk.boot} raise. */
export async function bootPbx(...staging: Parameters<typeof stagePbx>): Promise<BootedPbx> {
  const staged = await stagePbx(...staging);
  try {
    return { ...staged, asterisk: await Asterisk.boot(staged.host) };
  } catch (error) {
    await staged.host.close();
    throw error;
  }
}

/** On a real host the certificate is the owner's, or the agent's own; here one is made where the configuration expects it. */
async function makeCertificate({ profile }: Scenario, host: StagedHost): Promise<void> {
  if (profile.tls === undefined) return;
  const { certificate, privateKey } = profile.tls;
  const folders = [...new Set([certificate, privateKey].map((file) => path.dirname(file)))];
  await run(host.inside(["install", "-d", "-o", "root", "-g", "asterisk", "-m", "0750", ...folders]));
  const kind = [
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-days",
    "1",
    "-subj",
    "/CN=pbx",
  ];
  await run(host.inside(["openssl", "req", ...kind, "-keyout", privateKey, "-out", certificate]));
  for (const file of [certificate, privateKey]) host.own(file, { owner: "root", group: "asterisk", mode: "0640" });
}
