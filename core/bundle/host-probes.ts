import type { PbxProfile } from "../profile/profile";
import type { BundleProbe } from "./bundle";
import { probe } from "./probe";

const agent = "/usr/local/sbin/hardened-asterisk";

/** Checks of the machine around Asterisk: its services' sandboxes, who may enter, what listens, the kernel. */
export function hostProbes(profile: PbxProfile): BundleProbe[] {
  return [
    exposureProbe("asterisk", 12),
    exposureProbe("fail2ban", 12),
    probe("ssh-keys-only", ["sshd", "-T", "-C", "user=root,host=localhost,addr=127.0.0.1"], {
      contains: profile.platform.os.sshKeysOnly.map((words) => [words]),
    }),
    sshProbe(profile),
    probe("accounts", [agent, "accounts"]),
    listenersProbe(profile),
    probe("security-updates", ["apt-config", "dump", "Unattended-Upgrade::Origins-Pattern"], {
      contains: [["label=Debian-Security"]],
      lacks: [['label=Debian"']],
    }),
    probe("forged-sources", ["sysctl", "--all", "--pattern", String.raw`^net\.ipv4\.conf\..*\.rp_filter$`], {
      contains: [["net.ipv4.conf.all.rp_filter = 1"]],
      lacks: [["rp_filter = 0"], ["rp_filter = 2"]],
    }),
    kernelProbe({
      "kernel.kptr_restrict": 2,
      "kernel.dmesg_restrict": 1,
      "kernel.unprivileged_bpf_disabled": 2,
      "fs.suid_dumpable": 0,
      "fs.protected_symlinks": 1,
    }),
    onlyOnMachine({
      ...probe("true-time", ["systemctl", "show", "-p", "ActiveState", "chrony.service"], {
        contains: [["ActiveState=active"]],
      }),
      service: "chrony",
    }),
  ];
}

/** Judged before anything is installed too: what listens then would lose its port, or keep Asterisk from its own. */
function listenersProbe({ sipPort, tls, rtp, extraPorts }: PbxProfile): BundleProbe {
  const needed = [
    `udp:${sipPort}:asterisk`,
    `tcp:${sipPort}:asterisk`,
    ...(tls === undefined ? [] : [`tcp:${tls.port}:asterisk`]),
    `udp:${rtp.from}-${rtp.to}:asterisk`,
    ...(tls?.acme === undefined ? [] : ["tcp:80:lego"]),
  ].flatMap((claim) => ["--needed", claim]);
  const kept = extraPorts.flatMap(({ protocol, port, program }) => ["--kept", `${protocol}:${port}:${program}`]);
  const argv = [agent, "listeners", ...needed, ...kept];
  return { ...probe("listeners", argv), early: [...argv, "--early"] };
}

/** Without SSH no address of the machine that others reach has the port; the one it talks to itself over is its own. */
function sshProbe({ ssh, sshPort }: PbxProfile): BundleProbe {
  const listeners = ["ss", "-lntH"];
  if (ssh) return { ...probe("ssh-listens", listeners, { contains: [[`:${sshPort} `]] }), service: "ssh" };
  const lacks = ["0.0.0.0", "[::]", "*"].map((address) => [`${address}:${sshPort} `]);
  return { ...probe("ssh-closed", listeners, { lacks }), service: "ssh" };
}

/** Fails above so many tenths of exposure as `systemd-analyze security` counts it, 0–100, whatever other drop-ins say. */
function exposureProbe(unit: string, tenths: number): BundleProbe {
  const argv = ["systemd-analyze", "security", "--no-pager", `--threshold=${tenths}`, `${unit}.service`];
  return probe(`sandbox-${unit}`, argv);
}

function kernelProbe(settings: Readonly<Record<string, number>>): BundleProbe {
  const contains = Object.entries(settings).map(([name, value]) => [`${name} = ${value}`]);
  return onlyOnMachine(probe("kernel-settings", ["sysctl", ...Object.keys(settings)], { contains }));
}

const onlyOnMachine = (one: BundleProbe): BundleProbe => ({ ...one, unknownInContainer: true });
