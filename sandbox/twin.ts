import { cpSync } from "node:fs";
import { join } from "node:path";
import { run } from "./command";
import { enter } from "./host";
import type { ImageName } from "./image/image";
import { layoutOf, type TwinHost } from "./layout";

/** One way to be weak: an image, the trees of `sandbox/twins/` laid over it in turn, and what is made on the host. */
export interface Variant {
  readonly host: TwinHost;
  readonly image: ImageName;
  readonly trees: readonly string[];
  /** A shell script run as root in the host's files, before it boots. */
  readonly setup?: string;
  /** Whether it bans: what one attack had banned would be in the way of the next. Default: false. */
  readonly bans?: boolean;
}

const on22 = { host: "twin", image: "packages" } as const;
const on16 = { host: "twin16", image: "packages16" } as const;
const certificate = `openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=twin \\
  -keyout /etc/asterisk/twin.key -out /etc/asterisk/twin.pem 2>/dev/null`;

/** Without the log that its jail reads fail2ban does not start at all, and Asterisk may make it later. */
const readLog = (log: string) => `install -o asterisk -g asterisk -m 0640 /dev/null /var/log/asterisk/${log}`;

/**
 * The weak variants of the twins, by what a PBX like that is known for:
 * `tutorial…` is the package with a tutorial's configuration, `fail2ban…` that with the package's own jail switched on, `tls22`
 * that with a certificate and the version's default of TLS, `careless22` that with settings which are often copied, `narrow22` that
 * with a narrow range of audio ports.
 */
export const variants = {
  tutorial22: { ...on22, trees: ["tutorial22"] },
  fail2ban22: { ...on22, trees: ["tutorial22", "fail2ban22"], setup: readLog("messages.log"), bans: true },
  tls22: { ...on22, trees: ["tutorial22", "tls22"], setup: certificate },
  careless22: { ...on22, trees: ["tutorial22", "careless22"] },
  narrow22: { ...on22, trees: ["tutorial22", "narrow22"] },
  tutorial16: { ...on16, trees: ["tutorial16"] },
  fail2ban16: { ...on16, trees: ["tutorial16", "fail2ban16"], setup: readLog("messages"), bans: true },
} as const satisfies Record<string, Variant>;

/** The name of one of {@link variants}. */
export type VariantName = keyof typeof variants;

/** What each twin is when it boots with its sandbox. */
export const firstVariant = { twin: "tutorial22", twin16: "tutorial16" } as const satisfies Record<
  TwinHost,
  VariantName
>;

/** Writes a variant's files into its twin, which is not running, owned as Debian's package owns them. */
export async function layVariant(name: string, variant: VariantName): Promise<void> {
  const { host, trees, setup = "" }: Variant = variants[variant];
  const { root } = layoutOf(name).host(host);
  for (const tree of trees) cpSync(join(__dirname, "twins", tree), root, { recursive: true });
  const own = "find /etc/asterisk -type f -exec chown asterisk:asterisk {} + -exec chmod 0640 {} +";
  await run(["chroot", root, "sh", "-ec", `${setup}\n${own}`]);
}

/** Waits until the twin's Asterisk has loaded everything and its fail2ban, if it runs, has started its jails; raises a `CommandError` when one does not within half a minute. */
export async function waitForTwin(name: string, host: TwinHost): Promise<void> {
  const steps = [
    "asterisk -rx 'core waitfullybooted'",
    "systemctl is-system-running --wait",
    // It answers before it has read its jails.
    `started() { fail2ban-client status | sed -n 's/.*Number of jail:[[:space:]]*//p'; }`,
    `wanted=$(fail2ban-client -d | grep -c "^\\['start'" || true)`,
    'until ! systemctl --quiet is-active fail2ban || [ "$(started)" = "$wanted" ]; do sleep 0.1; done',
  ];
  await run(enter(name, host, ["timeout", "30", "sh", "-c", steps.join("\n")]));
}
