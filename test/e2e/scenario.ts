import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { HostReceipt } from "../../components/host-receipt";
import type { PbxSpec } from "../../core/spec/spec";
import { execOn } from "../../sandbox/sandbox";
import type { Installation } from "../../tools/operator/installation";

/** The office of the golden scenario, with limits that a test can reach: one call to the outside, of one minute. */
export function officeSpec(): PbxSpec {
  const spec = parse(readFileSync(path.join(__dirname, "../golden/office/spec.yaml"), "utf8")) as PbxSpec;
  return { ...spec, limits: { calls: 1, callMinutes: 1 } };
}

/** What the host reported about its current generation. */
export async function currentReceipt(pbx: Installation): Promise<HostReceipt> {
  const folder = "/var/lib/hardened-asterisk";
  const { generation } = JSON.parse(await onHost(pbx, "cat", `${folder}/current`)) as { generation: string };
  return JSON.parse(await onHost(pbx, "cat", `${folder}/generations/${generation}/receipt.json`)) as HostReceipt;
}

/** Runs a command on the PBX, whatever its firewall says, and returns its output; raises when it fails. */
export async function onHost(pbx: Installation, ...argv: string[]): Promise<string> {
  const result = await execOn(pbx.sandbox, "pbx", argv);
  if (result.code !== 0) throw new Error(`${argv.join(" ")}: ${result.stdout}${result.stderr}`);
  return result.stdout;
}

/** Asks the Asterisk console. */
export const ask = (pbx: Installation, command: string) => onHost(pbx, "asterisk", "-rx", command);

/** Process id of the running Asterisk. */
export const asteriskPid = async (pbx: Installation) =>
  (await onHost(pbx, "systemctl", "show", "-p", "MainPID", "--value", "asterisk.service")).trim();

/** Share of Asterisk's file descriptors that are open. */
export async function openDescriptors(pbx: Installation): Promise<number> {
  const script = "pid=$(pidof asterisk); ls /proc/$pid/fd | wc -l; sed -n 's/^Max open files *//p' /proc/$pid/limits";
  const [open = "", limit = ""] = (await onHost(pbx, "sh", "-c", script)).split("\n");
  return Number(open) / Number(limit.split(" ")[0]);
}
