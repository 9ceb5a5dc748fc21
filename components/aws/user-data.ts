import * as pulumi from "@pulumi/pulumi";
import type { AgentPackage } from "./agent-packages";

/** Bytes that the text may have before it is encoded. */
export const largestUserData = 2048;

/** Fetches with what every image with cloud-init has; a network that is not up yet is waited for, five minutes at most. */
const fetchPinned = [
  "import hashlib,sys,time,urllib.request as u",
  "url,want,to=sys.argv[1:]",
  "for i in range(30):",
  " try:b=u.urlopen(url,timeout=60).read();break",
  " except OSError as e:print(e);time.sleep(10)",
  'else:sys.exit(url+" does not answer")',
  'hashlib.sha256(b).hexdigest()==want or sys.exit(url+" has another sha256 than the one announced; not installed")',
  'open(to,"xb").write(b)',
];

/** apt waits for dpkg's locks alone; another apt at first boot holds that of the archives for minutes: five at most are waited. */
const install = 'for i in $(seq 30);do apt-get -qyo DPkg::Lock::Timeout=300 install "$0"&&exit;sleep 10;done;exit 1';

/**
 * What a new instance runs once: it installs the agent of Systems Manager, which Debian does not carry, and nothing else. No secrets;
 * all else comes by the delivery document.
 * @throws pulumi.RunError when the package is not named as it must be, or its address is too long.
 */
export function userData({ url, sha256 }: AgentPackage): string {
  const issues = [
    ...(/^https?:\/\/[A-Za-z0-9._:/~%+-]+\.deb$/.test(url) ? [] : ["url: must be the address of a .deb file"]),
    ...(/^[0-9a-f]{64}$/.test(sha256)
      ? []
      : ["sha256: must be 64 hexadecimal digits, as `sha256sum FILE` prints them"]),
  ];
  if (issues.length > 0) throw new pulumi.RunError(issues.map((issue) => `ssmAgentPackage.${issue}`).join("\n"));
  const file = "/run/amazon-ssm-agent.deb";
  const commands = [
    ["python3", "-Ic", fetchPinned.join("\n"), url, sha256, file],
    ["sh", "-c", install, file],
    ["systemctl", "enable", "--now", "amazon-ssm-agent.service"],
  ];
  const text = `#cloud-config\nruncmd:\n${commands.map((argv) => `  - ${JSON.stringify(argv)}\n`).join("")}`;
  if (Buffer.byteLength(text) <= largestUserData) return text;
  throw new pulumi.RunError(`ssmAgentPackage.url: is too long; user data would have ${Buffer.byteLength(text)} bytes`);
}
