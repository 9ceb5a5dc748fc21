import type { Sandbox } from "../../../sandbox/sandbox";
import { execOn } from "../../../sandbox/sandbox";

// What the agent keeps of itself on every machine it was ever sent to; it changes nothing of the machine.
const ownUnits = "hardened-asterisk-recover";

// A job tells its outcome before systemd has seen its last process end; one that is still there after 10 s is in the picture.
const jobsOver =
  "for try in $(seq 50); do systemctl is-active -q 'hardened-asterisk-activate-job-*' || break; sleep 0.2; done";

const questions: Record<string, string> = {
  packages: "dpkg-query -W -f='${Package} ${Version} ${db:Status-Status}\\n'",
  files: `find /etc -xdev \\( -type f -o -type l \\) ! -name '${ownUnits}*' -printf '%p %l %m %u %g ' -exec md5sum {} \\; 2>/dev/null | sort`,
  units: `systemctl list-unit-files --no-legend --plain | grep -v -e '^${ownUnits}' -e ' transient ' | tr -s ' '`,
  services: `${jobsOver}; systemctl list-units --type=service --state=running --no-legend --plain | awk '{ print $1 }'`,
  // A newer nft counts the elements that it leaves out, and those of dynamic sets come and go.
  firewall: "nft --stateless --terse list ruleset | sed 's/[[:space:]]*# count [0-9]*$//'",
  sockets: "ss -lntuH | awk '{ print $1, $5 }' | sort",
};

/** Packages, files below /etc, unit files, running services, packet filter and listening sockets of a host, as text. */
export async function machinePicture(sandbox: Sandbox): Promise<Record<string, string>> {
  const answers = Object.entries(questions).map(async ([name, question]) => {
    const { stdout } = await execOn(sandbox, "pbx", ["sh", "-c", question]);
    return [name, stdout] as const;
  });
  return Object.fromEntries(await Promise.all(answers));
}
