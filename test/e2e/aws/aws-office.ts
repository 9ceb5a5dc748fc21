import path from "node:path";
import { AwsAsteriskHost } from "../../../components/aws/asterisk-host";
import type { AwsAsteriskHostArgs } from "../../../components/aws/asterisk-host-args";
import { awsProfile } from "../../../components/aws/aws-profile";
import type { PhoneCard } from "../../../components/asterisk-host-args";
import type { HostReceipt } from "../../../components/host-receipt";
import { deriveSecrets } from "../../../core/secrets/derive-secrets";
import type { PbxSpec, SealedPbxSpec } from "../../../core/spec/spec";
import type { BuiltPackage } from "../../../tools/asterisk-build/asterisk-package";
import { officeSpec } from "../scenario";
import { startPhone, type Phone } from "../peers/phone";
import type { AwsHost } from "./aws-host";
import { instanceId } from "./simulated-up";

const masterSecret = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a6978";

/** The golden office with a phone on the road. */
function usualSpec(): PbxSpec {
  const spec = officeSpec();
  return { ...spec, phones: { ...spec.phones, van: { number: "104", roaming: true } } };
}

/** An office, delivered to a host that takes itself for an instance on AWS. */
export class AwsOffice {
  readonly phones = new Map<string, Phone>();
  /** What the stack gave out last. */
  cards: Record<string, PhoneCard> = {};
  receipt: HostReceipt | undefined;

  constructor(
    private readonly host: AwsHost,
    private readonly asterisk: BuiltPackage,
    public spec: PbxSpec = usualSpec(),
  ) {}

  /** Makes the machine what a new instance is: uploads, and boots it with the user data; what cloud-init says of that. */
  async arrive(): Promise<string> {
    const { host } = this;
    // The one needs this machine and the other the host.
    await Promise.all([host.replaceAgents().then(() => this.announce()), host.becomeInstance()]);
    return host.bootWithUserData(host.simulated.userData);
  }

  /** What `pulumi up` does; another generation of a phone's password is another configuration. */
  async up(generation = 1, change: Partial<AwsAsteriskHostArgs> = {}): Promise<void> {
    const args = { ...this.args(generation), ...change };
    await this.host.simulated.run(() => {
      const { receipt, credentials } = new AwsAsteriskHost("office", args);
      receipt.apply((told) => (this.receipt = told));
      credentials.apply((cards) => (this.cards = cards));
    });
  }

  /** Uploads a configuration and tells the host nothing of it. */
  async announce(generation = 1, change: Partial<AwsAsteriskHostArgs> = {}): Promise<void> {
    this.host.simulated.held = true;
    await this.up(generation, change);
    this.host.simulated.held = false;
  }

  private args(generation = 1): AwsAsteriskHostArgs {
    const spec: Partial<PbxSpec> & SealedPbxSpec = { ...this.spec };
    delete spec.admins;
    const { path: file, sha256 } = this.asterisk;
    const warehouse = { number: "103", networks: ["100.64.7.2/32"], generation };
    const pbx: SealedPbxSpec = { ...spec, phones: { ...spec.phones, warehouse } };
    return {
      masterSecret,
      asteriskPackage: { path: file, sha256 },
      cloudWatchAgentPackage: this.host.cloudWatchAgent,
      pbx,
    };
  }

  /** Starts a phone with the credentials that the stack gives out, and waits until the PBX accepts it. */
  async register(name: string): Promise<Phone> {
    const { sandbox, folder } = this.host;
    const card = this.cards[name];
    if (card === undefined) throw new Error(`the stack has no credentials for ${name}`);
    const index = Object.keys(this.cards).indexOf(name);
    const phone = await startPhone({
      namespace: sandbox.namespaces.office,
      address: sandbox.addresses.office[index] ?? "",
      user: card.user,
      password: card.password,
      port: card.port,
      transport: "udp",
      domain: card.domain,
      tone: 440 * (index + 1),
      directory: path.join(folder, name),
      autoAnswer: true,
    });
    this.phones.set(name, phone);
    await phone.waitRegistered(10_000);
    return phone;
  }

  /** What the host left in the bucket about its configuration. */
  async reported(): Promise<HostReceipt> {
    const { Bucket = "" } = this.host.last?.parameters ?? {};
    const text = await this.host.cloud.getObject(Bucket, `receipts/${instanceId}/latest-receipt.json`);
    return JSON.parse(text) as HostReceipt;
  }

  /** Everything that nobody but the host, its owner and a phone may know. */
  secrets(): string[] {
    const profile = awsProfile("office", this.args(), () => undefined, new Date());
    return [
      masterSecret,
      ...Object.values(deriveSecrets(masterSecret, profile)),
      ...Object.values(this.cards).map(({ password }) => password),
    ];
  }

  async hangUp(): Promise<void> {
    await Promise.all([...this.phones.values()].map((phone) => phone.stop()));
    this.phones.clear();
  }
}
