import type { Sandbox } from "../../../sandbox/sandbox";
import { execOn } from "../../../sandbox/sandbox";
import { eventually, working } from "./settled";

// What the agent keeps of itself on every machine it was ever sent to; it changes nothing of the machine.
const ownUnits = "hardened-asterisk-recover";

const questions: Record<string, string> = {
  packages: "dpkg-query -W -f='${Package} ${Version} ${db:Status-Status}\\n'",
  files: `find /etc -xdev \\( -type f -o -type l \\) ! -name '${ownUnits}*' -printf '%p %l %m %u %g ' -exec md5sum {} \\; 2>/dev/null | sort`,
  units: `systemctl list-unit-files --no-legend --plain | grep -v -e '^${ownUnits}' -e ' transient ' | tr -s ' '`,
  services: "systemctl list-units --type=service --state=running --no-legend --plain | awk '{ print $1 }'",
  // A newer nft counts the elements that it leaves out, and those of dynamic sets come and go.
  firewall: "nft --stateless --terse list ruleset | sed 's/[[:space:]]*# count [0-9]*$//'",
  sockets: "ss -lntuH | awk '{ print $1, $5 }' | sort",
};

/**
 * Packages, files below /etc, unit files, running services, packet filter and listening sockets of a host, as text. Raises when
 * a job of the agent still runs after 10 s.
 */
export async function machinePicture(sandbox: Sandbox): Promise<Record<string, string>> {
  // A job tells its outcome before systemd has seen its last process end.
  await eventually(10_000, () => working(sandbox));
  const answers = Object.entries(questions).map(async ([name, question]) => {
    const { stdout } = await execOn(sandbox, "pbx", ["sh", "-c", question]);
    return [name, stdout] as const;
  });
  return Object.fromEntries(await Promise.all(answers));
}
