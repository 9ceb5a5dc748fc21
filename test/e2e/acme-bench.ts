import path from "node:path";
import type { PhoneCard } from "../../components/asterisk-host-args";
import type { PbxSpec } from "../../core/spec/spec";
import { inNamespace, tryRun, type CommandResult } from "../../sandbox/command";
import { execOn } from "../../sandbox/sandbox";
import { Installation } from "../../tools/operator/installation";
import { AcmeServer } from "./peers/acme-server";
import { Authority } from "./peers/authority";
import { startNameServer, type NameServer } from "./peers/name-server";
import { handshake } from "./peers/tls-client";
import { onHost } from "./scenario";

const minutes = 60_000;
/** Names of the ACME server and of the PBX. */
export const [serverName, pbxName] = ["acme.example.net", "pbx.example.net"];

/** An installation whose certificate is asked for over ACME, and the server that is asked, in a network of its own. */
export class AcmeBench {
  /** Without a certificate over ACME. */
  readonly plain: PbxSpec = {
    country: "JP",
    admins: ["198.51.100.7/32"],
    phones: {
      reception: { number: "101", networks: ["198.51.100.0/24"] },
      van: { number: "104", roaming: true },
    },
  };

  private looks = 0;

  private constructor(
    readonly pbx: Installation,
    private server: AcmeServer,
    private nameServer: NameServer,
    private readonly folder: string,
    /** CAs of the server and of what it signs, in PEM. */
    private readonly authorities: string,
  ) {}

  /** With it. */
  get spec(): PbxSpec {
    const directory = `https://${serverName}/dir`;
    return {
      ...this.plain,
      tls: { acme: { name: pbxName, agreeToTerms: true, directory, ca: this.authorities, email: "pbx@example.net" } },
    };
  }

  /** Boots the host and starts the server; the PBX's name leads to the operator, and nothing is configured yet. */
  static async open(name: string): Promise<AcmeBench> {
    process.env.PULUMI_NODEJS_TRANSPILE_ONLY = "true";
    const folder = path.join("/run", `hardened-asterisk-installation-${name}`);
    const pbx = await Installation.open({ name, spec: { country: "JP", admins: [], phones: {} } });
    const { carrier, operator } = pbx.sandbox.addresses;
    await onHost(pbx, "sh", "-c", `rm -f /etc/resolv.conf; echo nameserver ${carrier.signalling} > /etc/resolv.conf`);
    const authority = await Authority.make(path.join(folder, "authority"));
    const server = await serve(pbx, folder, authority);
    const authorities = `${(await authority.certificate()).trim()}\n${await server.authority()}\n`;
    return new AcmeBench(pbx, server, await names(pbx, operator), folder, authorities);
  }

  /** Ends everything. */
  async close(): Promise<void> {
    await Promise.all([this.server.stop(), this.nameServer.stop()]);
    await this.pbx.close();
  }

  /** Lets the PBX's name lead to another address. */
  async leadTo(address: string): Promise<void> {
    await this.nameServer.stop();
    this.nameServer = await names(this.pbx, address);
  }

  /** Puts a false server in the place of the true one, with a certificate that nobody has reason to trust. */
  async beFalse(): Promise<void> {
    await this.server.stop();
    this.server = await serve(this.pbx, this.folder, await Authority.make(path.join(this.folder, "other-authority")));
  }

  /** Lets the server accept connections and say nothing, or go on. */
  hang(hanging: boolean): void {
    this.server.hang(hanging);
  }

  /** The certificate that a phone is shown under its card's name, which the CA on its card vouches for; raises an `Error` when not. */
  async shown(): Promise<string> {
    const { domain, caCertificate } = (await this.cards())["van"] ?? {};
    const { namespaces, addresses } = this.pbx.sandbox;
    const client = { namespace: namespaces.attacker, target: addresses.pbx };
    // Each look from another address: one that proves nothing is let in a few times.
    const from = addresses.attacker[this.looks++] ?? "";
    const ca = this.pbx.keep("card-ca.pem", caCertificate ?? "");
    const named = /^[\d.]+$/.test(domain ?? "") ? [] : ["-verify_hostname", domain ?? ""];
    const { code, stdout, stderr } = await handshake(client, "-bind", `${from}:0`, "-CAfile", ca, ...named);
    if (code !== 0) throw new Error(`the certificate is not accepted: ${stdout}${stderr}`);
    return /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/.exec(stdout)?.[0] ?? "";
  }

  /** What is typed into the phones. */
  cards(): Promise<Record<string, PhoneCard>> {
    return this.pbx.stack.output<Record<string, PhoneCard>>("credentials");
  }

  /** What a stranger's connection to TCP port 80 comes to: `dropped`, or `let through` to where nothing listens. */
  async port80(): Promise<string> {
    const { namespaces, addresses } = this.pbx.sandbox;
    const script = `import socket
try: socket.create_connection(("${addresses.pbx}", 80), 1)
except TimeoutError: print("dropped")
except ConnectionRefusedError: print("let through")`;
    return (await tryRun(inNamespace(namespaces.attacker, ["python3", "-c", script]))).stdout.trim();
  }

  /** `hardened-asterisk renew` on the host, however it ends. */
  renew(...argv: string[]): Promise<CommandResult> {
    return execOn(this.pbx.sandbox, "pbx", ["hardened-asterisk", "renew", ...argv], { timeout: 3 * minutes });
  }
}

async function serve(pbx: Installation, directory: string, shown: Authority): Promise<AcmeServer> {
  const { namespaces, addresses } = pbx.sandbox;
  return AcmeServer.start({
    namespace: namespaces.carrier,
    address: addresses.carrier.media,
    nameServer: addresses.carrier.signalling,
    certificateFile: await shown.issue(`DNS:${serverName}`),
    directory,
  });
}

/** Names as the host and the ACME server are told them. */
function names(pbx: Installation, ofPbx: string): Promise<NameServer> {
  const { signalling, media } = pbx.sandbox.addresses.carrier;
  const known = { [serverName]: media, [pbxName]: ofPbx };
  return startNameServer(pbx.sandbox.namespaces.carrier, { listen: signalling, names: known });
}
