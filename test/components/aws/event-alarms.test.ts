import * as pulumi from "@pulumi/pulumi";
import { eventAlarms } from "../../../components/aws/event-alarms";
import type { Made } from "../../../controls/cloud/cloud-control";
import { inputsOf, madeBy } from "./made";

const sessionDocument = { name: "pbx-session", arn: "arn:aws:ssm:eu-central-1:123456789012:document/pbx-session" };
const notifications = { topicArn: pulumi.output("topic") };
let usual: readonly Made[];
beforeAll(async () => {
  usual = await madeBy((part) => {
    eventAlarms(part, { notifications, instanceId: "i-1", backupVault: "vault", sessionDocument });
  });
}, 60_000);

test("a backup that made no copy is told", () => {
  expect(JSON.parse(String(inputsOf(usual, "pbx-backup-failed")["eventPattern"]))).toEqual({
    source: ["aws.backup"],
    "detail-type": ["Backup Job State Change"],
    detail: { backupVaultName: ["vault"], state: ["ABORTED", "EXPIRED", "FAILED", "PARTIAL"] },
  });
  expect(inputsOf(usual, "pbx-backup-failed-mail")["arn"]).toBe("topic");
});

test("a failed activation is told", () => {
  expect(JSON.parse(String(inputsOf(usual, "pbx-activation-failed")["eventPattern"]))).toMatchObject({
    source: ["aws.ssm"],
    detail: { "instance-id": ["i-1"], status: ["Failed", "TimedOut"] },
  });
  expect(inputsOf(usual, "pbx-activation-failed-mail")["arn"]).toBe("topic");
});

test("a session by another document, or by none, is told", () => {
  const { detail } = JSON.parse(String(inputsOf(usual, "pbx-session-not-logged")["eventPattern"])) as {
    detail: Record<string, unknown>;
  };
  expect(detail).toEqual({
    eventSource: ["ssm.amazonaws.com"],
    eventName: ["StartSession"],
    requestParameters: {
      target: ["i-1"],
      $or: [
        { documentName: [{ exists: false }] },
        { documentName: [{ "anything-but": [sessionDocument.name, sessionDocument.arn] }] },
      ],
    },
  });
  expect(inputsOf(usual, "pbx-session-not-logged-mail")["arn"]).toBe("topic");
});
