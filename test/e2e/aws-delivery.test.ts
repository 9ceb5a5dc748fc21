import * as pulumi from "@pulumi/pulumi";
import { attackSample } from "./aws/attack-sample";
import { AwsHost, pictureOf } from "./aws/aws-host";
import { AwsOffice } from "./aws/aws-office";
import { ensureAsteriskPackage } from "../../tools/asterisk-build/asterisk-package";
import { askMetadata, heldAnswer, holdConnection } from "./aws/metadata";
import { recorded } from "./aws/recorder";
import { clearly, talk } from "./office-calls";

const name = "testaws";
const minutes = 60_000;
/** What somebody hears whom the firewall refuses. */
const refusal = expect.stringMatching(/No route to host|Permission denied|not permitted/) as string;
const progress = (line: string) => void process.stderr.write(`${line}\n`);
let host: AwsHost;
let office: AwsOffice;
let cloudInit: string;

beforeAll(async () => {
  jest.spyOn(pulumi.log, "info").mockResolvedValue(undefined);
  const [asterisk] = await ensureAsteriskPackage({ progress });
  if (asterisk === undefined) throw new Error("no package of Asterisk was built");
  host = await AwsHost.open(name, progress);
  await host.replaceAgents();
  office = new AwsOffice(host, asterisk);
  await office.announce();
  cloudInit = await host.bootWithUserData(host.simulated.userData);
  await holdConnection(host, "nobody");
}, 40 * minutes);

afterAll(async () => {
  await office.hangUp();
  await host.close();
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
  "the document fetches, verifies, activates and confirms, and phones talk",
  async () => {
    await office.up();
    expect(host.ended?.stdout).toMatch(/is in effect/);
    await Promise.all([office.register("reception"), office.register("sales")]);
    await phonesTalk();
  },
  5 * minutes,
);

test(
  "a sample of the attacks is held, and phones still talk",
  async () => {
    for (const [attack, outcome] of Object.entries(await attackSample(host, office)))
      expect([attack, outcome]).toEqual([attack, expect.objectContaining({ broken: false })]);
    await phonesTalk();
  },
  2 * minutes,
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

test(
  "root and the agent that sends logs get the keys of the host's role, and nobody else does",
  async () => {
    await host.must("useradd", "clerk");
    const { root, cwagent, ...others } = await askMetadata(host, ["root", "cwagent", "asterisk", "nobody", "clerk"]);
    for (const user of [root, cwagent])
      for (const way of ["IPv4", "IPv6", "multipath TCP"]) expect(user?.[way]).toContain("secret-key-of-the-host");
    expect(Object.keys(others)).toHaveLength(3);
    for (const [user, { names, time, ...ways }] of Object.entries(others)) {
      expect(Object.keys(ways)).toHaveLength(4);
      for (const [way, answer] of Object.entries(ways)) expect([user, way, answer]).toEqual([user, way, refusal]);
      // A name server and a clock at the same address, as some clouds have them, stay within reach, but not for Asterisk.
      const elsewhere = user === "asterisk" ? refusal : (expect.stringMatching(/^ConnectionRefusedError/) as string);
      expect([user, names, time]).toEqual([user, elsewhere, elsewhere]);
    }
  },
  minutes,
);

test(
  "nor over a connection that was there before the firewall",
  async () => {
    expect(await heldAnswer(host)).toMatch(/^connected\n\w+: /);
  },
  minutes,
);

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
  beforeAll(async () => {
    // Announced and uploaded, and not yet delivered.
    await office.announce(2);
    before = await pictureOf(host);
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
