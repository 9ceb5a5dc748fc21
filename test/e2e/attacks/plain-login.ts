import { above, type Attack } from "./attack";
import { onTarget } from "./insider";

/** A POSIX shell script per attempt; it worked when its status is 0. */
const attempts: Readonly<Record<string, string>> = {
  "read the phones' configuration": "cat /etc/asterisk/pjsip.conf",
  "read who called and what went wrong": "cat /var/log/asterisk/messages.log",
  "read who was refused": "cat /var/log/asterisk/security.log",
  "read the call records": "cat /var/log/asterisk/cdr-csv/Master.csv /var/log/asterisk/cdr-custom/*",
  "read the registrations": "cat /var/lib/asterisk/astdb.sqlite3",
  "read the TLS key": "cat /etc/hardened-asterisk/tls/host.pem || cat /etc/asterisk/*.key",
  "use Asterisk's console": "asterisk -rx 'core show version' | grep -q '^Asterisk [0-9]'",
  "log in to the manager": `python3 -c '
import socket
one = socket.create_connection(("127.0.0.1", 5038), 2)
one.sendall(b"Action: Login\\r\\nUsername: admin\\r\\nSecret: amp111\\r\\n\\r\\n")
one.settimeout(2)
heard = b""
while b"accepted" not in heard:
    more = one.recv(999)
    assert more
    heard += more
'`,
  "write a call file": "touch /var/spool/asterisk/outgoing/plain.call",
  "write the configuration": "touch /etc/asterisk/extensions.conf",
};

/** Somebody with an ordinary login on the machine and no sudo looks for the PBX's secrets and levers. */
export const plainLogin: Attack = {
  name: "plain-login",
  what: "as an ordinary user of the machine without sudo: reads configuration, logs, call records, keys; uses console and manager; writes",
  measures: "attempts that worked",
  goal: "0",
  weak: ["tutorial22"],
  sample: true,
  run: async (target) => {
    const worked: string[] = [];
    // Number 65534 owns nothing; the console and the manager look at the user, never at a name.
    const asUser = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c"];
    for (const [attempt, script] of Object.entries(attempts)) {
      const said = await onTarget(target, ...asUser, `( ${script}\n) >/dev/null 2>&1 && echo worked`);
      if (said.trim() === "worked") worked.push(attempt);
    }
    return above(0, worked.length, `of ${Object.keys(attempts).length}: ${worked.join("; ") || "none"}`);
  },
};
