import type { PhoneCard } from "../../components/asterisk-host-args";
import type { PbxSpec } from "../../core/spec/spec";
import { Installation } from "../../tools/operator/installation";
import { clearly, talk } from "./office-calls";
import type { Phone } from "./peers/phone";
import { registerGuesses } from "./peers/stranger";
import { handshake as tlsHandshake, makeOtherAuthority } from "./peers/tls-client";
import { ask, onHost } from "./scenario";

const name = "testroaming";
const minutes = 60_000;
const spec: PbxSpec = {
  country: "JP",
  admins: ["198.51.100.7/32"],
  phones: {
    reception: { number: "101", networks: ["198.51.100.0/24"] },
    van: { number: "104", roaming: true },
    // Behind a router: the address the PBX sees is the router's.
    warehouse: { number: "103", networks: ["100.64.7.2/32"] },
    desk: { number: "105", networks: ["198.51.100.0/24"], transport: "tcp" },
  },
};

let pbx: Installation;
let reception: Phone;

beforeAll(async () => {
  pbx = await Installation.open({ name, spec });
  await pbx.stack.up();
  reception = await pbx.register("reception");
}, 5 * minutes);

afterAll(async () => {
  await pbx.hangUp();
  await Installation.remove(name);
}, minutes);

test(
  "a phone on the road, behind a router, registers over TLS and talks over SRTP, both ways",
  async () => {
    const van = await pbx.register("van", "home");
    expect(await ask(pbx, "pjsip show contacts")).toMatch(/Contact: +van-\S+ .*Avail/);
    for (const { share } of await talk(van, "101", reception)) expect(share).toBeGreaterThan(clearly);
    for (const { share } of await talk(reception, "104", van)) expect(share).toBeGreaterThan(clearly);
  },
  2 * minutes,
);

test(
  "a phone behind a router, over UDP, is called and talks both ways",
  async () => {
    const warehouse = await pbx.register("warehouse", "home");
    for (const { share } of await talk(reception, "103", warehouse)) expect(share).toBeGreaterThan(clearly);
  },
  2 * minutes,
);

test(
  "a phone over TCP is called and talks both ways",
  async () => {
    const desk = await pbx.register("desk");
    for (const { share } of await talk(reception, "105", desk)) expect(share).toBeGreaterThan(clearly);
  },
  2 * minutes,
);

describe("what a phone on the road sees of the PBX", () => {
  /** From a stranger's address. */
  const handshake = (...options: string[]) =>
    tlsHandshake({ namespace: pbx.sandbox.namespaces.attacker, target: pbx.sandbox.addresses.pbx }, ...options);

  test(
    "the certificate is trusted with the CA from the credentials, for the address phones use",
    async () => {
      const cards = await pbx.stack.output<Record<string, PhoneCard>>("credentials");
      const ca = pbx.keep("ca.pem", cards["van"]?.caCertificate ?? "");
      const { stdout, code } = await handshake("-CAfile", ca, "-verify_ip", pbx.sandbox.addresses.pbx);
      expect([code, stdout]).toEqual([0, expect.stringContaining("Verify return code: 0 (ok)")]);
      expect((await handshake("-CAfile", ca, "-verify_ip", "203.0.113.11")).code).not.toBe(0);
    },
    minutes,
  );

  test(
    "with another CA it is refused by certificate verification",
    async () => {
      const other = pbx.keep("other.key", "");
      const certificate = pbx.keep("other.pem", "");
      await makeOtherAuthority(other, certificate);
      const { code, stderr, stdout } = await handshake("-CAfile", certificate);
      expect([code === 0, `${stdout}${stderr}`]).toEqual([
        false,
        expect.stringMatching(/verify error|verification failed|unable to get local issuer/i),
      ]);
    },
    minutes,
  );

  test.each(["-tls1", "-tls1_1"])(
    "no handshake with %s",
    async (version) => {
      expect((await handshake(version, "-cipher", "ALL:@SECLEVEL=0")).code).not.toBe(0);
    },
    minutes,
  );

  test.each(["aNULL:@SECLEVEL=0", "RC4:3DES:@SECLEVEL=0", "AES128-SHA:AES256-SHA"])(
    "no handshake with weak ciphers %s",
    async (ciphers) => {
      expect((await handshake("-tls1_2", "-cipher", ciphers)).code).not.toBe(0);
    },
    minutes,
  );
});

test(
  "a stranger still gets no answer over UDP",
  async () => {
    const stranger = {
      namespace: pbx.sandbox.namespaces.attacker,
      address: pbx.sandbox.addresses.attacker[5] ?? "",
      target: pbx.sandbox.addresses.pbx,
    };
    const guesses = await registerGuesses(stranger, ["104", "van"], ["104", "1234"]);
    expect(guesses.map(({ status }) => status)).toEqual(guesses.map(() => "no answer"));
  },
  minutes,
);

test(
  "the CA's key is root's alone, and the service cannot write its certificate",
  async () => {
    expect((await onHost(pbx, "stat", "-c", "%U %a", "/etc/hardened-asterisk/tls/ca.key")).trim()).toBe("root 600");
    expect((await onHost(pbx, "stat", "-c", "%U:%G %a", "/etc/hardened-asterisk/tls/host.pem")).trim()).toBe(
      "root:asterisk 640",
    );
  },
  minutes,
);
