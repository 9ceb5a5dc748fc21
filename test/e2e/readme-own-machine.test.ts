import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { PhoneCard } from "../../components/asterisk-host-args";
import { downSandbox, execOn, upSandbox, type Sandbox } from "../../sandbox/sandbox";
import { OperatorDesk } from "./own-machine/operator-desk";
import { linesToType, settingOf } from "./own-machine/page";
import { startPhone, type Phone } from "./peers/phone";

const minutes = 60_000;
let sandbox: Sandbox | undefined;
let desk: OperatorDesk | undefined;
const phones: Phone[] = [];

afterEach(async () => {
  await Promise.all(phones.splice(0).map((phone) => phone.stop()));
  await desk?.close();
  if (sandbox !== undefined) {
    rmSync(phoneFolder(sandbox), { recursive: true, force: true });
    await downSandbox(sandbox.name);
  }
  [desk, sandbox] = [undefined, undefined];
}, minutes);

const phoneFolder = ({ name }: Sandbox) => `/run/hardened-asterisk-own-machine-${name}`;

/** Runs a script on the machine as root, whatever its SSH service says. */
async function onMachine(script: string): Promise<void> {
  if (sandbox === undefined) throw new Error("no machine is up");
  const { code, stdout, stderr } = await execOn(sandbox, "pbx", ["sh", "-euc", script], { timeout: minutes });
  if (code !== 0) throw new Error(`${script}:\n${stdout}${stderr}`);
}

/** Boots a machine and sets up a desk whose key it accepts as root; the sandbox has the addresses of README's example. */
async function begin(name: string, passphrase?: string): Promise<{ desk: OperatorDesk; sandbox: Sandbox }> {
  await downSandbox(name);
  sandbox = await upSandbox({ name, image: "bare" });
  desk = await OperatorDesk.open(sandbox, passphrase);
  await onMachine(`printf '%s' '${await desk.publicKey}' > /root/.ssh/authorized_keys`);
  return { desk, sandbox };
}

/** Starts a phone of the office with what the terminal showed, and waits for its registration. */
async function registers(name: string, shown: string, at: Sandbox): Promise<Phone> {
  const cards = JSON.parse(shown.slice(shown.indexOf("{"), shown.lastIndexOf("}") + 1)) as Record<string, PhoneCard>;
  const card = cards[name];
  if (card === undefined) throw new Error(`the terminal showed no card of ${name}: ${Object.keys(cards).join(", ")}`);
  const directory = path.join(phoneFolder(at), name);
  mkdirSync(phoneFolder(at), { recursive: true, mode: 0o700 });
  const caFile = path.join(phoneFolder(at), `${name}.pem`);
  writeFileSync(caFile, card.caCertificate ?? "");
  const phone = await startPhone({
    namespace: at.namespaces.office,
    address: at.addresses.office[Object.keys(cards).indexOf(name)] ?? "",
    user: card.user,
    password: card.password,
    domain: card.domain,
    port: card.port,
    transport: card.transport as "udp" | "tls",
    tone: 440,
    directory,
    autoAnswer: true,
    ...(card.caCertificate === undefined ? {} : { caFile }),
  });
  phones.push(phone);
  await phone.waitRegistered(20_000);
  return phone;
}

/** What the last lines of the page must lead to: cards, and two phones that call each other with them. */
async function callsWith(shown: readonly string[], at: Sandbox): Promise<void> {
  const [credentials = "", card = ""] = shown.slice(-2);
  expect(card).toMatch(/van/);
  expect(card).toMatch(/[▀▄█]{8}/);
  const reception = await registers("reception", credentials, at);
  const van = await registers("van", credentials, at);
  await reception.call("104");
  await reception.waitEstablished(15_000);
  expect(van.inCall).toBe(true);
  await reception.hangup();
}

/** What docs/operating.md says of an `up` that fails: the outputs are printed as if gone, and are still there. */
async function keepsCredentials(at: OperatorDesk, before: string): Promise<void> {
  await at.type(["pulumi config set pbx:port 2222", "pulumi config set pbx:waitSeconds 3"]);
  const [failed = ""] = await at.type(["pulumi up --yes || true"]);
  expect(failed).toMatch(/connection\.host: 203\.0\.113\.10:2222|no answer from 203\.0\.113\.10:2222/);
  const [after = ""] = await at.type(["pulumi stack output credentials --show-secrets"]);
  expect(passwordOf(after)).toBe(passwordOf(before));
}

function passwordOf(shown: string): string {
  const [, password] = /"password": *"([^"]{20,})"/.exec(shown) ?? [];
  if (password === undefined) throw new Error(`no password is shown:\n${shown}`);
  return password;
}

test(
  "README's lines, typed in their order on a computer that has never seen Pulumi, as root with a plain key",
  async () => {
    const { desk, sandbox } = await begin("testreadmeroot");
    const shown = await desk.type(linesToType());
    await callsWith(shown, sandbox);
    expect(desk.newFiles().sort()).toEqual(["Pulumi.office.yaml", "office.yaml"]);
    await keepsCredentials(desk, shown.at(-2) ?? "");
  },
  20 * minutes,
);

test(
  "the same as a user who may sudo, at another port, with a key that has a passphrase",
  async () => {
    const { desk, sandbox } = await begin("testreadmesudo", "a passphrase of this test");
    await onMachine(`
      apt-get --quiet=2 update && apt-get --quiet=2 --yes install sudo >/dev/null 2>&1
      useradd --create-home --shell /bin/bash admin
      install -d -m 0700 -o admin -g admin /home/admin/.ssh
      install -m 0600 -o admin -g admin /root/.ssh/authorized_keys /home/admin/.ssh/authorized_keys
      rm /root/.ssh/authorized_keys
      echo 'admin ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/admin
      echo 'Port 2222' > /etc/ssh/sshd_config.d/port.conf
      systemctl restart ssh`);
    // What the page's table tells to change, written out here.
    const lines = linesToType().flatMap((line) => {
      if (!line.includes("pbx:hostKey")) return [line];
      const keys = ["pbx:user", "pbx:port", "pbx:privateKeyPassword"];
      return [line.replace("ssh root@", "ssh -p 2222 admin@"), ...keys.map(settingOf)];
    });
    const start = lines.indexOf("pulumi up");
    await desk.type(lines.slice(0, start));
    // Who forgets the port in the spec is told before anything is changed.
    const [refused] = await desk.type(["pulumi up --yes || true"]);
    expect(refused).toMatch(/sshPort: is 22, .* came in at port 2222 .*set sshPort: 2222 in the spec/);
    await desk.type(["echo 'sshPort: 2222' >> office.yaml"]);
    await callsWith(await desk.type(lines.slice(start)), sandbox);
  },
  20 * minutes,
);
