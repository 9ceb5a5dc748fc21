import { readFile } from "node:fs/promises";
import * as pulumi from "@pulumi/pulumi";
import type { PolicyStatement } from "../../../components/aws/policy-statement";
import type { Cloud } from "./cloud";

type Properties = Record<string, unknown>;

const secretMark = "4dabf18193072939515e22adb298388d";
/** The only instance there is. */
export const instanceId = "i-0123456789abcdef0";
/** End of the key of the receipt. */
const latestReceipt = "receipt.json";
const region = "eu-central-1";
const accountId = "123456789012";

/** What the provider knows of the account. */
const facts: Readonly<Record<string, Properties>> = {
  "aws:index/getPartition:getPartition": { partition: "aws", dnsSuffix: "amazonaws.com" },
  "aws:index/getRegion:getRegion": { region },
  "aws:index/getCallerIdentity:getCallerIdentity": { accountId },
  "aws:ec2/getAmi:getAmi": { id: "ami-debian-13", architecture: "x86_64" },
  "aws:ec2/getInstanceType:getInstanceType": { ebsOptimizedSupport: "default" },
  "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": { locations: [`${region}a`] },
};

/** The document's text and the parameters that an association runs it with. */
export interface Run {
  readonly content: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Takes an association; fails as `up` does when the host refuses. */
export type Deliver = (run: Run) => Promise<void>;

/**
 * A provider that makes what the host sees: bucket, objects, secret and rights in the stand-in for AWS. An association runs the
 * document on the host once that has registered, and is a success before. All else exists by name only.
 */
export class SimulatedUp {
  /** While true, what is delivered is announced only: the host hears nothing of it, and leaves no receipt. */
  held = false;
  /** Looks at the bucket until the machine has registered with Systems Manager. */
  registersAfter = 0;
  /** What the instance runs at its first boot. */
  userData = "";
  /** What an association has ordered and the machine has not heard of. */
  private unheard: Run | undefined;
  private ordered = "";
  private readonly made = new Map<string, Properties>();
  private readonly contents = new Map<string, string>();

  constructor(
    private readonly cloud: Cloud,
    /** Address that the Elastic IP has. */
    private readonly address: string,
    private readonly deliver: Deliver,
  ) {}

  /** Runs a program as `up` would; gives what it asked for, by name, and rejects with the first failure. */
  async run(program: () => void): Promise<ReadonlyMap<string, Properties>> {
    const asked = new Map<string, Properties>();
    const failures: Error[] = [];
    await pulumi.runtime.setMocks({
      newResource: async ({ type, name, inputs }) => {
        const plain = unwrapped(inputs) as Properties;
        asked.set(name, plain);
        try {
          const id = type === "aws:ec2/instance:Instance" ? instanceId : `${name}-id`;
          return { id, state: { ...plain, ...(await this.make(type, name, plain)) } };
        } catch (error) {
          failures.push(error as Error);
          throw error;
        }
      },
      call: ({ token, inputs }) => this.answer(token, inputs as Properties),
    });
    program();
    await pulumi.runtime.disconnect().catch((error: unknown) => failures.push(error as Error));
    const [first] = failures;
    if (first !== undefined) throw first;
    return asked;
  }

  private async make(type: string, name: string, inputs: Properties): Promise<Properties> {
    const usual = { arn: `arn:aws:x:${region}:${accountId}:${name}`, name };
    if (type === "aws:s3/bucket:Bucket") return this.bucket(name);
    if (type === "aws:s3/bucketObjectv2:BucketObjectv2") return this.object(inputs);
    if (type === "aws:secretsmanager/secret:Secret") return this.once(name, () => this.secret(name));
    if (type === "aws:secretsmanager/secretVersion:SecretVersion") return this.secretVersion(inputs);
    if (type === "aws:iam/policy:Policy" && name.includes("-host-")) return this.policy(usual, inputs);
    if (type === "aws:ec2/eip:Eip") return { ...usual, publicIp: this.address, allocationId: `${name}-id` };
    if (type === "aws:ec2/instance:Instance")
      this.userData = Buffer.from(String(inputs["userDataBase64"]), "base64").toString();
    if (type === "aws:ssm/document:Document") this.contents.set(name, String(inputs["content"]));
    if (type === "aws:ssm/association:Association") await this.associate(inputs);
    return usual;
  }

