import { createHash, randomBytes } from "node:crypto";

/** A SIP response, as far as a caller needs it. */
export interface SipResponse {
  readonly status: number;
  readonly reason: string;
  /** Header names in lower case; repeated headers in order. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
}

/** A request to write; what an attacker chooses is not checked, only laid out. */
export interface SipRequest {
  readonly method: string;
  readonly uri: string;
  readonly from: string;
  readonly to: string;
  readonly callId: string;
  readonly sequence: number;
  readonly branch: string;
  /** Address and port the answer goes to. */
  readonly via: string;
  /** Default: UDP. */
  readonly transport?: "UDP" | "TLS";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A random token for tags, branches and Call-IDs. */
export function token(): string {
  return randomBytes(8).toString("hex");
}

/** Lays out a request with its mandatory headers and the length of its body. */
export function writeRequest(request: SipRequest): Buffer {
  const { method, uri, from, to, callId, sequence, branch, via, headers = {}, body = "" } = request;
  const { transport = "UDP" } = request;
  const lines = [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/${transport} ${via};branch=z9hG4bK${branch};rport`,
    "Max-Forwards: 70",
    `From: ${from}`,
    `To: ${to}`,
    `Call-ID: ${callId}`,
    `CSeq: ${sequence} ${method}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body}`);
}

/** Reads a response; undefined when the datagram is not one. */
export function readResponse(data: Buffer): SipResponse | undefined {
  const [head = "", ...body] = data.toString("utf8").split("\r\n\r\n");
  const [, status, reason = ""] = /^SIP\/2\.0 (\d{3})\s?(.*)$/.exec(head.split("\r\n")[0] ?? "") ?? [];
  if (status === undefined) return undefined;
  return { status: Number(status), reason, headers: readHeaders(head), body: body.join("\r\n\r\n") };
}

/** The headers below the first line; names in lower case. */
function readHeaders(head: string): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (const line of head.split("\r\n").slice(1)) {
    const colon = line.indexOf(":");
    if (colon === -1) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return headers;
}

/** A request that arrived, as far as somebody who answers needs it. */
export interface ReceivedRequest {
  readonly method: string;
  readonly uri: string;
  /** Header names in lower case; repeated headers in order. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
}

/** Reads a request; undefined when the datagram is not one. */
export function readRequest(data: Buffer): ReceivedRequest | undefined {
  const text = data.toString("utf8");
  const [, method, uri] = /^([A-Z]+) (\S+) SIP\/2\.0\r\n/.exec(text) ?? [];
  if (method === undefined || uri === undefined) return undefined;
  const [head = "", ...body] = text.split("\r\n\r\n");
  return { method, uri, headers: readHeaders(head), body: body.join("\r\n\r\n") };
}

/** Lays out the answer to a request, with a tag of its own. */
export function writeResponse(
  request: ReceivedRequest,
  status: number,
  reason: string,
  headers: Readonly<Record<string, string>> = {},
  body = "",
): Buffer {
  const copied = ["Via", "From", "Call-ID", "CSeq"].flatMap((name) =>
    (request.headers.get(name.toLowerCase()) ?? []).map((value) => `${name}: ${value}`),
  );
  const [to = ""] = request.headers.get("to") ?? [];
  const lines = [
    `SIP/2.0 ${status} ${reason}`,
    ...copied,
    `To: ${to.includes(";tag=") ? to : `${to};tag=answer`}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body}`);
}

/** What a digest answer is computed from (RFC 8760, RFC 7616 §3.4). */
export interface Credentials {
  readonly user: string;
  readonly password: string;
  readonly method: string;
  readonly uri: string;
}

/**
 * Answers a digest challenge (the value of WWW-Authenticate or Proxy-Authenticate) with MD5 or SHA-256 and, if offered,
 * qop=auth. Raises for any other scheme or algorithm.
 */
export function answerChallenge(
  challenge: string,
  { user, password, method, uri }: Credentials,
  cnonce = token(),
): string {
  if (!/^digest\s/i.test(challenge)) throw new Error(`not a digest challenge: ${challenge}`);
  const field = (name: string): string | undefined => {
    const match = new RegExp(`(?:^|[\\s,])${name}\\s*=\\s*(?:"([^"]*)"|([^\\s,]+))`, "i").exec(challenge);
    return match?.[1] ?? match?.[2];
  };
  const algorithm = field("algorithm") ?? "MD5";
  const hash = { MD5: "md5", "SHA-256": "sha256" }[algorithm.toUpperCase()];
  if (hash === undefined) throw new Error(`digest algorithm ${algorithm} is not known here`);
  const digest = (text: string): string => createHash(hash).update(text).digest("hex");
  const [realm, nonce, opaque] = [field("realm") ?? "", field("nonce") ?? "", field("opaque")];
  const withQop = (field("qop") ?? "").split(/[\s,]+/).includes("auth");
  const [secret, request] = [digest(`${user}:${realm}:${password}`), digest(`${method}:${uri}`)];
  const middle = withQop ? `${nonce}:00000001:${cnonce}:auth` : nonce;
  return [
    `Digest username="${user}"`,
    ...[`realm="${realm}"`, `nonce="${nonce}"`, `uri="${uri}"`, `algorithm=${algorithm}`],
    `response="${digest(`${secret}:${middle}:${request}`)}"`,
    ...(withQop ? ["qop=auth", "nc=00000001", `cnonce="${cnonce}"`] : []),
    ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
  ].join(", ");
}
