import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { PbxSpec } from "../../../core/spec/spec";
import type { Installation } from "../../../tools/operator/installation";
import { PbxStack } from "../../../tools/operator/stack";
import { onHost } from "../scenario";
import { documented, type LogReceiver } from "./receiver";

/** Runs the `pulumi config set` lines of docs/logs.md against a stack, with its receiver's address. */
export async function configureShipping(pbx: Installation, receiver: LogReceiver): Promise<void> {
  const lines = documented("sh").join("\n").split("\n");
  for (const line of lines.filter((text) => text.startsWith("pulumi config set "))) {
    const [words = "", file] = line.replace("192.0.2.50", pbx.sandbox.addresses.twin).split(" < ");
    const input = file === undefined ? undefined : readFileSync(path.join(receiver.files, file), "utf8");
    const result = await pbx.stack.try([...words.split(" ").slice(1), "--stack", pbx.sandbox.name], input);
    if (result.code !== 0) throw new Error(`${line}: ${result.stdout}${result.stderr}`);
  }
}

/** The spec as the stack's configuration has it now. */
export function configuredSpec(pbx: Installation): PbxSpec {
  const settings = parse(readFileSync(PbxStack.configFile(pbx.sandbox.name), "utf8")) as {
    config: { "pbx:spec": PbxSpec };
  };
  return settings.config["pbx:spec"];
}

/** Log files of the PBX that lines are added to, by stream. */
export const logFiles: Readonly<Record<string, string>> = {
  "asterisk-security": "/var/log/asterisk/security.log",
  "asterisk-messages": "/var/log/asterisk/messages.log",
  "asterisk-calls": "/var/log/asterisk/cdr-custom/Master.csv",
};

/** Adds numbered lines to each of {@link logFiles} and to the journal in sshd's name, as root; returns what to look for. */
export async function writeLines(pbx: Installation, mark: string, count: number): Promise<string[]> {
  const files = Object.values(logFiles).map(
    (file) => `for i in $(seq ${count}); do echo "${mark}-$i."; done >> ${file}`,
  );
  const journal = `for i in $(seq ${count}); do echo "${mark}-$i."; done | logger -t sshd`;
  await onHost(pbx, "sh", "-ec", [...files, journal].join("\n"));
  return Array.from({ length: count }, (_, index) => `${mark}-${index + 1}.`);
}

/** Streams that {@link writeLines} writes. */
export const writtenStreams = [...Object.keys(logFiles), "sshd"];

/** What of `wanted` a stream of the receiver lacks. */
export async function lacking(receiver: LogReceiver, stream: string, wanted: readonly string[]): Promise<string[]> {
  const got = new Set((await receiver.lines(stream)).map((line) => line.split(" ").at(-1)));
  return wanted.filter((word) => !got.has(word));
}

/** What the PBX last reported about the queue of what strangers can cause: lines waiting, and lines shed since it started. */
export async function queueCounts(receiver: LogReceiver): Promise<{ waiting: number; shed: number }> {
  const line = (await receiver.lines("shipper-counts")).filter((text) => text.includes('"exposed queue"')).at(-1);
  const counts = JSON.parse(line?.slice(line.indexOf("{")) ?? "{}") as Record<string, number>;
  return { waiting: counts["size"] ?? 0, shed: counts["discarded.full"] ?? 0 };
}