  private async once(name: string, make: () => Promise<Properties>): Promise<Properties> {
    const before = this.made.get(name);
    if (before !== undefined) return before;
    const outputs = await make();
    this.made.set(name, outputs);
    return outputs;
  }

  private bucket(name: string): Promise<Properties> {
    // Its id is its name, as others refer to it.
    return this.once(name, async () => {
      await this.cloud.makeBucket(`${name}-id`);
      return { arn: `arn:aws:s3:::${name}-id` };
    });
  }

  private async object({ bucket, key, source }: Properties): Promise<Properties> {
    await this.cloud.putObject(String(bucket), String(key), await bytesOf(source));
    return {};
  }

  private async secret(name: string): Promise<Properties> {
    return { arn: await this.cloud.makeSecret(name), name };
  }

  private secretVersion({ secretId, secretString }: Properties): Promise<Properties> {
    // An equal value is no new version.
    return this.once(`version of ${String(secretId)}: ${String(secretString)}`, async () => ({
      versionId: await this.cloud.putSecret(String(secretId).replace(/-id$/, ""), String(secretString)),
    }));
  }

  private policy(usual: Properties, { policy }: Properties): Promise<Properties> {
    return this.once(String(usual["name"]), async () => {
      await this.cloud.allow((JSON.parse(String(policy)) as { Statement: PolicyStatement[] }).Statement);
      return usual;
    });
  }

  private async associate({ name, parameters }: Properties): Promise<void> {
    const content = this.contents.get(String(name)) ?? "";
    const run = { content, parameters: parameters as Record<string, string> };
    this.ordered = run.parameters["Generation"] ?? "";
    if (this.registersAfter === 0) await this.deliver(run);
    else this.unheard = run;
  }

  private async look(): Promise<void> {
    if (this.unheard === undefined) return;
    this.registersAfter -= 1;
    if (this.registersAfter > 0) return;
    const run = this.unheard;
    this.unheard = undefined;
    await this.deliver(run);
  }

  private async answer(token: string, inputs: Properties): Promise<Properties> {
    const known = facts[token];
    if (known !== undefined) return known;
    const [bucket, key, prefix] = ["bucket", "key", "prefix"].map((name) => String(inputs[name]));
    if (token === "aws:s3/getObjects:getObjects") return { keys: await this.keys(bucket ?? "", prefix ?? "") };
    if (token !== "aws:s3/getObject:getObject") throw new Error(`nobody answers ${token}`);
    if (this.held && key?.endsWith(latestReceipt) === true)
      return { body: JSON.stringify({ generation: this.ordered }) };
    return { body: await this.cloud.getObject(bucket ?? "", key ?? "") };
  }

  private async keys(bucket: string, prefix: string): Promise<string[]> {
    await this.look();
    const found = await this.cloud.listObjects(bucket, prefix);
    return this.held ? [...found, `${prefix}${latestReceipt}`] : found;
  }
}

async function bytesOf(source: unknown): Promise<Buffer> {
  if (source instanceof pulumi.asset.StringAsset) return Buffer.from(await source.text);
  if (source instanceof pulumi.asset.FileAsset) return readFile(await source.path);
  throw new Error("an object that is neither a file nor a text");
}

/** Inputs with secrets as their values. */
function unwrapped(value: unknown): unknown {
  if (value instanceof pulumi.asset.Asset || typeof value !== "object" || value === null) return value;
  if (secretMark in value) return unwrapped((value as Properties)["value"]);
  if (Array.isArray(value)) return value.map(unwrapped);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, unwrapped(inner)]));
}
