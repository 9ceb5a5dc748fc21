import { readFileSync } from "node:fs";
import path from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { PolicyStatement } from "../../../components/aws/policy-statement";
import { run } from "../../../sandbox/command";
import { cached, digest } from "../../../tools/engine/cache";
import { Authority } from "../peers/authority";
import { endProcess, startInNamespace, waitUntil, type PeerProcess } from "../peers/peer-process";

const requirements = path.join(__dirname, "requirements.txt");

/** Where the services of AWS answer, in the sandbox's network. */
export const cloudAddress = "203.0.113.90";

/** Where the metadata is served: AWS's two addresses, Azure's, and Oracle's over IPv6. */
const metadataAddresses = ["169.254.169.254", "fd00:ec2::254", "168.63.129.16", "fd00:c1::a9fe:a9fe"];

/** The Python that has moto, installed once into the user's cache folder at the versions and digests of `requirements.txt`. */
export async function ensureMoto(): Promise<string> {
  const install = async (scratch: string) => {
    await run(["python3", "-m", "venv", scratch], { timeout: 120_000 });
    const pip = [path.join(scratch, "bin/python"), "-m", "pip", "install", "-q", "--require-hashes"];
    await run([...pip, "-r", requirements], { timeout: 300_000 });
  };
  const name = `moto-${digest(readFileSync(requirements))}`;
  return path.join(await cached(name, install, () => undefined), "bin/python");
}

/** What is wrong with S3 at the moment: it answers 503, or objects whose key ends so stop half way. */
export type Fault = "outage" | { readonly half: string };

/** AWS around one instance of the sandbox: moto's S3 and Secrets Manager over TLS, and the instance's metadata. */
export class Cloud {
  private readonly answers: AsyncIterator<string, undefined>;

  private constructor(
    private readonly server: PeerProcess,
    lines: Interface,
    /** Certificate, in PEM, of the CA that the services' certificate leads back to. */
    readonly authority: string,
  ) {
    this.answers = lines[Symbol.asyncIterator]();
  }

  /** Starts it beside the sandbox's router, whose namespace this is. */
  static async start(namespace: string, directory: string): Promise<Cloud> {
    const python = await ensureMoto();
    // An address whose uniqueness the kernel still looks for cannot be served at.
    const hosts = metadataAddresses.map((address) =>
      address.includes(":") ? `${address}/128 nodad` : `${address}/32`,
    );
    const addresses = [`${cloudAddress}/24`, ...hosts];
    const links = addresses.map((address) => `address replace dev net-hosting ${address}`);
    await run(["ip", "-n", namespace, "-batch", "-"], { input: links.join("\n") });
    const authority = await Authority.make(path.join(directory, "authority"));
    const certificate = await authority.issue(`IP:${cloudAddress}`);
    const script = path.join(__dirname, "cloud.py");
    const server = startInNamespace(namespace, [python, "-B", script, cloudAddress, certificate, ...metadataAddresses]);
    let said = "";
    server.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-4000)));
    const lines = createInterface({ input: server.stdout });
    let ready = false;
    lines.once("line", () => (ready = true));
    try {
      await waitUntil(
        () => ready,
        30_000,
        () => `the stand-in for AWS does not answer: ${said}`,
      );
    } catch (error) {
      await endProcess(server);
      throw error;
    }
    return new Cloud(server, lines, await authority.certificate());
  }

  private async order<T>(order: string, ...words: readonly unknown[]): Promise<T> {
    this.server.stdin.write(`${JSON.stringify({ do: order, with: words })}\n`);
    const next = await this.answers.next();
    if (next.done === true) throw new Error("the stand-in for AWS has ended");
    const { answer, error } = JSON.parse(next.value) as { answer: T; error?: string };
    if (error !== undefined) throw new Error(error);
    return answer;
  }

  makeBucket(bucket: string): Promise<void> {
    return this.order("make_bucket", bucket);
  }

  putObject(bucket: string, key: string, body: Buffer): Promise<void> {
    return this.order("put_object", bucket, key, body.toString("base64"));
  }

  getObject(bucket: string, key: string): Promise<string> {
    return this.order("get_object", bucket, key);
  }

  /** Keys that begin like this. */
  listObjects(bucket: string, prefix: string): Promise<string[]> {
    return this.order("list_objects", bucket, prefix);
  }

  /** Makes an empty secret; its ARN. */
  makeSecret(name: string): Promise<string> {
    return this.order("make_secret", name);
  }

  /** Makes `text` the secret's current value; the name of that version. */
  putSecret(secret: string, text: string): Promise<string> {
    return this.order("put_secret", secret, text);
  }

  /** Gives the host's role more rights; it has none before. */
  allow(statements: readonly PolicyStatement[]): Promise<void> {
    return this.order("allow", statements);
  }

  /** Serves a file beside the metadata, in clear; its address. */
  async serveFile(name: string, body: Buffer): Promise<string> {
    await this.order("serve_file", `/${name}`, body.toString("base64"));
    return `http://169.254.169.254/${name}`;
  }

  breakIt(fault?: Fault): Promise<void> {
    if (typeof fault === "object") return this.order("break_it", "half", fault.half);
    return this.order("break_it", fault ?? null);
  }

  /** What the host has asked for since the last look, as `action resource`. */
  asked(): Promise<string[]> {
    return this.order("what_was_asked");
  }

  stop(): Promise<void> {
    return endProcess(this.server);
  }
}
