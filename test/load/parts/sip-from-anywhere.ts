import path from "node:path";
import { run } from "../../../sandbox/command";
import { readResponse, token, writeRequest, type SipResponse } from "../../e2e/peers/sip-message";
import { pbxAddress, type StagedHost } from "./staged-host";

/** A request by whatever address; what a stranger chooses is neither checked nor escaped. */
export interface Probe {
  /** The source address, IPv4 or IPv6; one that the host was staged with. */
  readonly from: string;
  /** The user part of From and To. */
  readonly user: string;
  /** Default: `udp`. */
  readonly over?: "udp" | "tcp" | "tls";
  readonly method?: string;
  readonly callId?: string;
  /** The whole From header. Default: made of `user`. */
  readonly fromHeader?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const ports = { sip: "5060", tls: "5061" };
const patience = 600;

/** Sends requests one after the other and returns the answer to each; undefined when none came within 600 ms. */
export async function sendAll(host: StagedHost, probes: readonly Probe[]): Promise<(SipResponse | undefined)[]> {
  const script = path.join(__dirname, "exchange.py");
  const argv = ["python3", "-B", script, pbxAddress.ipv4, pbxAddress.ipv6, ports.sip, ports.tls, `${patience}`];
  const orders = probes.map((probe) => ({
    from: probe.from,
    over: probe.over ?? "udp",
    data: requestOf(probe).toString("base64"),
  }));
  const out = await run(host.onNetwork(argv), { input: JSON.stringify(orders) });
  const answers = JSON.parse(out) as (string | null)[];
  return answers.map((answer) => (answer === null ? undefined : readResponse(Buffer.from(answer, "base64"))));
}

function requestOf({ from, over = "udp", user, method = "REGISTER", callId, fromHeader, headers }: Probe): Buffer {
  const via = from.includes(":") ? `[${from}]` : from;
  const uri = `sip:${from.includes(":") ? `[${pbxAddress.ipv6}]` : pbxAddress.ipv4}`;
  const address = `<sip:${user}@${uri.slice("sip:".length)}>`;
  const request = writeRequest({
    method,
    uri,
    from: fromHeader ?? `${address};tag=${token()}`,
    to: address,
    callId: callId ?? token(),
    sequence: 1,
    branch: token(),
    via: `${via}:5099`,
    headers: { Contact: `<sip:probe@${via}:5099>`, ...headers },
  });
  return latin1(request, over);
}

/** Texts of probes are bytes written as Latin-1, so that one can hold bytes that are not UTF-8. */
function latin1(request: Buffer, over: string): Buffer {
  const text = request.toString("utf8").replace("SIP/2.0/UDP", `SIP/2.0/${over.toUpperCase()}`);
  return Buffer.from(text, "latin1");
}
