import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inNamespace, run } from "../../../sandbox/command";
import { cached, digest } from "../../../tools/engine/cache";
import { onPath } from "../../../tools/engine/executables";
import { endProcess, startInNamespace, waitUntil, type PeerProcess } from "./peer-process";

const wrapper = join(__dirname, "pebble");
const managementPort = 15_000;

/** Whether this machine can build the ACME server: it needs Go. */
export const canServeAcme = (): boolean => onPath("go") !== undefined;

/** Path of Pebble, Let's Encrypt's own server for tests, built once from its Go module at the version and digests in `pebble/`. */
async function pebble(): Promise<string> {
  const go = onPath("go") ?? "go";
  const files = ["go.mod", "go.sum"].map((name) => readFileSync(join(wrapper, name)));
  const build = (scratch: string) =>
    run(
      [
        go,
        "build",
        "-mod=readonly",
        "-trimpath",
        "-o",
        join(scratch, "pebble"),
        "github.com/letsencrypt/pebble/v2/cmd/pebble",
      ],
      {
        cwd: wrapper,
        env: { ...process.env, CGO_ENABLED: "0", GOTOOLCHAIN: "local", GOFLAGS: "", GOWORK: "off" },
        timeout: 600_000,
      },
    ).then(() => undefined);
  return join(await cached(`pebble-${digest(...files)}`, build, () => undefined), "pebble");
}

/** Where an ACME server stands and what it shows. */
export interface AcmeServerOptions {
  readonly namespace: string;
  /** IPv4 address it listens on, at port 443. */
  readonly address: string;
  /** IPv4 address of the name server it asks. */
  readonly nameServer: string;
  /** PEM file of its key and certificate. */
  readonly certificateFile: string;
  /** Where it keeps its configuration. */
  readonly directory: string;
  /** Days for which what it signs is valid. Default: 90. */
  readonly days?: number;
}

/** A running ACME server, with a CA that is new with each start. */
export class AcmeServer {
  private constructor(
    private readonly options: AcmeServerOptions,
    private readonly server: PeerProcess,
  ) {}

  /** Starts one; raises with its last words when it does not listen within 5 s. */
  static async start(options: AcmeServerOptions): Promise<AcmeServer> {
    const { namespace, address, nameServer, certificateFile, directory, days = 90 } = options;
    const binary = await pebble();
    const file = join(directory, "pebble.json");
    const settings = {
      listenAddress: `${address}:443`,
      managementListenAddress: `${address}:${managementPort}`,
      certificate: certificateFile,
      privateKey: certificateFile,
      httpPort: 80,
      tlsPort: 443,
      keyAlgorithm: "ecdsa",
      profiles: { default: { description: "the only one", validityPeriod: days * 86_400 } },
    };
    await writeFile(file, JSON.stringify({ pebble: settings }));
    // It waits for up to 15 s before it looks, and refuses one request in twenty, unless it is told not to; it reuses no proof here.
    const quick = ["PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0", "PEBBLE_AUTHZREUSE=0"];
    const server = startInNamespace(namespace, [
      "env",
      ...quick,
      binary,
      "-config",
      file,
      "-dnsserver",
      `${nameServer}:53`,
    ]);
    let said = "";
    for (const stream of [server.stdout, server.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-4000)));
    try {
      await waitUntil(
        () => said.includes("ACME directory available at"),
        5_000,
        () => `the ACME server does not listen: ${said}`,
      );
    } catch (error) {
      await endProcess(server);
      throw error;
    }
    return new AcmeServer(options, server);
  }

  /** Certificate, in PEM, of the CA that what it signs leads back to. */
  async authority(): Promise<string> {
    const { namespace, address } = this.options;
    const script = `import ssl, urllib.request
context = ssl._create_unverified_context()
print(urllib.request.urlopen("https://${address}:${managementPort}/roots/0", context=context, timeout=5).read().decode())`;
    return (await run(inNamespace(namespace, ["python3", "-c", script]))).trim();
  }

  /** Lets it take connections and say nothing, or go on. */
  hang(hanging: boolean): void {
    this.server.kill(hanging ? "SIGSTOP" : "SIGCONT");
  }

  stop(): Promise<void> {
    return endProcess(this.server);
  }
}
