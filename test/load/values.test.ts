import ipaddr from "ipaddr.js";
import { waitUntil } from "../e2e/peers/peer-process";
import { token } from "../e2e/peers/sip-message";
import { parametersIn } from "./parts/parameters";
import { sendAll } from "./parts/sip-from-anywhere";
import type { PortRange } from "../../core/profile/call-limits";
import { PhoneTransport } from "../../core/spec/spec";
import { bootPbx, scenarios, type BootedPbx } from "./parts/staged-pbx";

const stranger = { ipv4: "203.0.113.200", ipv6: "2001:db8:bad::200" };

/** The second address of a network, or the only one. */
function memberOf(network: string): string {
  const [address, bits] = ipaddr.parseCIDR(network);
  const bytes = address.toByteArray();
  if (bits < bytes.length * 8) bytes.push((bytes.pop() ?? 0) + 1);
  return ipaddr.fromByteArray(bytes).toString();
}

/** What bounds a silent call, and where its audio is. */
function mediaOf({ scenario }: BootedPbx, { from, to }: PortRange) {
  const { silentCallSeconds, silentHoldSeconds, keepaliveSeconds } = scenario.profile.timeouts;
  return {
    rtp_timeout: String(silentCallSeconds),
    rtp_timeout_hold: String(silentHoldSeconds),
    rtp_keepalive: String(keepaliveSeconds),
    rtp_port_start: String(from),
    rtp_port_end: String(to),
  };
}

