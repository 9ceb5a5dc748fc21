import { cpSync } from "node:fs";
import path from "node:path";
import type { StagedHost } from "./staged-host";

const program = `#!/usr/bin/python3 -I
import sys
sys.path.insert(0, "/opt/agent")
from hardened_asterisk_host.command_line import main
sys.exit(main(sys.argv[1:]))
`;
const start = `set -e
systemd-sysusers /etc/sysusers.d/hardened-asterisk-setters.conf
install -d -o hardened-asterisk-setter -m 0700 /var/lib/hardened-asterisk-setter
mkdir -p /run/hardened-asterisk-setter
setsid systemd-socket-activate --listen=/run/hardened-asterisk-setter/bans /usr/local/sbin/hardened-asterisk set-bans > /run/setter.log 2>&1 &
for i in $(seq 100); do test -S /run/hardened-asterisk-setter/bans && exit; sleep 0.1; done
exit 1
`;

/** Starts the setter of bans of this clone in a staged host, as its own user; it ends with the host. Raises an `Error` when it does not come up. */
export async function startSetter(host: StagedHost): Promise<void> {
  const sources = path.join(__dirname, "../../../host/hardened_asterisk_host");
  cpSync(sources, host.at("/opt/agent/hardened_asterisk_host"), { recursive: true });
  host.write("/usr/local/sbin/hardened-asterisk", program, { owner: "root", group: "root", mode: "0755" });
  const { code, stdout, stderr } = await host.run(["sh", "-c", start]);
  if (code !== 0) throw new Error(`the setter does not start: ${stdout}${stderr}`);
}
