import { logEvents } from "../../components/aws/log-events";
import { savedQueries } from "../../components/aws/saved-queries";
import { logStreamContents, logStreams } from "../../core/bundle/log-streams";

const head = `# What happened? Logs, alarms and questions on AWS

Generated from \`components/aws/\` by \`npm run generate\`.

Whoever breaks into a PBX removes its logs. On AWS they leave the machine within seconds, into log groups that the machine can only add
to, and from there into a bucket whose objects are locked: the machine's own rights, and an owner's in one step, are not enough to
change what was written.

## When an alarm comes

1. **Do not stop or replace the instance yet**; it forgets what is in its memory. If money is at stake, set
   \`endCalls: true\` in the spec, take the phone out of it and run \`pulumi up\`: its calls end, logs stay. Without its trunk the PBX
   begins no call to the outside; those that are up end with \`asterisk -rx "channel request hangup all"\`.
2. Open CloudWatch → Logs Insights → Saved queries → the folder of your PBX, and choose the days.
3. Ask the questions below in their order. A query that finds nothing is an answer too.
4. Change \`generation\` of the phones whose accounts were tried with success; their passwords are new with the next \`up\`.

## Where what is

Each stream is a log group \`/hardened-asterisk/<project>/<stack>/<name>/<stream>\`, kept for a year, encrypted with a key of yours.
`;

const questions = "## Questions\n";

const counted = `## What is counted

Each is a metric in the namespace \`hardened-asterisk/<project>/<stack>/<name>\`; the alarms on them are mailed with what they mean. An alarm that has
nothing to go by says so too.
`;

const limits = `## What this does not see

- A line leaves the machine a few seconds after it was written. An intruder who is root within that time can keep his last lines back,
  not earlier ones; the heartbeat then stops, which is an alarm.
- \`ChallengeSent\`, the first half of every honest login, is left out: a stranger could otherwise make the bill grow. What he sends beyond
  that is bounded by the firewall's limits on the host.
- \`audit\` and \`firewall\` are written by the kernel of a real machine; no container has them, so their lines are not among those that the tests
  record: what is counted of them is tested against lines made after the kernel's documentation.
- Who used your AWS account is in CloudTrail, which belongs to the account and not to one PBX.
- The archive of a PBX that is destroyed stays until its lock ends; \`pulumi destroy\` says so.
`;

/** The page for the morning after: streams, questions, metrics. */
export function whatHappenedPage(): string {
  const streams = logStreams.map((stream) => `| \`${stream}\` | ${logStreamContents[stream]} |`);
  const asked = savedQueries.map(({ name, question, streams: read, text }) =>
    [
      `### ${question}`,
      "",
      `Query \`${name}\`, over ${read.map((stream) => `\`${stream}\``).join(", ")}:`,
      "",
      "```text",
      text,
      "```",
      "",
    ].join("\n"),
  );
  const metrics = logEvents({ trunks: [{ name: "carrier", server: "192.0.2.2:5060" }], phones: [] }).map(
    ({ metric, stream, pattern }) => `| ${metric} | \`${stream}\` | \`${pattern.replaceAll("|", "\\|")}\` |`,
  );
  return [
    head,
    ["| stream | what is in it |", "|---|---|", ...streams, ""].join("\n"),
    questions,
    ...asked,
    counted,
    ["| metric | stream | lines that match |", "|---|---|---|", ...metrics, ""].join("\n"),
    limits,
  ].join("\n");
}
