import path from "node:path";
import { confirmCommand, hostIdentity } from "../../../components/host-commands";
import { readTemplates } from "../../../components/read-templates";
import { renderBundle } from "../../../core/bundle/render-bundle";
import { asterisk22 } from "../../../core/platform/asterisk/22";
import { debian14 } from "../../../core/platform/os/debian-14";
import { resolveProfile } from "../../../core/profile/resolve-profile";
import type { PbxSpec } from "../../../core/spec/spec";
import { execOn } from "../../../sandbox/sandbox";
import { Installation } from "../../../tools/operator/installation";
import { deliver, overSsh, prepare } from "../faults/delivery";
import { buildStandIn } from "./agent-package";

/** Start of the log groups' names. */
export const logPrefix = "/hardened-asterisk/test/pbx";

/**
 * A host that writes what a host on AWS sends, delivered over SSH: its files and units are those of AWS, Amazon's agent is a
 * stand-in that sends nothing.
 */
export async function openAwsHost(name: string, spec: PbxSpec): Promise<Installation> {
  const pbx = await Installation.open({ name, spec });
  await pbx.stack.up();
  const agent = await buildStandIn(path.join("/run", `hardened-asterisk-installation-${name}`));
  await keepPackage(pbx, agent.sha256, agent.content);
  const profile = resolveProfile(spec, {
    platform: { asterisk: asterisk22, os: debian14 },
    cloudWatch: { prefix: logPrefix, agent: { sha256: agent.sha256 } },
  });
  const master = await pbx.stack.try(["config", "get", "pbx:masterSecret", "--stack", name]);
  const prepared = prepare(spec, master.stdout.trim(), () => renderBundle(profile, readTemplates()));
  const done = await deliver(pbx.sandbox.ssh, prepared);
  if (done.code !== 0) throw new Error(`${done.stdout}${done.stderr}`);
  const { ssh } = pbx.sandbox;
  const kept = await overSsh(ssh, confirmCommand(prepared.generation, hostIdentity(ssh.host, ssh.hostKey)));
  if (kept.code !== 0) throw new Error(`${kept.stdout}${kept.stderr}`);
  return pbx;
}

/** Puts a package file where the host keeps those it was brought. */
async function keepPackage(pbx: Installation, sha256: string, content: Buffer): Promise<void> {
  const file = `/var/lib/hardened-asterisk/packages/${sha256}.deb`;
  const script = `umask 077; mkdir -p "$(dirname "$0")" && base64 -d > "$0"`;
  const input = content.toString("base64");
  const result = await execOn(pbx.sandbox, "pbx", ["sh", "-c", script, file], { input });
  if (result.code !== 0) throw new Error(result.stderr);
}
