import { readFileSync } from "node:fs";
import path from "node:path";
import type { AwsHost } from "./aws-host";

/** What each user got in each way: the keys of the host's role, or why not. */
export type Answers = Readonly<Record<string, Readonly<Record<string, string>>>>;

const script = readFileSync(path.join(__dirname, "ask-metadata.py"), "utf8");
const held = { unit: "held-question", said: "/run/held-answer", now: "/run/ask-now" };

/** Asks the metadata service on the host as each of the users. */
export async function askMetadata(host: AwsHost, users: readonly string[]): Promise<Answers> {
  return JSON.parse(await host.must("python3", "-Ic", script, ...users)) as Answers;
}

/** Has a user connect to the metadata service and wait; its question comes with {@link heldAnswer}. */
export async function holdConnection(host: AwsHost, user: string): Promise<void> {
  const { unit, said, now } = held;
  const start = ["systemd-run", "--quiet", `--unit=${unit}`, `--uid=${user}`, `--property=StandardOutput=file:${said}`];
  await host.must(...start, "python3", "-Ic", script, "hold", now);
  await host.must("sh", "-c", `until grep -q connected ${said}; do systemctl -q is-active ${unit}; sleep 0.1; done`);
}

/** What came over the connection that {@link holdConnection} opened, when it is asked now. */
export async function heldAnswer(host: AwsHost): Promise<string> {
  const { unit, said, now } = held;
  return host.must("sh", "-c", `touch ${now}; while systemctl -q is-active ${unit}; do sleep 0.1; done; cat ${said}`);
}
