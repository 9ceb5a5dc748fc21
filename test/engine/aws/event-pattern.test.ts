import * as pulumi from "@pulumi/pulumi";
import { eventAlarms } from "../../../components/aws/event-alarms";
import { awsPart } from "../../../components/aws/part";
import { run } from "../../../sandbox/command";
import { inputsOf } from "../../components/aws/made";
import { madeBy } from "../../components/aws/made-by-program";
import { ensureMoto } from "../../e2e/aws/cloud";

const sessionDocument = { name: "pbx-session", arn: "arn:aws:ssm:eu-central-1:123456789012:document/pbx-session" };

/** moto's own matcher of EventBridge's patterns; AWS's was not asked. */
const matcher = `
import json, sys
from moto.events.models import EventPattern
pattern, events = json.load(sys.stdin)
print(json.dumps([EventPattern.load(pattern).matches_event(event) for event in events]))
`;

/** What CloudTrail tells EventBridge of a request to start a session. */
const started = (requestParameters: Record<string, string>, eventName = "StartSession") => ({
  source: "aws.ssm",
  "detail-type": "AWS API Call via CloudTrail",
  detail: { eventSource: "ssm.amazonaws.com", eventName, requestParameters },
});

test(
  "a session by no document or by another one is told, one by ours or on another machine is not",
  async () => {
    const made = await madeBy(() => {
      const part = awsPart("pbx", new pulumi.ComponentResource("test:index:Parent", "pbx"), {});
      const notifications = { topicArn: pulumi.output("topic") };
      eventAlarms(part, { notifications, instanceId: "i-1", backupVault: "vault", sessionDocument });
    });
    const events: [boolean, unknown][] = [
      [true, started({ target: "i-1" })],
      [true, started({ target: "i-1", documentName: "SSM-SessionManagerRunShell" })],
      [true, started({ target: "i-1", documentName: "AWS-StartPortForwardingSession" })],
      [false, started({ target: "i-1", documentName: sessionDocument.name })],
      [false, started({ target: "i-1", documentName: sessionDocument.arn })],
      [false, started({ target: "i-2" })],
      [false, started({ target: "i-1" }, "TerminateSession")],
    ];
    const input = JSON.stringify([
      inputsOf(made, "pbx-session-not-logged")["eventPattern"],
      events.map(([, one]) => one),
    ]);
    const answer = await run([await ensureMoto(), "-c", matcher], { input, timeout: 60_000 });
    expect(JSON.parse(answer)).toEqual(events.map(([told]) => told));
  },
  8 * 60_000,
);
