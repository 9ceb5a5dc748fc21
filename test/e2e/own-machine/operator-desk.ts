import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { run } from "../../../sandbox/command";
import { namespaceFile } from "../../../sandbox/layout";
import { installPackages, packagesOfMissing } from "../../../sandbox/requirements";
import type { Sandbox } from "../../../sandbox/sandbox";
import { ensureEngine } from "../../../tools/engine/engine";
import { linkProvider } from "../../../tools/operator/stack";
import { Terminal } from "./terminal";

const root = path.join(__dirname, "../../..");
/** What a clone does not have, or what this one has no need to copy. */
const left = /^(\.git|node_modules|test|docs|coverage|Pulumi\..+\.yaml)$/;

/** The computer of somebody who has just cloned the repository: a fresh home, a fresh clone, one SSH key. */
export class OperatorDesk {
  private constructor(
    private readonly folder: string,
    private readonly terminal: Terminal,
  ) {}

  /** Sets the desk up in the operator's network namespace, where the PBX has README's address. */
  static async open(sandbox: Sandbox, passphrase?: string): Promise<OperatorDesk> {
    await installPackages(packagesOfMissing({ ssh: "openssh-client", script: "bsdutils" }), () => undefined);
    const folder = mkdtempSync(path.join(tmpdir(), "own-machine-"));
    const clone = path.join(folder, "clone");
    cpSync(root, clone, { recursive: true, filter: (source) => !left.test(path.relative(root, source)) });
    symlinkSync(path.join(root, "node_modules"), path.join(clone, "node_modules"));
    await layKey(folder, passphrase);
    const terminal = await Terminal.open({
      command: layDoor(folder, namespaceFile(sandbox.namespaces.operator)),
      cwd: clone,
      env: await environment(folder),
      answers: answersOf(passphrase),
    });
    return new OperatorDesk(folder, terminal);
  }

  /** The key that the machine is to accept: a line of authorized_keys. */
  get publicKey(): Promise<string> {
    return run(["cat", path.join(this.folder, "home/.ssh/id_ed25519.pub")]);
  }

  /** Types lines and returns what was shown for each; `pulumi up` may take 10 minutes. @throws Error naming the line that failed. */
  async type(lines: readonly string[]): Promise<string[]> {
    const all: string[] = [];
    for (const line of lines) {
      const { status, shown } = await this.terminal.type(line, line.startsWith("pulumi up") ? 600_000 : 90_000);
      if (status !== 0) throw new Error(`\`${line}\` ended with ${status}:\n${shown}`);
      all.push(shown);
    }
    return all;
  }

  /** Names of the files of the clone that were not there before. */
  newFiles(): string[] {
    const before = new Set(readdirSync(root));
    return readdirSync(path.join(this.folder, "clone")).filter((name) => !before.has(name));
  }

  async close(): Promise<void> {
    await this.terminal.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function layKey(folder: string, passphrase = ""): Promise<void> {
  const ssh = path.join(folder, "home/.ssh");
  mkdirSync(ssh, { recursive: true, mode: 0o700 });
  await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", "", "-f", path.join(ssh, "id_ed25519")]);
}

/**
 * The program that opens the shell, in the operator's network. Pulumi and OpenSSH take the home folder from the user database and
 * not from HOME, so the fresh home stands there too, for what runs in this terminal alone.
 */
function layDoor(folder: string, networkNamespace: string): string {
  const { username } = userInfo();
  const users = readFileSync("/etc/passwd", "utf8").split("\n");
  const moved = users.map((line) => {
    const fields = line.split(":");
    if (fields[0] === username) fields[5] = path.join(folder, "home");
    return fields.join(":");
  });
  writeFileSync(path.join(folder, "passwd"), moved.join("\n"), { mode: 0o644 });
  const shell = `mount --bind ${folder}/passwd /etc/passwd && exec bash --noprofile --norc -i`;
  const spaces = `nsenter --net=${networkNamespace} unshare --mount --propagation slave`;
  writeFileSync(path.join(folder, "door"), `#!/bin/sh\nexec ${spaces} sh -c '${shell}'\n`, { mode: 0o755 });
  return path.join(folder, "door");
}

/** A person's environment: a fresh HOME and PULUMI_HOME, nothing that the tests or a CI set. */
async function environment(folder: string): Promise<NodeJS.ProcessEnv> {
  const engine = await ensureEngine();
  const home = path.join(folder, "home");
  linkProvider(engine, folder);
  return { ...engine.env, HOME: home, PULUMI_HOME: home, LANG: "C.UTF-8" };
}

/** What is asked on the way, and what a person types. */
function answersOf(passphrase: string | undefined) {
  const ours = passphrase === undefined ? [] : [/Enter passphrase for key .*: $/, /value: *$/];
  return [
    { question: /continue connecting \(yes\/no\/\[fingerprint\]\)\? $/, typed: "yes\r" },
    { question: /Do you want to perform this update\?[^]*details/, typed: "yes\r" },
    ...ours.map((question) => ({ question, typed: `${passphrase ?? ""}\r` })),
  ];
}
