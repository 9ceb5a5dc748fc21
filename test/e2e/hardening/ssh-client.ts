import { readFileSync } from "node:fs";
import { Client, type ConnectConfig } from "ssh2";
import { tryRun } from "../../../sandbox/command";
import type { SshAccess } from "../../../sandbox/service";

/** Logs in, does something, and returns `done` or the refusal's own words. */
export function logIn(
  ssh: SshAccess,
  options: ConnectConfig,
  act: (client: Client, end: (problem?: Error) => void) => void = (_client, end) => {
    end();
  },
): Promise<string> {
  return new Promise((resolve) => {
    const client = new Client();
    const end = (problem?: Error) => {
      resolve(problem?.message ?? "done");
      client.end();
    };
    client.on("ready", () => {
      act(client, end);
    });
    client.on("error", end);
    client.connect({ host: ssh.host, port: ssh.port, readyTimeout: 15_000, ...options });
  });
}

/** The operator's own way in. */
export const operator = (ssh: SshAccess): ConnectConfig => ({
  username: ssh.user,
  privateKey: readFileSync(ssh.privateKeyFile),
});

/** Every algorithm that a server offers to a stranger, as OpenSSH's client reads it. */
export async function offered(ssh: SshAccess): Promise<string[]> {
  const options = ["-vv", "-F", "none", "-o", "BatchMode=yes", "-o", `UserKnownHostsFile=${ssh.knownHostsFile}`];
  const { stderr } = await tryRun(["ssh", ...options, "-p", `${ssh.port}`, `nobody@${ssh.host}`, "true"]);
  const [, proposal = ""] = stderr.split("peer server KEXINIT proposal");
  const lists = [...proposal.matchAll(/^debug2: (?:KEX|host key|ciphers stoc|MACs stoc)[^:]*: (\S+)/gm)];
  if (lists.length < 4) throw new Error(`the server's offer is not in what ssh says: ${stderr}`);
  return lists.flatMap(([, list = ""]) => list.split(","));
}

/** What ssh-audit 3.9.0 fails or warns of on the twin, but curve25519, and what OpenSSH offered before. */
export const weak = /nistp|sha1|^umac-64|^hmac-sha2-\d+$|^umac-128@|-cbc|-ctr$|^ssh-rsa$|group1[-4]/;
