import { connectionFault } from "../../components/connection-fault";

const where = "root@203.0.113.10:22";

// The words of @pulumi/command 1.2.1 (golang.org/x/crypto/ssh) and of the stand-in (ssh2).
test.each([
  [
    "after 8 failed attempts: ssh: handshake failed: ssh: host key mismatch",
    /^connection\.hostKey: root@203\.0\.113\.10:22 does not show this key.*cat \/etc\/ssh/,
  ],
  [
    "after 0 failed attempts: ssh to 203.0.113.10:22: host key mismatch: not the key of connection.hostKey",
    /^connection\.hostKey/,
  ],
  [
    "after 8 failed attempts: ssh: handshake failed: ssh: no common algorithm for host key; client offered: [ssh-ed25519], server offered: [ssh-rsa]",
    /^connection\.hostKey/,
  ],
  [
    "after 8 failed attempts: ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain",
    /^connection\.privateKey: root@203\.0\.113\.10:22 refuses this key.*authorized_keys/,
  ],
  [
    "after 2 failed attempts: ssh to 203.0.113.10:22: All configured authentication methods failed",
    /^connection\.privateKey.*authorized_keys/,
  ],
  ["ssh: this private key is passphrase protected", /^connection\.privateKey: has a passphrase/],
  ["x509: decryption password incorrect", /^connection\.privateKeyPassword: is not the passphrase/],
  ["dial unix /tmp/ssh-gone/agent.1: connect: no such file or directory", /^SSH_AUTH_SOCK: .*unset SSH_AUTH_SOCK/],
  [
    "after 8 failed attempts: dial tcp 203.0.113.10:22: connect: connection refused",
    /^connection\.host: no SSH connection to root@203\.0\.113\.10:22; check/,
  ],
])("%s", (error, told) => {
  expect(connectionFault(error, where)).toMatch(told);
});

test.each([
  'Process exited with status 1: running "x": host key mismatch, after 3 failed attempts, dial tcp, unable to authenticate',
  "connection.masterSecret: something else",
])("a command that ran, or another error, is no fault of the connection: %s", (error) => {
  expect(connectionFault(error, where)).toBeUndefined();
});
