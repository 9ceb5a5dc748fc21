import { writeFileSync } from "node:fs";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Outcome } from "./attacks/attack";
import { attackSample } from "./aws/attack-sample";
import { AwsHost, pictureOf } from "./aws/aws-host";
import { AwsOffice } from "./aws/aws-office";
import { masterSecretCase } from "./aws/master-secret";
import { ensureAsteriskPackage } from "../../tools/asterisk-build/asterisk-package";
import { holdConnection, metadataCases } from "./aws/metadata";
import { recorded } from "./aws/recorder";
import { eventually } from "./faults/settled";
import { clearly, talk } from "./office-calls";

const name = "testaws";
const minutes = 60_000;
const progress = (line: string) => void process.stderr.write(`${line}\n`);
let host: AwsHost;
let office: AwsOffice;
let cloudInit: string;

beforeAll(async () => {
  for (const level of ["info", "warn"] as const) jest.spyOn(pulumi.log, level).mockResolvedValue(undefined);
  const [asterisk] = await ensureAsteriskPackage({ progress });
  if (asterisk === undefined) throw new Error("no package of Asterisk was built");
  host = await AwsHost.open(name, progress);
  office = new AwsOffice(host, asterisk);
  cloudInit = await office.arrive();
  await holdConnection(host, "nobody");
}, 40 * minutes);

afterAll(async () => {
  try {
    await office.hangUp();
    await host.close();
  } finally {
    await AwsHost.remove(name);
  }
}, minutes);

const phonesTalk = async () => {
  const [reception, sales] = [office.phones.get("reception"), office.phones.get("sales")];
  if (reception === undefined || sales === undefined) throw new Error("the phones are not started");
  for (const { share } of await talk(reception, "102", sales)) expect(share).toBeGreaterThan(clearly);
};

test(
  "its user data is valid, and installs the agent of Systems Manager and nothing else",
  async () => {
    expect(cloudInit).toMatch(/status: done/);
    expect(await host.must("cat", recorded)).not.toBe("");
    const valid = await host.must("cloud-init", "schema", "--config-file", "/var/lib/cloud/seed/nocloud/user-data");
    expect(valid).toContain("Valid schema");
    const installed = await host.must("sh", "-c", "grep ' install ' /var/log/dpkg.log | tail -1");
    expect(installed).toContain("amazon-ssm-agent");
  },
  minutes,
);

test(
  "a machine that registers late is waited for; the document fetches, verifies, activates and confirms, and phones talk",
  async () => {
    host.simulated.registersAfter = 2;
    await office.up();
    expect(office.receipt).toMatchObject({ state: "confirmed", generation: host.last?.parameters["Generation"] });
    expect(host.ended?.stdout).toMatch(/is in effect/);
    await Promise.all([office.register("reception"), office.register("sales")]);
    await phonesTalk();
  },
  5 * minutes,
);

test(
  "nothing secret is in what carried it, nor in what the host said",
  async () => {
    const journal = await host.must("journalctl", "-q", "--no-pager");
    const { content = "", parameters = {} } = host.last ?? {};
    const said = [content, JSON.stringify(parameters), host.ended?.stdout, host.ended?.stderr, journal].join("\n");
    for (const secret of office.secrets()) expect(said).not.toContain(secret);
    expect(said).not.toContain("secret-key-of-the-host");
  },
  minutes,
);

metadataCases(() => host);

test(
  "on schedule: nothing is asked for or changed; what drifted is put right",
  async () => {
    await host.cloud.asked();
    const before = await pictureOf(host);
    expect(await host.runDocument()).toMatchObject({
      code: 0,
      stderr: expect.not.stringContaining("drifted") as string,
    });
    expect(await host.cloud.asked()).toEqual([]);
    expect(await pictureOf(host)).toBe(before);
    await host.must("sh", "-c", "echo '[guest](+)' >> /etc/asterisk/pjsip.conf");
    expect(await host.runDocument()).toMatchObject({ code: 0 });
    expect(await pictureOf(host)).toBe(before);
    expect((await office.reported()).drift.join()).toContain("/etc/asterisk/pjsip.conf");
  },
  2 * minutes,
);

