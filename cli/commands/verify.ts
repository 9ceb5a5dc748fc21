import { spawn } from "node:child_process";
import { Command } from "commander";
import { CliError, exitCode } from "../terminal";

const examples = `
Examples:
  hardened-asterisk verify root@203.0.113.10
  hardened-asterisk verify office                      a Host of ~/.ssh/config
  hardened-asterisk verify root@203.0.113.10 -- -p 2222 -i ~/.ssh/pbx

Exit code 0: everything agrees; 1: something does not, or nothing is active there;
255: ssh could not connect.`;

const program = "/usr/local/sbin/hardened-asterisk";
// What the host's own login shell runs; nothing of the command line is spliced into it.
const remoteCommand = `[ "$(id -u)" = 0 ] && S= || S="sudo -n"; [ -e ${program} ] || { echo "hardened-asterisk: is not installed on this host; deliver it with pulumi up" >&2; exit 1; }; exec $S ${program} verify`;

/** `hardened-asterisk verify`: asks the host, over the system's `ssh`, whether it still is as it was delivered. */
export function verifyCommand(): Command {
  return new Command("verify")
    .description(
      "Compares a host's live files and probes with what was delivered, over SSH with your own ssh settings.",
    )
    .argument("<host>", "as for ssh: user@address, or a Host of your ssh configuration")
    .argument("[ssh-options...]", "options for ssh, after --")
    .addHelpText("after", examples)
    .action(async (host: string, sshOptions: string[]) => {
      if (!/^[A-Za-z0-9_[][^\s\u0000-\u001f]*$/.test(host))
        throw new CliError(
          `"${host.slice(0, 80)}" is not a host; write for example root@203.0.113.10`,
          exitCode.refused,
        );
      const code = await runSsh([...sshOptions, "--", host, remoteCommand]);
      if (code !== 0) throw new CliError("", code);
    });
}

/** Runs `ssh` with the caller's own output, and its keyboard for passphrases; the host gets no input. */
function runSsh(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn("ssh", args, { env: process.env, stdio: ["ignore", "inherit", "inherit"] });
    child.once("error", ({ message }) => {
      reject(new CliError(`ssh could not be started (${message}); install openssh-client`, exitCode.failed));
    });
    child.once("close", (code) => {
      resolve(code ?? exitCode.failed);
    });
  });
}
