import { spawn } from "node:child_process";
import path from "node:path";
import { endProcess, waitUntil } from "../e2e/peers/peer-process";
import { bootPbx, type BootedPbx } from "./parts/staged-pbx";

/** Addresses of the scenario: a public carrier; a carrier's and a phone's in 100.64.0.0/10; both in 198.18.0.0/15, which is listed. */
const [outside, inside] = ["192.0.2.2", ["100.64.9.9", "100.64.5.2", "198.18.9.9", "198.18.5.2"]] as const;
const port = 5070;
const external = "203.0.113.99";
const nameOf = (address: string) => `probe-${address.replaceAll(".", "-")}`;

/** An endpoint for each address, which the console can have asked with OPTIONS. */
function withProbes(text: string): string {
  const sections = [outside, ...inside].map((address) => {
    const name = nameOf(address);
    return `\n[${name}]\ntype = aor\ncontact = sip:${address}:${port}\n\n[${name}]\ntype = endpoint\naors = ${name}\ntransport = transport-udp\n`;
  });
  return text + sections.join("");
}

let pbx: BootedPbx;

beforeAll(async () => {
  pbx = await bootPbx("office-behind-nat", { "/etc/asterisk/pjsip.conf": withProbes });
}, 120_000);
afterAll(() => pbx.host.close());

test("the inside is told the machine's own address, the outside the external one", async () => {
  const script = path.join(__dirname, "parts/first-contact.py");
  const argv = pbx.host.onNetwork(["python3", "-B", script, `${port}`, outside, ...inside]);
  const [command = "", ...words] = argv;
  const listener = spawn(command, words, { stdio: "pipe" });
  let said = "";
  for (const stream of [listener.stdout, listener.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  const explain = () => `the listener says: ${said}`;
  try {
    await waitUntil(() => said.includes("ready\n"), 10_000, explain);
    for (const address of [outside, ...inside]) await pbx.asterisk.ask(`pjsip qualify ${nameOf(address)}`);
    await waitUntil(() => said.includes("}"), 30_000, explain);
  } finally {
    await endProcess(listener);
  }
  const told = JSON.parse(said.split("\n")[1] ?? "") as Record<string, string>;
  // The stage has all these addresses itself, and a packet to one of them leaves from it.
  const own = Object.fromEntries(inside.map((address) => [address, address]));
  expect(told).toEqual({ [outside]: external, ...own });
}, 60_000);
