/** What an error of @pulumi/command means, found by words of golang.org/x/crypto/ssh, Go's net, and ssh2 in the stand-in. */
const faults: readonly (readonly [RegExp, string])[] = [
  [
    /host key mismatch|no matching host key|no common algorithm for host key/i,
    "connection.hostKey: % does not show this key, so it may be another machine; if you did not rebuild it, stop here; else compare with `cat /etc/ssh/ssh_host_ed25519_key.pub` on its console, and set hostKey to that",
  ],
  [
    /unable to authenticate|authentication methods failed/i,
    "connection.privateKey: % refuses this key for this user; check the user, and that the public half of the key stands in ~/.ssh/authorized_keys of that user on the machine",
  ],
  [
    /passphrase protected|no passphrase given/i,
    "connection.privateKey: has a passphrase; give it as connection.privateKeyPassword",
  ],
  [
    /decryption password incorrect|bad passphrase|incorrect passphrase/i,
    "connection.privateKeyPassword: is not the passphrase of connection.privateKey; give the right one",
  ],
  [
    /dial unix|failed to connect to agent|ssh agent/i,
    "SSH_AUTH_SOCK: names an SSH agent that does not answer; start the agent, or take the name away: unset SSH_AUTH_SOCK",
  ],
];

const other =
  "connection.host: no SSH connection to %; check that the machine runs and that nothing between closes the connection, then run pulumi up again";

/**
 * What was wrong with the connection and what to do, when an error of @pulumi/command says that there was none: its own words name
 * neither host nor cure. Undefined for a command that ran and failed, whose output says why.
 * @param where user, host and port, such as `root@203.0.113.10:22`.
 */
export function connectionFault(error: string, where: string): string | undefined {
  // The words of the command's own output stand behind this and prove nothing.
  if (/: running "/.test(error)) return undefined;
  const found = faults.find(([words]) => words.test(error))?.[1];
  const lost = /after \d+ failed attempts|ssh: |dial tcp|connection was lost/.test(error);
  return (found ?? (lost ? other : undefined))?.replace("%", where);
}
