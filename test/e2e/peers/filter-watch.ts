import type { HostName } from "../../../sandbox/layout";
import { execOn, type Sandbox } from "../../../sandbox/sandbox";

/** Which TCP and UDP ports of a host one source reached: by its packets' arrival, and past the host's own firewall. */
export interface Reached {
  readonly arrived: ReadonlySet<number>;
  readonly passed: ReadonlySet<number>;
}

const table = "inet watched";

/**
 * Notes, on a host, what of a source's packets arrives before its firewall and what is left after it, while `work` runs. A port
 * that swallows packets is told from one the firewall guards, and a probe that was lost on the way from one that was dropped.
 */
export async function watchFilter(
  sandbox: Sandbox,
  host: HostName,
  source: string,
  work: () => Promise<unknown>,
): Promise<Reached> {
  const family = source.includes(":") ? "ip6" : "ip";
  const nft = async (argv: readonly string[], input = "") => {
    const { code, stdout, stderr } = await execOn(sandbox, host, ["nft", ...argv], { input });
    if (code !== 0) throw new Error(`nft ${argv.join(" ")}: ${stderr}`);
    return stdout;
  };
  const set = "{ type inet_service; flags dynamic; size 65536; }";
  const note = (name: string) => `${family} saddr ${source} meta l4proto { tcp, udp } add @${name} { th dport }`;
  const rules = `table ${table} {
  set arrived ${set}
  set passed ${set}
  chain before { type filter hook input priority -300; ${note("arrived")}; }
  chain after { type filter hook input priority 300; ct state new ${note("passed")}; }
}\n`;
  await nft(["-f", "-"], `table ${table}\ndelete table ${table}\n${rules}`);
  try {
    await work();
    const ports = async (name: string) => new Set(portsOf(await nft(["-j", "list", "set", ...table.split(" "), name])));
    return { arrived: await ports("arrived"), passed: await ports("passed") };
  } finally {
    await nft(["delete", "table", ...table.split(" ")]);
  }
}

function portsOf(listing: string): number[] {
  const { nftables } = JSON.parse(listing) as {
    nftables: { set?: { elem?: (number | { elem: { val: number } })[] } }[];
  };
  return nftables.flatMap(({ set }) => set?.elem ?? []).map((one) => (typeof one === "number" ? one : one.elem.val));
}
