import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { logStreams, type LogStream } from "../../core/bundle/log-streams";
import { execOn } from "../../sandbox/sandbox";
import { Installation } from "../../tools/operator/installation";
import { eventually } from "../e2e/faults/settled";
import { accused, provoke } from "../e2e/logs/aws-events";
import { openAwsHost } from "../e2e/logs/aws-host";
import { officeSpec, onHost } from "../e2e/scenario";

const name = "testawslogs";
const minutes = 60_000;
/** Streams that a host in a container cannot write: the kernel's log and audit are the machine's around it. */
const machineOnly: readonly LogStream[] = ["audit", "firewall"];
/** Streams of which only a delivery writes true lines: `test/e2e/aws-delivery.test.ts` records them. */
const ofDelivery: readonly LogStream[] = ["alarms", "receipts"];

let pbx: Installation;
let told: Record<string, string>;

beforeAll(async () => {
  pbx = await openAwsHost(name, officeSpec());
  const folder = path.join("/run", `hardened-asterisk-installation-${name}`, "carrier");
  mkdirSync(folder, { recursive: true });
  await provoke(pbx, folder);
  const text = await onHost(pbx, "cat", "/etc/hardened-asterisk/logs/cloudwatch-agent.json");
  const { logs } = JSON.parse(text) as {
    logs: { logs_collected: { files: { collect_list: { file_path: string; log_group_name: string }[] } } };
  };
  const named = logs.logs_collected.files.collect_list.map(
    (one) => [one.log_group_name.replace(/^.*\//, ""), one.file_path] as const,
  );
  told = Object.fromEntries(named);
}, 6 * minutes);

afterAll(async () => {
  await pbx.hangUp();
  await Installation.remove(name);
}, minutes);

const lines = async (stream: LogStream) =>
  (await onHost(pbx, "cat", told[stream] ?? "")).split("\n").filter((line) => line !== "");

test(
  "every stream but the machine's own is a file with lines in it, which the agent's user can read",
  async () => {
    expect(Object.keys(told).sort()).toEqual([...logStreams].sort());
    await eventually(minutes, async () => {
      const empty: string[] = [];
      for (const stream of logStreams.filter((one) => !machineOnly.includes(one)))
        if ((await lines(stream).catch(() => [])).length === 0) empty.push(stream);
      return empty.length === 0 ? undefined : `no lines in ${empty.join(", ")}`;
    });
    const folder = process.env["RECORD_AWS_LINES"];
    if (folder === undefined) return;
    for (const stream of logStreams.filter((one) => ![...machineOnly, ...ofDelivery].includes(one)))
      writeFileSync(path.join(folder, `${stream}.log`), `${(await lines(stream)).join("\n")}\n`);
  },
  2 * minutes,
);

test(
  "the agent's user reads what it is told to, and no password, key or console",
  async () => {
    await eventually(minutes, async () => {
      const can = JSON.parse(await onHost(pbx, "cat", "/opt/aws/amazon-cloudwatch-agent/etc/reads.json")) as object;
      const wanted = logStreams.filter((one) => !machineOnly.includes(one)).map((stream) => [told[stream], true]);
      const seen = Object.fromEntries(Object.entries(can).filter(([, reads]) => reads === true)) as object;
      const right = JSON.stringify(Object.entries(seen).sort()) === JSON.stringify(wanted.sort());
      return right ? undefined : JSON.stringify(can);
    });
  },
  2 * minutes,
);

test("the asterisk user writes in nobody else's name, and no name of an account hides a line or accuses another", async () => {
  for (const stream of ["alarms", "receipts", "auth", "activation"] as const)
    expect([stream, (await lines(stream)).filter((line) => line.includes("forged"))]).toEqual([stream, []]);
  const lying = (await lines("security")).filter((line) => line.includes(accused));
  expect(lying.length).toBeGreaterThan(0);
});

test(
  "what is rotated goes on",
  async () => {
    await onHost(pbx, "logrotate", "--force", "/etc/logrotate.d/hardened-asterisk");
    await onHost(pbx, "systemctl", "start", "hardened-asterisk-heartbeat.service");
    await eventually(30_000, async () => {
      const now = await execOn(pbx.sandbox, "pbx", ["cat", told["heartbeat"] ?? ""]);
      return now.stdout.includes('{"heartbeat":1') ? undefined : `heartbeat.log: ${now.stdout}`;
    });
  },
  minutes,
);
