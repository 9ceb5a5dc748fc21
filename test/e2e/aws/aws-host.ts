import { existsSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { ssmAgentPackage } from "../../../components/aws/agent-packages";
import { sha256 } from "../../../core/sha256";
import type { CommandResult } from "../../../sandbox/command";
import { layoutOf } from "../../../sandbox/layout";
import { bootHost, downSandbox, execOn, killHost, upSandbox, type Sandbox } from "../../../sandbox/sandbox";
import { buildStandIn } from "../logs/agent-package";
import { Cloud, cloudAddress } from "./cloud";
import { recorderPackage } from "./recorder";
import { runDocument } from "./run-document";
import { SimulatedUp, type Run } from "./simulated-up";

const services = ["s3", "secretsmanager", "ssm", "ssmmessages"];
const endpointsFile = "/etc/hardened-asterisk-endpoints.json";
const trustedFile = "/usr/local/share/ca-certificates/cloud.crt";

/** A host of the sandbox that takes itself for an instance on AWS. */
export class AwsHost {
  /** What the last association ran. */
  last: Run | undefined;
  /** How the last run of the document ended. */
  ended: CommandResult | undefined;
  readonly simulated: SimulatedUp;
  /** Where the stand-in for Amazon's agent that sends logs is fetched. */
  cloudWatchAgent = { url: "", sha256: "" };

  private constructor(
    readonly sandbox: Sandbox,
    readonly cloud: Cloud,
    readonly folder: string,
  ) {
    this.simulated = new SimulatedUp(cloud, sandbox.addresses.pbx, async (delivered) => {
      this.last = delivered;
      if (this.simulated.held) return;
      const { code, stderr } = await this.runDocument();
      if (code !== 0) throw new Error(stderr);
    });
  }

  /** Boots one as its image leaves it, with the stand-in for AWS beside it; an earlier one of that name is removed. */
  static async open(name: string, progress: (line: string) => void): Promise<AwsHost> {
    await AwsHost.remove(name);
    const folder = folderOf(name);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const sandbox = await upSandbox({ name, image: "bare", os: "debian-13", progress });
    const cloud = await Cloud.start(sandbox.namespaces.internet, folder);
    return new AwsHost(sandbox, cloud, folder);
  }

  /** Removes what a host of that name left. */
  static async remove(name: string): Promise<void> {
    if (existsSync(layoutOf(name).directory)) await downSandbox(name);
    rmSync(folderOf(name), { recursive: true, force: true });
  }

  /** Puts there what the image of a cloud has, cloud-init, and has it take the stand-in for AWS. */
  async becomeInstance(): Promise<void> {
    await this.write(trustedFile, this.cloud.authority);
    await this.must("update-ca-certificates");
    await this.pointTo({});
    await this.must("apt-get", "-qq", "update");
    await this.must("apt-get", "-qqy", "--no-install-recommends", "install", "cloud-init");
  }

  /** Boots it anew with cloud-init, which finds the component's user data beside it (NoCloud), and waits until that is through. */
  async bootWithUserData(text: string): Promise<string> {
    const seed = "/var/lib/cloud/seed/nocloud";
    await this.write(`${seed}/user-data`, text);
    await this.write(`${seed}/meta-data`, "instance-id: i-0123456789abcdef0\n");
    // The sandbox gives the machine its addresses from outside.
    await this.write("/etc/cloud/cloud.cfg.d/99-network.cfg", "network: {config: disabled}\n");
    await killHost(this.sandbox, "pbx");
    await bootHost(this.sandbox, "pbx");
    const status = await this.exec("cloud-init", "status", "--wait", "--long");
    return status.stdout;
  }

  /** Puts packages in the place of Amazon's agents, which cannot be had here: one notes its start, one what it can read. */
  async replaceAgents(): Promise<void> {
    const managing = await recorderPackage("amazon-ssm-agent", this.folder);
    const url = await this.cloud.serveFile("amazon-ssm-agent.deb", managing);
    Object.assign(ssmAgentPackage.amd64, { url, sha256: sha256(managing) });
    const sending = await buildStandIn(this.folder);
    const { content } = sending;
    this.cloudWatchAgent = {
      url: await this.cloud.serveFile("amazon-cloudwatch-agent.deb", content),
      sha256: sending.sha256,
    };
  }

  /** Names other addresses for some services, as AWS's would be if they were out of reach. */
  pointTo(elsewhere: Readonly<Record<string, string>>): Promise<void> {
    const usual = Object.fromEntries(services.map((service) => [service, `https://${cloudAddress}`]));
    return this.write(endpointsFile, JSON.stringify({ ...usual, ...elsewhere }));
  }

  /** Runs the document of the last association once more, as the schedule does; some parameters may differ. */
  async runDocument(change: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
    if (this.last === undefined) throw new Error("nothing was delivered yet");
    const { content, parameters } = this.last;
    this.ended = await runDocument(this.sandbox, content, { ...parameters, ...change });
    return this.ended;
  }

  exec(...argv: string[]): Promise<CommandResult> {
    return execOn(this.sandbox, "pbx", argv, { timeout: 180_000 });
  }

  /** Standard output of a command on the host; raises when it fails. */
  async must(...argv: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.exec(...argv);
    if (code !== 0) throw new Error(`${argv.join(" ")}: ${stdout}${stderr}`);
    return stdout;
  }

  async write(file: string, text: string): Promise<void> {
    const put = ["sh", "-c", 'mkdir -p "$(dirname "$1")" && cat > "$1"', "sh", file];
    const { code, stderr } = await execOn(this.sandbox, "pbx", put, { input: text });
    if (code !== 0) throw new Error(stderr);
  }

  /** The alarm lines in the host's journal. */
  async alarms(): Promise<{ alarm: string; reason: string }[]> {
    const text = await this.must("journalctl", "-q", "-t", "hardened-asterisk", "-o", "cat");
    return text
      .split("\n")
      .filter((line) => line.startsWith('{"alarm"'))
      .map((line) => JSON.parse(line) as { alarm: string; reason: string });
  }

  async close(): Promise<void> {
    await this.cloud.stop();
    await AwsHost.remove(this.sandbox.name);
  }
}

const folderOf = (name: string) => path.join("/run", `hardened-asterisk-aws-${name}`);

/** A digest of everything that is configured on the host, and of which configuration its agent keeps. */
export async function pictureOf(host: AwsHost): Promise<string> {
  const places = ["/etc", "/var/lib/hardened-asterisk/current", "/usr/local/sbin"];
  const find = `find "$@" -type f ! -path ${endpointsFile} -exec sha256sum {} + | sort`;
  return sha256(await host.must("sh", "-c", find, "sh", ...places));
}
