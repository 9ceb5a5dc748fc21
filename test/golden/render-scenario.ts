import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { readTemplates } from "../../components/read-templates";
import type { Bundle, Piece } from "../../core/bundle/bundle";
import { renderBundle } from "../../core/bundle/render-bundle";
import { SpecError } from "../../core/issue";
import { platformOf, type HostOs } from "../../core/platform/platforms";
import type { PbxProfile } from "../../core/profile/profile";
import { resolveProfile } from "../../core/profile/resolve-profile";
import { deriveSecrets, type SecretValues } from "../../core/secrets/derive-secrets";
import { parseSpec } from "../../core/spec/parse-spec";

/** The master secret of every scenario; it protects nothing. */
export const scenarioMasterSecret = "golden-scenarios-only-golden-scenarios";

/** The password of every account at a carrier in a scenario; it protects nothing. */
export const scenarioTrunkPassword = "golden-trunk-password";

/** The day as of which waivers in scenarios hold. */
export const scenarioDay = new Date("2026-06-01T12:00:00Z");

/** Amazon's agent in scenarios; nobody installs it. */
const scenarioAgent = { url: "https://agents.example.net/amazon-cloudwatch-agent.deb", sha256: "5".repeat(64) };

/** The key of the certificate that scenarios show to a receiver of logs; it protects nothing. */
export const scenarioLogClientKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg509zC74ETG38USsw
W/KjYgG1kDoUdYH+zG5Vzvn9dfqhRANCAASy0XrCNSZd7M7Kv+fMaAlBNc8Uifri
Auezej6IPQ7KPNBgkpsIoVwh22cxjoPPTpRcAa71FHKSpJSSk59EBldz
-----END PRIVATE KEY-----
`;

/** One golden scenario taken through the whole pipeline. */
export interface Scenario {
  readonly folder: string;
  readonly profile: PbxProfile;
  readonly bundle: Bundle;
  readonly values: SecretValues;
}

/**
 * Renders `test/golden/<name>/spec.yaml`. A scenario whose name ends in `-behind-nat` is told an external address; so is one whose
 * name ends in `-no-ssh`, a host on AWS, which nobody logs into over SSH. Default: on Debian 14.
 */
export function renderScenario(name: string, os?: HostOs): Scenario {
  const folder = path.join(__dirname, name);
  const ssh = !name.endsWith("-no-ssh");
  const parsed = parseSpec(parse(readFileSync(path.join(folder, "spec.yaml"), "utf8")), scenarioDay, { ssh });
  if ("issues" in parsed) throw new SpecError(parsed.issues);
  const address = name.endsWith("-behind-nat") || !ssh ? "203.0.113.99" : undefined;
  const externalAddress = address !== undefined;
  const cloudWatch = ssh ? undefined : { prefix: "/hardened-asterisk/project/stack/pbx", agent: scenarioAgent };
  const profile = resolveProfile(parsed.spec, { platform: platformOf(os), externalAddress, ssh, cloudWatch });
  return {
    folder,
    profile,
    bundle: renderBundle(profile, readTemplates()),
    values: deriveSecrets(scenarioMasterSecret, profile, {
      domain: "203.0.113.10",
      externalAddress: address,
      logClientKey: scenarioLogClientKey,
      trunkPasswords: Object.fromEntries(profile.trunks.map(({ name: trunk }) => [trunk, scenarioTrunkPassword])),
    }),
  };
}

/** A file's text with every late-bound value filled in. */
export function resolvePieces(content: readonly Piece[], values: SecretValues): string {
  return content
    .map((piece) => (typeof piece === "string" ? piece : (values[piece.ref] ?? `<no value for ${piece.ref}>`)))
    .join("");
}
