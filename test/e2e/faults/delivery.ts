import { readFileSync } from "node:fs";
import path from "node:path";
import {
  activateCommand,
  deliveryDocument,
  generationOf,
  hostIdentity,
  type Delivery,
} from "../../../components/host-commands";
import { packageRoot, readTemplates } from "../../../components/read-templates";
import type { Bundle } from "../../../core/bundle/bundle";
import { canonicalBundle, renderBundle } from "../../../core/bundle/render-bundle";
import { SpecError } from "../../../core/issue";
import { asterisk22 } from "../../../core/platform/asterisk/22";
import { debian14 } from "../../../core/platform/os/debian-14";
import { resolveProfile } from "../../../core/profile/resolve-profile";
import { deriveSecrets, secretsDigest, type SecretValues } from "../../../core/secrets/derive-secrets";
import { sha256 } from "../../../core/sha256";
import { parseSpec } from "../../../core/spec/parse-spec";
import type { PbxSpec } from "../../../core/spec/spec";
import { tryRun, type CommandResult } from "../../../sandbox/command";
import type { SshAccess } from "../../../sandbox/service";

/** One configuration as it is delivered to a host, made without the engine. */
export interface Prepared {
  readonly bundle: Bundle;
  readonly bundleDigest: string;
  readonly values: SecretValues;
  readonly delivery: Delivery;
  readonly generation: string;
  /** What the activation command reads. */
  readonly document: string;
}

/** Renders a spec as the component does; `doctor` may alter the bundle on the way. Raises a `SpecError`. */
export function prepare(
  spec: PbxSpec,
  masterSecret: string,
  doctor: (bundle: Bundle) => Bundle = (bundle) => bundle,
): Prepared {
  const parsed = parseSpec(spec, new Date());
  if ("issues" in parsed) throw new SpecError(parsed.issues);
  const profile = resolveProfile(parsed.spec, { platform: { asterisk: asterisk22, os: debian14 } });
  const bundle = doctor(renderBundle(profile, readTemplates()));
  const { text, sha256: bundleDigest } = canonicalBundle(bundle);
  const values = deriveSecrets(masterSecret, profile, undefined);
  const agent = readFileSync(path.join(packageRoot(), "dist/host.pyz"));
  const loader = readFileSync(path.join(packageRoot(), "dist/loader.py.txt"), "utf8").trim();
  const delivery = { agent: sha256(agent), bundle: bundleDigest, secrets: secretsDigest(masterSecret, values) };
  const generation = generationOf(delivery);
  return {
    bundle,
    bundleDigest,
    values,
    delivery,
    generation,
    document: deliveryDocument(loader, agent, text, values),
  };
}

/** Delivers over SSH by the very command the component runs; the status may be any. */
export function deliver(ssh: SshAccess, { delivery, document }: Prepared): Promise<CommandResult> {
  return overSsh(ssh, activateCommand(delivery, hostIdentity(ssh.host, ssh.hostKey)), document);
}

/** Runs a command line on a host over SSH, as the operator; the status may be any. */
export function overSsh(ssh: SshAccess, command: string, input = ""): Promise<CommandResult> {
  const options = ["-i", ssh.privateKeyFile, "-o", `UserKnownHostsFile=${ssh.knownHostsFile}`, "-o", "BatchMode=yes"];
  // A host that is gone is noticed.
  const alive = ["-o", "ServerAliveInterval=2", "-o", "ServerAliveCountMax=3"];
  return tryRun(["ssh", ...options, ...alive, "-p", `${ssh.port}`, `${ssh.user}@${ssh.host}`, command], {
    input,
    timeout: 300_000,
  });
}
