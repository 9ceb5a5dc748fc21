import { spawn } from "node:child_process";
import { Command, InvalidArgumentError, Option } from "commander";
import { inNamespace } from "./command";
import { enter } from "./host";
import { isRole, isTwin, roles, type Role } from "./layout";
import { downAll, downSandbox, listSandboxes, openSandbox, upSandbox, type Sandbox } from "./sandbox";
import type { SshAccess } from "./service";
import type { HostImage, HostRelease } from "./up-options";

const say = (line: string) => {
  process.stdout.write(`${line}\n`);
};

interface UpFlags {
  readonly name?: string;
  readonly image: HostImage;
  readonly os: HostRelease;
  readonly twin: boolean;
  readonly twin16: boolean;
  readonly ttl: number;
}

const program = new Command("sandbox")
  .description(
    "A throw-away Debian host with systemd, sshd and nftables, and a network of phones, carrier and attacker around it.",
  )
  .enablePositionalOptions()
  .addHelpText(
    "after",
    `
Examples:
  npm run sandbox -- up --name demo --twin      boot a bare host and the unhardened twin
  npm run sandbox -- shell demo                 a root shell on the host
  npm run sandbox -- exec demo attacker -- nmap -Pn -p 22,5060 203.0.113.10
  npm run sandbox -- down demo                  end it
  npm run sandbox -- down --all                 end all, also what a killed process left

Places: ${roles.join(", ")}.`,
  );

program
  .command("up")
  .description("boot a sandbox; prints how to reach it")
  .option("--name <name>", "1–16 of a–z and 0–9 (default: a random one)")
  .addOption(
    new Option(
      "--image <image>",
      "bare: without Asterisk; packages: with Asterisk and fail2ban as Debian installs them",
    )
      .choices(["bare", "packages"])
      .default("bare"),
  )
  .addOption(new Option("--os <release>", "what it boots").choices(["debian-14", "debian-13"]).default("debian-14"))
  .option("--twin", "boot the unhardened twin too", false)
  .option("--twin16", "boot a second one with Asterisk 16 (Debian 11)", false)
  .option("--ttl <seconds>", "the sandbox ends by itself after so many seconds", seconds, 7200)
  .action(async ({ name, image, os, twin, twin16, ttl }: UpFlags) => {
    const abort = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => {
        abort.abort(new Error(`ended by ${signal}`));
      });
    describe(
      await upSandbox({
        ...(name !== undefined && { name }),
        image,
        os,
        twin,
        twin16,
        ttlSeconds: ttl,
        progress: say,
        signal: abort.signal,
      }),
    );
  });

program
  .command("down")
  .description("end a sandbox: its processes, mounts, namespaces, control groups and files")
  .argument("[name]", "may be left out when one is running")
  .option("--all", "end all sandboxes, also what a killed process left", false)
  .action(async (name: string | undefined, { all }: { all: boolean }) => {
    if (all) say(`ended: ${(await downAll()).join(", ") || "none"}`);
    else await downSandbox(name ?? (await theOne()).name);
  });

program
  .command("shell")
  .description("an interactive root shell in a place of a sandbox")
  .argument("[name]", "may be left out when one is running")
  .argument("[where]", "pbx (default), twin, twin16, or a namespace")
  .action(async (...[first, second]: (string | undefined)[]) => {
    const { sandbox, where } = await place([first, second].filter((word) => word !== undefined));
    await replaceBy(argvIn(sandbox, where, ["bash", "-i"]));
  });

program
  .command("exec")
  .description("run a command in a place of a sandbox: exec [name] where -- command…")
  .argument("<words...>", "[name] where command…")
  .passThroughOptions()
  .action(async (words: string[]) => {
    const { sandbox, where, rest } = await place(words);
    if (rest[0] === "--") rest.shift();
    if (rest.length === 0) throw new Error("say which command to run: `exec [name] where -- command…`");
    await replaceBy(argvIn(sandbox, where, rest));
  });

program
  .command("list")
  .description("the running sandboxes")
  .action(async () => {
    for (const { name, ssh, expiresAt } of await listSandboxes())
      say(`${name}\tssh port ${ssh.port}\tends ${expiresAt}`);
  });

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

/** `[name] where rest…`: no sandbox can bear the name of a place. */
async function place(words: readonly string[]): Promise<{ sandbox: Sandbox; where: Role; rest: string[] }> {
  const named = words[0] !== undefined && !isRole(words[0]);
  const sandbox = named ? await openSandbox(words[0] ?? "") : await theOne();
  const [where = "pbx", ...rest] = named ? words.slice(1) : words;
  if (!isRole(where) || sandbox.namespaces[where] === undefined) {
    throw new Error(
      `sandbox ${sandbox.name} has no place ${where}; it has ${Object.keys(sandbox.namespaces).join(", ")}`,
    );
  }
  return { sandbox, where, rest };
}

async function theOne(): Promise<Sandbox> {
  const running = await listSandboxes();
  const [only] = running;
  if (only !== undefined && running.length === 1) return only;
  throw new Error(
    only
      ? `say which sandbox: ${running.map(({ name }) => name).join(", ")}`
      : "no sandbox is running: `npm run sandbox -- up`",
  );
}

function argvIn({ name, namespaces }: Sandbox, where: Role, argv: readonly string[]): string[] {
  return where === "pbx" || isTwin(where) ? enter(name, where, argv) : inNamespace(namespaces[where], argv);
}

function replaceBy([command = "", ...args]: readonly string[]): Promise<void> {
  const child = spawn(command, args, { stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      process.exitCode = code ?? 1;
      resolve();
    });
  });
}

function describe({ name, namespaces, addresses, ssh, twinSsh, expiresAt }: Sandbox): void {
  const line = ({ privateKeyFile, knownHostsFile, port }: SshAccess) =>
    `ssh -i ${privateKeyFile} -o UserKnownHostsFile=${knownHostsFile} -p ${port} root@127.0.0.1`;
  say(`sandbox ${name} is up until ${expiresAt}`);
  say(`  pbx       ${addresses.pbx}\t${line(ssh)}`);
  if (twinSsh) say(`  twin      ${addresses.twin}\t${line(twinSsh)}`);
  if (namespaces.twin16 !== undefined) say(`  twin16    ${addresses.twin16}`);
  say(`  operator  ${addresses.operator}\t${namespaces.operator}`);
  say(`  office    ${addresses.office[0] ?? ""}–${addresses.office.at(-1) ?? ""}\t${namespaces.office}`);
  say(
    `  home      ${addresses.home[0] ?? ""}–${addresses.home.at(-1) ?? ""}, behind ${addresses.nat.outside}\t${namespaces.home}`,
  );
  say(`  carrier   ${addresses.carrier.signalling}, media ${addresses.carrier.media}\t${namespaces.carrier}`);
  say(`  attacker  ${addresses.attacker[0] ?? ""}–${addresses.attacker.at(-1) ?? ""}\t${namespaces.attacker}`);
}

function seconds(value: string): number {
  const parsed = Number(value);
  if (Number.isInteger(parsed) && parsed > 0) return parsed;
  throw new InvalidArgumentError("take a whole number of seconds above 0");
}