describe.each(scenarios)("in effect on scenario %s", (name) => {
  let pbx: BootedPbx;
  const ask = async (command: string) => parametersIn(await pbx.asterisk.ask(command));
  const userOf = (phone: string) => pbx.scenario.values[`phone.${phone}.user`] ?? "";
  beforeAll(async () => {
    pbx = await bootPbx(name);
  }, 120_000);
  afterAll(async () => {
    await pbx.host.close();
  });

  test("every phone is one endpoint with its context and its limits", async () => {
    const { phones } = pbx.scenario.profile;
    expect(phones.length).toBeGreaterThan(0);
    for (const phone of phones) {
      const user = userOf(phone.name);
      const endpoint = await ask(`pjsip show endpoint ${user}`);
      const expected = {
        context: phone.context,
        identify_by: "username",
        auth: user,
        aors: user,
        acl: "deny/permit",
        allow_transfer: String(phone.mayTransfer),
        TRANSFER_CONTEXT: "dial-internal",
        FORWARD_CONTEXT: "dial-internal",
        allow_subscribe: "false",
        allow_unauthenticated_options: "false",
        trust_id_inbound: "false",
        direct_media: "false",
        accountcode: phone.name,
        ...mediaOf(pbx, pbx.scenario.profile.callLimits.phonePorts),
        timers: "always",
        timers_sess_expires: "90",
        timers_min_se: "90",
        sdp_session: "PBX",
        message_context: "",
      };
      expect(Object.fromEntries(Object.keys(expected).map((key) => [key, endpoint.get(key)]))).toEqual(expected);
      for (const { trunk, e164 } of phone.outsideCallerIds)
        expect(endpoint.get(`OUTSIDE_CALLER_ID_${trunk}`)).toBe(e164);
      const aor = await ask(`pjsip show aor ${user}`);
      expect([aor.get("max_contacts"), aor.get("remove_existing"), aor.get("contact")]).toEqual(["1", "true", ""]);
      expect(Number(aor.get("maximum_expiration"))).toBeLessThanOrEqual(3600);
      expect(aor.get("qualify_frequency")).toBe(phone.transport === PhoneTransport.Udp ? "25" : "60");
      const auth = await ask(`pjsip show auth ${user}`);
      expect([auth.get("auth_type"), auth.get("password"), auth.get("realm")]).toEqual(["digest", "", "pbx"]);
    }
    const registered = pbx.scenario.profile.trunks.filter(({ registration }) => registration !== undefined).length;
    const auths = await pbx.asterisk.ask("pjsip show auths");
    expect(auths).toContain(`Objects found: ${phones.length + registered}`);
    const { trunks: carriers } = pbx.scenario.profile;
    const trunks = carriers.length + 2 * carriers.filter(({ server }) => server !== undefined).length;
    expect(await pbx.asterisk.ask("pjsip show endpoints")).toContain(`Objects found: ${phones.length + trunks + 1}`);
  });

  test("a phone is challenged from each of its networks and refused from elsewhere", async () => {
    const listed = pbx.scenario.profile.phones.filter(({ networks }) => networks.length > 0);
    const probes = listed.flatMap(({ name: phone, networks }) => [
      ...networks.map((network) => ({ user: userOf(phone), from: memberOf(network), callId: token(), refused: false })),
      { user: userOf(phone), from: stranger.ipv4, callId: token(), refused: true },
    ]);
    // A phone on the road is let through here from anywhere; the firewall lets strangers speak over TLS only.
    const roaming = pbx.scenario.profile.phones.filter(({ networks }) => networks.length === 0);
    for (const { name: phone } of roaming)
      probes.push({ user: userOf(phone), from: stranger.ipv4, callId: token(), refused: false });
    expect(probes.length).toBeGreaterThan(0);
    const answers = await sendAll(pbx.host, probes);
    expect(answers.map((answer) => answer?.status)).toEqual(probes.map(() => 401));
    const log = () => pbx.host.read("/var/log/asterisk/security.log").split("\n");
    const events = (callId: string) => log().filter((line) => line.includes(callId));
    const last = probes.at(-1)?.callId ?? "";
    await waitUntil(
      () => events(last).length > 0,
      5_000,
      () => "the security log lacks the last probe",
    );
    for (const { callId, refused, from } of probes) {
      const failed = events(callId).filter((line) => line.includes('SecurityEvent=\\"FailedACL\\"'));
      expect({ from, failed: failed.length }).toEqual({ from, failed: refused ? 1 : 0 });
    }
  });

  test("known and unknown names, listed and foreign sources get the same answer", async () => {
    const [phone] = pbx.scenario.profile.phones;
    const answers = await sendAll(pbx.host, [
      { user: userOf(phone?.name ?? ""), from: stranger.ipv4 },
      { user: "nobody", from: stranger.ipv4 },
      ...(phone?.networks ?? []).map((network) => ({ user: userOf(phone?.name ?? ""), from: memberOf(network) })),
    ]);
    const shape = answers.map((answer) => ({
      status: answer?.status,
      headers: [...(answer?.headers.keys() ?? [])],
      server: answer?.headers.get("server"),
      challenges: answer?.headers.get("www-authenticate")?.map((text) => text.replace(/(nonce|opaque)="[^"]*"/g, "")),
    }));
    for (const one of shape) expect(one).toEqual(shape[0]);
    expect(shape[0]).toMatchObject({ status: 401, server: ["PBX"] });
  });

  test("the trunk is known by its addresses alone, and by nobody else's", async () => {
    const { trunks } = pbx.scenario.profile;
    const byAddress = trunks.filter(({ registration }) => registration === undefined);
    const identifies = await pbx.asterisk.ask("pjsip show identifies");
    const matches = [...identifies.matchAll(/^\s+Match: (\d\S*)$/gm)].map(([, network]) => network);
    expect(matches.sort()).toEqual(byAddress.flatMap(({ signalling }) => signalling).sort());
    const bringing = trunks.filter(({ numbers }) => numbers.length > 0).map(({ name: trunk }) => trunk);
    const { trunkPorts, outboundPorts } = pbx.scenario.profile.callLimits;
    const portsOf = (trunk: string) => trunkPorts[bringing.indexOf(trunk)] ?? outboundPorts;
    for (const { name: trunk, server } of trunks) {
      const endpoint = await ask(`pjsip show endpoint ${trunk}.inbound`);
      const expected = {
        context: `from-${trunk}`,
        identify_by: "ip",
        auth: "",
        allow_transfer: "false",
        TRANSFER_CONTEXT: "nowhere",
        FORWARD_CONTEXT: "nowhere",
        allow_subscribe: "false",
        trust_id_inbound: "false",
        direct_media: "false",
        rtp_symmetric: "false",
        ...mediaOf(pbx, portsOf(trunk)),
      };
      expect(Object.fromEntries(Object.keys(expected).map((key) => [key, endpoint.get(key)]))).toEqual(expected);
      if (server !== undefined) {
        const outward = await ask(`pjsip show endpoint ${trunk}`);
        expect(["rtp_port_start", "rtp_port_end"].map((key) => outward.get(key))).toEqual([
          String(outboundPorts.from),
          String(outboundPorts.to),
        ]);
      }
    }
    const names = trunks.flatMap(({ name: trunk }) => [trunk, `${trunk}.inbound`, `${trunk}.emergency`]);
    const byName = await sendAll(
      pbx.host,
      names.map((user) => ({ user, from: stranger.ipv4, method: "INVITE" })),
    );
    expect(byName.map((answer) => answer?.status)).toEqual(names.map(() => 401));
  }, 20_000);

  test("audio keeps to its ports and to its sources", async () => {
    const rtp = await ask("rtp show settings");
    const { from, to } = pbx.scenario.profile.rtp;
    const expected = { "Port start": `${from}`, "Port end": `${to}`, "Strict RTP": "Yes", "Replay Protect": "Yes" };
    expect(Object.fromEntries(Object.keys(expected).map((key) => [key, rtp.get(key)]))).toEqual(expected);
    expect([rtp.get("ICE support"), rtp.get("STUN"), rtp.get("Probation")]).toEqual(["No", "disabled", "4 frames"]);
  });

  test("Asterisk itself runs as its user, without shell, dumps, managers or web", async () => {
    const settings = await ask("core show settings");
    const expected = {
      "User name and group": "asterisk/asterisk",
      "Executable includes": "Disabled",
      "Shell on remote consoles": "Disabled",
      "Dump core on crash": "No",
      "Manager (AMI)": "Disabled",
      "Web Manager (AMI/HTTP)": "Disabled",
      "Call data records": "Enabled",
      "Maximum calls": `${pbx.scenario.profile.callLimits.allCalls} (Current 0)`,
    };
    expect(Object.fromEntries(Object.keys(expected).map((key) => [key, settings.get(key)]))).toEqual(expected);
    expect(await pbx.asterisk.ask("http show status")).toMatch(/^Server Disabled$/m);
    expect((await ask("manager show settings")).get("Manager (AMI)")).toBe("No");
    const global = await ask("pjsip show settings");
    const keys = ["user_agent", "default_realm", "endpoint_identifier_order", "ignore_uri_user_options"];
    expect(keys.map((key) => global.get(key))).toEqual(["PBX", "pbx", "header,ip,username", "true"]);
  });

  test("it listens for SIP and for nothing else that strangers could name", async () => {
    const listening = await pbx.host.run(["ss", "-lntH"]);
    const ports = new Set(
      listening.stdout
        .trim()
        .split("\n")
        .map((row) => row.trim().split(/\s+/)[3] ?? row),
    );
    const { sipPort } = pbx.scenario.profile;
    expect([...ports].filter((port) => !port.endsWith(`:${sipPort}`) && !port.endsWith(":5061"))).toEqual([]);
    expect(ports).toContain(`0.0.0.0:${sipPort}`);
  });
});
