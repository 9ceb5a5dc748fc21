import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { run } from "../../../sandbox/command";
import { bootHost, execOn, killHost, type Sandbox } from "../../../sandbox/sandbox";

const page = readFileSync(path.join(__dirname, "../../../docs/logs.md"), "utf8");
const folder = "/etc/rsyslog-pbx";
const patience = 120_000;

/** The fenced blocks of one language in docs/logs.md, in their order. */
export const documented = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "gm"))].map(([, code = ""]) => code);

/** Which certificate a receiver shows: the right one, one of our CA for another machine, one of another CA with the right name. */
export type Certificate = "receiver" | "other-name" | "other-ca";

/** rsyslog on the twin, set up as docs/logs.md says. */
export class LogReceiver {
  private constructor(
    private readonly sandbox: Sandbox,
    /** The certificates and keys of docs/logs.md, on this machine. */
    readonly files: string,
  ) {}

  /** Makes the certificates in `files` and installs the receiver with the true one; it then listens. */
  static async install(sandbox: Sandbox, files: string): Promise<LogReceiver> {
    const [certificates = ""] = documented("sh");
    mkdirSync(path.join(files, "foreign"), { recursive: true, mode: 0o700 });
    await run(["bash", "-ec", `${certificates}\ncertificate elsewhere.example.net other-name`], { cwd: files });
    await run(["bash", "-ec", certificates], { cwd: path.join(files, "foreign") });
    const receiver = new LogReceiver(sandbox, files);
    const install = "apt-get -qq update && apt-get -qq install --yes --no-install-recommends rsyslog rsyslog-relp";
    await receiver.must(`DEBIAN_FRONTEND=noninteractive; export DEBIAN_FRONTEND; ${install}`);
    await receiver.write(`${folder}/ca.pem`, readFileSync(path.join(files, "ca.pem"), "utf8"));
    await receiver.write("/etc/rsyslog.d/pbx.conf", documented("conf")[0] ?? "");
    await receiver.start("receiver");
    return receiver;
  }

  /** (Re)starts it with a certificate. */
  async start(certificate: Certificate): Promise<void> {
    const source = certificate === "other-ca" ? "foreign/receiver" : certificate;
    for (const end of ["pem", "key"])
      await this.write(`${folder}/receiver.${end}`, readFileSync(path.join(this.files, `${source}.${end}`), "utf8"));
    await this.must("systemctl restart rsyslog && ss -lnt | grep -q :6514");
  }

  /** Ends it as an administrator would. */
  async stop(): Promise<void> {
    await this.must("systemctl stop syslog.socket rsyslog");
  }

  /** Cuts its power: connections to it hang. */
  async cut(): Promise<void> {
    await killHost(this.sandbox, "twin");
  }

  /** Boots it after {@link cut}; it listens again. */
  async boot(): Promise<void> {
    await bootHost(this.sandbox, "twin");
    await this.must("until ss -lnt | grep -q :6514; do sleep 0.2; done");
  }

  /** The lines of one stream that came from the PBX, with the time and host name the receiver wrote before them. */
  async lines(stream: string): Promise<string[]> {
    const file = `/var/log/pbx/${this.sandbox.addresses.pbx}/${stream}.log`;
    return (await this.must(`cat ${file} 2>/dev/null || true`)).split("\n").filter((line) => line !== "");
  }

  /** How many lines of a stream match a basic regular expression. */
  async count(stream: string, pattern: string): Promise<number> {
    const file = `/var/log/pbx/${this.sandbox.addresses.pbx}/${stream}.log`;
    return Number(await this.must(`grep -c -e "$0" ${file} || true`, "", pattern));
  }

  /** The streams that came from the PBX. */
  async streams(): Promise<string[]> {
    const listed = await this.must(`ls /var/log/pbx/${this.sandbox.addresses.pbx} 2>/dev/null || true`);
    return listed.split("\n").flatMap((name) => (name.endsWith(".log") ? [name.slice(0, -4)] : []));
  }

  private async write(file: string, text: string): Promise<void> {
    const script = `mkdir -p "$(dirname "$0")" && umask 077 && cat > "$0"`;
    await this.must(script, text, file);
  }

  private async must(script: string, input = "", argument = "receiver"): Promise<string> {
    const result = await execOn(this.sandbox, "twin", ["sh", "-c", script, argument], { input, timeout: patience });
    if (result.code !== 0) throw new Error(`receiver: ${script}: ${result.stdout}${result.stderr}`);
    return result.stdout;
  }
}
