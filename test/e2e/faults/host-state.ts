import { readFileSync } from "node:fs";
import path from "node:path";
import { sha256 } from "../../../core/sha256";
import type { BundleFile } from "../../../core/bundle/bundle";
import { execOn, type Sandbox } from "../../../sandbox/sandbox";
import { resolvePieces } from "../../golden/render-scenario";
import type { Prepared } from "./delivery";

/** One file of a host. */
interface HostFile {
  readonly sha256: string;
  readonly owner: string;
  readonly group: string;
  readonly mode: string;
}

/** A host as a configuration wants it, or as it is: the managed files, and what is in effect. */
export interface HostState {
  readonly files: Readonly<Record<string, HostFile>>;
  readonly effect: Readonly<Record<string, string>>;
}

const script = readFileSync(path.join(__dirname, "host-state.py"), "utf8");
const dropIn = "/etc/systemd/system/asterisk.service.d/hardened-asterisk.conf";

/** What is asked of the running host, and where the same value stands in the configuration's files. */
const effects: Record<string, { argv: readonly string[]; said: RegExp; file: string; written: RegExp }> = {
  "limit of outbound calls": {
    argv: ["asterisk", "-rx", "dialplan show outbound"],
    said: /taken@outside\)\} >= (\d+)/,
    file: "/etc/asterisk/extensions.conf",
    written: /taken@outside\)\} >= (\d+)/,
  },
  "last media port of Asterisk": {
    argv: ["asterisk", "-rx", "rtp show settings"],
    said: /Port end: +(\d+)/,
    file: "/etc/asterisk/rtp.conf",
    written: /^rtpend *= *(\d+)/m,
  },
  "last media port of the firewall": {
    argv: ["nft", "list", "chain", "inet", "hardened_asterisk", "input"],
    said: /udp dport 10000-(\d+)/,
    file: "/etc/nftables.d/hardened-asterisk.nft",
    written: /udp dport 10000-(\d+)/,
  },
  "open files allowed to the service": {
    argv: ["systemctl", "show", "--property=LimitNOFILE", "asterisk.service"],
    said: /LimitNOFILE=(\d+)/,
    file: dropIn,
    written: /^LimitNOFILE=(\d+)/m,
  },
};

/** The state a host is in when exactly this configuration is in effect. */
export function expectedState({ bundle, values }: Prepared): HostState {
  const text = (file: BundleFile) => resolvePieces(file.content, values);
  const files = Object.fromEntries(
    bundle.files.map((file) => {
      const { owner, group, mode } = file;
      return [file.path, { sha256: sha256(text(file)), owner, group, mode }];
    }),
  );
  const effect = Object.entries(effects).map(([name, { file, written }]) => {
    const found = bundle.files.find((one) => one.path === file);
    return [name, found === undefined ? "no file" : (written.exec(text(found))?.[1] ?? "not written")];
  });
  const digest = ["digest of the warehouse's password", digestIn(values["phone.warehouse.digest"] ?? "")];
  return { files, effect: Object.fromEntries([...effect, digest]) as Record<string, string> };
}

/** The state a host is in; `configurations` say which files are looked at. Raises when the host does not answer. */
export async function stateOf(sandbox: Sandbox, configurations: readonly Prepared[]): Promise<HostState> {
  const paths = configurations.flatMap(({ bundle }) => bundle.files.map((file) => file.path));
  const user = configurations[0]?.values["phone.warehouse.user"] ?? "";
  const commands = Object.values(effects).map(({ argv }) => argv);
  const asked = JSON.stringify({ paths, commands: [...commands, ["asterisk", "-rx", `pjsip show auth ${user}`]] });
  const result = await execOn(sandbox, "pbx", ["python3", "-", asked], { input: script });
  if (result.code !== 0) throw new Error(`the host does not say its state: ${result.stderr}`);
  const { files, said } = JSON.parse(result.stdout) as { files: HostState["files"]; said: string[] };
  const effect = Object.entries(effects).map(([name, one], index) => {
    return [name, one.said.exec(said[index] ?? "")?.[1] ?? "not said"];
  });
  const digest = digestIn(/password_digest.*/.exec(said.at(-1) ?? "")?.[0] ?? "");
  const all = [...effect, ["digest of the warehouse's password", digest]];
  return { files, effect: Object.fromEntries(all) as Record<string, string> };
}

const digestIn = (text: string) => /[0-9a-f]{32}/.exec(text)?.[0] ?? "none";

/** Where two states differ, one line each. */
export function differences(found: HostState, wanted: HostState): string[] {
  const parts = ["files", "effect"] as const;
  return parts.flatMap((part) => {
    const [is, should]: Record<string, unknown>[] = [found[part], wanted[part]];
    const names = new Set([...Object.keys(is ?? {}), ...Object.keys(should ?? {})]);
    const show = (value: unknown) => (value === undefined ? "absent" : JSON.stringify(value));
    return [...names]
      .filter((name) => show(is?.[name]) !== show(should?.[name]))
      .map((name) => `${name}: is ${show(is?.[name])}, not ${show(should?.[name])}`);
  });
}
