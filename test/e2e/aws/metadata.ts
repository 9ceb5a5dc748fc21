import { readFileSync } from "node:fs";
import path from "node:path";
import { inNamespace, run } from "../../../sandbox/command";
import type { AwsHost } from "./aws-host";

/** What each user got in each way: the keys of the host's role, or why not. */
type Answers = Readonly<Record<string, Readonly<Record<string, string>>>>;

const script = readFileSync(path.join(__dirname, "ask-metadata.py"), "utf8");
const minutes = 60_000;
/** What somebody hears whom the firewall refuses. */
const refusal = expect.stringMatching(/No route to host|Permission denied|not permitted/) as string;
const held = { unit: "held-question", said: "/run/held-answer", now: "/run/ask-now" };

/** Asks the metadata service on the host as each of the users. */
async function askMetadata(host: AwsHost, users: readonly string[]): Promise<Answers> {
  return JSON.parse(await host.must("python3", "-Ic", script, ...users)) as Answers;
}

/** Has a user connect to the metadata service and wait; its question comes with {@link heldAnswer}. */
export async function holdConnection(host: AwsHost, user: string): Promise<void> {
  const { unit, said, now } = held;
  const start = ["systemd-run", "--quiet", `--unit=${unit}`, `--uid=${user}`, `--property=StandardOutput=file:${said}`];
  await host.must(...start, "python3", "-Ic", script, "hold", now);
  await host.must(
    "sh",
    "-c",
    `until grep -q connected ${said}; do systemctl -q is-active ${unit} || exit 1; sleep 0.1; done`,
  );
}

/** What came over the connection that {@link holdConnection} opened, when it is asked now. */
async function heldAnswer(host: AwsHost): Promise<string> {
  const { unit, said, now } = held;
  return host.must("sh", "-c", `touch ${now}; while systemctl -q is-active ${unit}; do sleep 0.1; done; cat ${said}`);
}

/** Declares the tests of who gets the keys of the host's role; a connection of nobody's is held since before the firewall. */
export function metadataCases(opened: () => AwsHost): void {
  test(
    "root and the agent that sends logs get the keys of the host's role, and nobody else does",
    async () => {
      await opened().must("useradd", "clerk");
      const users = ["root", "cwagent", "asterisk", "nobody", "clerk"];
      const { root, cwagent, ...others } = await askMetadata(opened(), users);
      for (const user of [root, cwagent])
        for (const way of ["IPv4", "IPv6", "multipath TCP", "IPv4 of Azure", "IPv6 of Oracle"])
          expect(user?.[way]).toContain("secret-key-of-the-host");
      expect(Object.keys(others)).toHaveLength(3);
      for (const [user, { names, time, ...ways }] of Object.entries(others)) {
        expect(Object.keys(ways)).toHaveLength(6);
        for (const [way, answer] of Object.entries(ways)) expect([user, way, answer]).toEqual([user, way, refusal]);
        // A name server and a clock at the same address, as some clouds have them, stay within reach, but not for Asterisk.
        const elsewhere = user === "asterisk" ? refusal : (expect.stringMatching(/^ConnectionRefusedError/) as string);
        expect([user, names, time]).toEqual([user, elsewhere, elsewhere]);
      }
    },
    minutes,
  );

  test(
    "who asks the PBX from the address of such a service, as a load balancer does, is answered",
    async () => {
      const { sandbox } = opened();
      const probe =
        "import socket, sys; socket.create_connection((sys.argv[1], 5061), 10, (sys.argv[2], 0)); print('answered')";
      const asked = ["python3", "-c", probe, sandbox.addresses.pbx, "168.63.129.16"];
      expect(await run(inNamespace(sandbox.namespaces.internet, asked))).toBe("answered\n");
    },
    minutes,
  );

  test(
    "nor over a connection that was there before the firewall",
    async () => {
      expect(await heldAnswer(opened())).toMatch(/^connected\n\w+: /);
    },
    minutes,
  );
}