describe("refused, with the configuration left as it was and one alarm", () => {
  let before: string;
  let alarms: number;
  let attacked: Promise<Record<string, Outcome>>;
  beforeAll(async () => {
    // Announced and uploaded, and not yet delivered.
    await office.announce(2);
    before = await pictureOf(host);
    // Attackers do not wait until a delivery is done; both sides spend most of the time waiting.
    attacked = attackSample(host, office);
    attacked.catch(() => undefined);
  }, minutes);
  beforeEach(async () => {
    alarms = (await host.alarms()).length;
  });
  afterEach(async () => {
    await host.cloud.breakIt();
    await host.pointTo({});
  });

  const refused = async (words: RegExp, change: Readonly<Record<string, string>> = {}) => {
    const { code, stderr } = await host.runDocument(change);
    expect([code, stderr]).toEqual([1, expect.stringMatching(words)]);
    expect(await pictureOf(host)).toBe(before);
    const rung = (await host.alarms()).slice(alarms);
    expect(rung).toEqual([{ alarm: "delivery-failed", reason: expect.stringMatching(words) as string }]);
  };
  const key = () => `bundles/${host.last?.parameters["Bundle"] ?? ""}.json`;

  test(
    "a tampered bundle",
    async () => {
      const bucket = host.last?.parameters["Bucket"] ?? "";
      const whole = await host.cloud.getObject(bucket, key());
      await host.cloud.putObject(bucket, key(), Buffer.from(whole.replace("5060", "5066")));
      await refused(/sha256 is not the announced one/);
      await host.cloud.putObject(bucket, key(), Buffer.from(whole));
    },
    minutes,
  );

  test(
    "a digest of nothing that is there",
    () => refused(/bundles\/f{64}.*NoSuchKey/, { Bundle: "f".repeat(64) }),
    minutes,
  );

  test(
    "an agent that is not the one announced",
    () => refused(/agents\/f{64}.*NoSuchKey/, { Agent: "f".repeat(64) }),
    minutes,
  );

  test(
    "a version of the secret that is missing",
    () => refused(/ResourceNotFoundException/, { SecretVersion: "0".repeat(36) }),
    minutes,
  );

  test(
    "a secret that is not this host's to read",
    () => {
      const other = (host.last?.parameters["Secret"] ?? "").replace(/:secret:.*/, ":secret:another-AbCdEf");
      return refused(/AccessDenied/, { Secret: other });
    },
    minutes,
  );

  test(
    "an outage of S3",
    async () => {
      await host.cloud.breakIt("outage");
      await refused(/s3 answered 503/);
    },
    minutes,
  );

  test(
    "an object that stops half way",
    async () => {
      await host.cloud.breakIt({ half: key() });
      await refused(/s3 does not answer/);
    },
    minutes,
  );

  test(
    "all the while a sample of the attacks is held, and phones still talk",
    async () => {
      const outcomes = Object.entries(await attacked);
      expect(outcomes).toHaveLength(5);
      for (const [attack, outcome] of outcomes)
        expect([attack, outcome]).toEqual([attack, expect.objectContaining({ broken: false })]);
      await phonesTalk();
    },
    2 * minutes,
  );

  test(
    "a configuration with which Systems Manager is out of reach: undone",
    async () => {
      await host.pointTo({ ssm: "https://192.0.2.99" });
      await refused(/does not reach ssm .*it was undone/);
    },
    2 * minutes,
  );

  test(
    "and once all is well again, the same is delivered",
    async () => {
      expect(await host.runDocument()).toMatchObject({ code: 0 });
      expect(await pictureOf(host)).not.toBe(before);
    },
    minutes,
  );
});

masterSecretCase(() => ({ host, office }));

test(
  "all that it told of that stands in the files that are sent",
  async () => {
    const sent = (stream: string) => host.must("cat", `/var/log/hardened-asterisk/${stream}.log`);
    const linesOf = async (stream: string) => (await sent(stream)).trim().split("\n");
    const rung = await host.alarms();
    // The first delivery, what drifted, the second one, and that of another master secret.
    await eventually(minutes, async () => {
      const counts = [(await linesOf("alarms")).length, (await linesOf("receipts")).length];
      return counts.join() === `${rung.length},4`
        ? undefined
        : `${counts.join(" and ")} of ${rung.length} alarms and 4 receipts`;
    });
    for (const line of await linesOf("receipts"))
      expect(JSON.parse(line)).toEqual({ receipt: expect.objectContaining({ state: "confirmed" }) as unknown });
    const folder = process.env["RECORD_AWS_LINES"];
    if (folder === undefined) return;
    for (const stream of ["alarms", "receipts"]) writeFileSync(path.join(folder, `${stream}.log`), await sent(stream));
  },
  2 * minutes,
);
