import { readTemplates } from "../../components/read-templates";
import { canonicalBundle, renderBundle } from "../../core/bundle/render-bundle";
import { SpecError } from "../../core/issue";
import { asterisk22 } from "../../core/platform/asterisk/22";
import { debian14 } from "../../core/platform/os/debian-14";
import { resolveProfile } from "../../core/profile/resolve-profile";
import { deriveSecrets } from "../../core/secrets/derive-secrets";
import { parseSpec } from "../../core/spec/parse-spec";
import { manyPhones } from "./many-phones";
import { median } from "./median";

/** What one process measured; printed as JSON. */
export interface RenderFigures {
  /** From an untyped spec to bundle text and values, in a process that has not done it before, in ms. */
  readonly coldMs: number;
  /** Largest resident size of the process after that, in MB (10^6 bytes). */
  readonly peakMb: number;
  /** Processor time of the same work again and again, garbage collection included; median of the second half, in ms. */
  readonly warmMs: number;
}

const rounds = 9;

/** Everything `pulumi up` does with a spec before it connects. */
function renderOnce(spec: unknown): void {
  const parsed = parseSpec(spec, new Date());
  if ("issues" in parsed) throw new SpecError(parsed.issues);
  const profile = resolveProfile(parsed.spec, { platform: { asterisk: asterisk22, os: debian14 } });
  canonicalBundle(renderBundle(profile, readTemplates()));
  deriveSecrets("0123456789abcdefghijklmnopqrstuvwxyz", profile);
}

function processorMs(spec: unknown): number {
  const before = process.cpuUsage();
  renderOnce(spec);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function main(phones: number): RenderFigures {
  const spec = manyPhones(phones);
  const started = performance.now();
  renderOnce(spec);
  const coldMs = performance.now() - started;
  const peakMb = (process.resourceUsage().maxRSS * 1024) / 1e6;
  // Small sizes are repeated more, so that all are measured with equally optimised code.
  const repeats = Math.max(rounds, Math.ceil(10_000 / phones));
  const warm = Array.from({ length: Math.min(repeats, 200) }, () => processorMs(spec));
  return { coldMs, peakMb, warmMs: median(warm.slice(Math.floor(warm.length / 2))) };
}

process.stdout.write(JSON.stringify(main(Number(process.argv[2]))));
