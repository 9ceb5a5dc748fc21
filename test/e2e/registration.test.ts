import path from "node:path";
import type { PbxSpec } from "../../core/spec/spec";
import { execOn } from "../../sandbox/sandbox";
import { Installation } from "../../tools/operator/installation";
import { outcomeOf, ring } from "./office-calls";
import { placeCall, startCarrier, type Carrier } from "./peers/carrier";
import type { Phone } from "./peers/phone";
import { ask, onHost } from "./scenario";

const name = "testregister";
const minutes = 60_000;
/** The registrar is the twin, an Asterisk set up by somebody else: its account 102 has the password 102. */
const account = { user: "102", password: "102" };

const specWith = (realm: string): PbxSpec => ({
  country: "JP",
  admins: ["198.51.100.7/32"],
  phones: { reception: { number: "101", networks: ["198.51.100.0/24"], mayDial: ["internal", "national"] } },
  trunks: {
    account: {
      signalling: ["203.0.113.20/32"],
      register: { server: "203.0.113.20", user: account.user, realm },
      numbers: { "+81312345678": "reception" },
    },
  },
});

let pbx: Installation;
let carrier: Carrier | undefined;
let reception: Phone;

const folder = (part: string) => path.join("/run", `hardened-asterisk-installation-${name}`, part);

async function askTwin(command: string): Promise<string> {
  const { stdout } = await execOn(pbx.sandbox, "twin", ["asterisk", "-rx", command]);
  return stdout;
}

/** Waits until the console's answer to `command` matches. */
async function waitFor(command: string, expected: RegExp): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (let said = ""; ;) {
    said = await ask(pbx, command);
    if (expected.test(said)) return;
    if (Date.now() > deadline) throw new Error(`${command} says, after 30 s: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

beforeAll(async () => {
  pbx = await Installation.open({ name, spec: specWith("asterisk"), twin: true });
  await pbx.stack.setTrunkPassword("account", account.password);
  await pbx.stack.up();
  reception = await pbx.register("reception");
  // Beyond the registrar: where it sends what is not one of its extensions.
  carrier = await startCarrier({
    namespace: pbx.sandbox.namespaces.carrier,
    address: pbx.sandbox.addresses.carrier.signalling,
    directory: folder("carrier"),
  });
}, 5 * minutes);

afterAll(async () => {
  await carrier?.stop();
  await pbx.hangUp();
  await Installation.remove(name);
}, minutes);

test(
  "the registrar takes the registration",
  async () => {
    await waitFor("pjsip show registrations", /account\/sip:203\.0\.113\.20:5060\s+account\s+Registered/);
    expect(await askTwin("pjsip show contacts")).toMatch(/102\/sip:102@203\.0\.113\.10:5060/);
  },
  minutes,
);

test(
  "a call over the registration rings the phone behind the account's number",
  async () => {
    await askTwin("channel originate PJSIP/102 application Echo");
    await reception.waitEstablished(ring);
    await reception.hangup();
  },
  minutes,
);

test(
  "a call from the registrar's address, but not over the registration, is refused",
  async () => {
    for (const number of ["102", "+81312345678", "101"]) {
      const { status } = await placeCall({
        namespace: pbx.sandbox.namespaces.twin ?? "",
        address: pbx.sandbox.addresses.twin,
        directory: folder("inbound"),
        target: pbx.sandbox.addresses.pbx,
        number,
        caller: "account",
        seconds: 1,
      });
      expect([number, status]).toEqual([number, 401]);
    }
  },
  minutes,
);

test(
  "a call to the outside goes out over the account",
  async () => {
    expect(await outcomeOf(reception, "110")).toBe("put through");
    expect(((await carrier?.invites()) ?? []).map(({ number }) => number)).toEqual(["110"]);
  },
  minutes,
);

test("the file with the password is for root and Asterisk alone", async () => {
  expect((await onHost(pbx, "stat", "-c", "%U:%G %a", "/etc/asterisk/pjsip.conf")).trim()).toBe("root:asterisk 640");
  expect((await onHost(pbx, "stat", "-c", "%U %a", "/var/lib/hardened-asterisk")).trim()).toBe("root 700");
});

test(
  "a challenge with another realm gets no digest",
  async () => {
    pbx.stack.setSpec(specWith("carrier.example"));
    await pbx.stack.up();
    // A registration that is in force is refreshed in its own time; this asks for it now.
    await ask(pbx, "pjsip send register account");
    await waitFor("pjsip show registrations", /account\s+(Rejected|Unregistered|Stopped)/);
  },
  2 * minutes,
);
