import { answerChallenge, readRequest, readResponse, token, writeRequest, writeResponse } from "./sip-message";
import type { SipRequest, SipResponse, ReceivedRequest } from "./sip-message";
import { openTls, openUdp, type UdpSocket } from "./udp-socket";

/** Valid credentials, and from where they are used. */
export interface Account {
  readonly namespace: string;
  readonly address: string;
  /** Address of the PBX; UDP port 5060, TLS port 5061. */
  readonly target: string;
  /** Default: UDP. */
  readonly transport?: "tls";
  readonly user: string;
  readonly password: string;
  /** Its extension. */
  readonly number: string;
}

/** What a request came to. */
export interface Exchange {
  readonly status: number | "no answer";
  /** Provisional statuses, such as 180. */
  readonly provisional: readonly number[];
  readonly request: SipRequest;
  readonly response?: SipResponse;
}

/** What one request asks beyond its method and URI. */
export interface Wish {
  /** The From header. Default: the account. */
  readonly from?: string;
  readonly to?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly callId?: string;
  readonly sequence?: number;
  /** Milliseconds until "no answer". Default: 4,000. */
  readonly patience?: number;
}

/** How the user agent answers calls: picks up, lets it ring, or sends the caller elsewhere with 302. */
export type Answering = "pick up" | "ring" | "decline" | { readonly redirectTo: string };

/** A SIP user agent with valid credentials whose every header can be chosen; UDP or TLS, as many calls as it likes. Over TLS its contact is a SIPS URI. */
export class UserAgent {
  /** The INVITEs that reached it, oldest first. */
  readonly received: ReceivedRequest[] = [];
  /** The Call-IDs of calls that the other side has ended. */
  readonly ended: string[] = [];
  /** Every request it sent, as sent, authorization included: what somebody on the path would see. */
  readonly sent: SipRequest[] = [];
  answering: Answering = "pick up";
  /** Port of its audio in every SDP it writes. */
  mediaPort = 40000;

  /** Call-ID → the INVITE that rings. */
  readonly #ringing = new Map<string, ReceivedRequest>();

  private constructor(
    readonly account: Account,
    readonly socket: UdpSocket,
  ) {
    socket.listen(({ data }) => {
      const request = readRequest(data);
      if (request !== undefined) this.#answer(request);
    });
  }

  /** Binds its socket; `port` 0 takes any. */
  static async open(account: Account, port = 0): Promise<UserAgent> {
    const { namespace, address, target } = account;
    const overTls = account.transport === "tls";
    return new UserAgent(
      account,
      overTls ? await openTls(namespace, address, target) : await openUdp(namespace, address, port),
    );
  }

  /** Its account as a From or To header. */
  get me(): string {
    return `<sip:${this.account.user}@${this.account.target}>`;
  }

  get contact(): string {
    const scheme = this.account.transport === "tls" ? "sips" : "sip";
    return `<${scheme}:${this.account.user}@${this.socket.address}:${this.socket.port}>`;
  }

  /** The session it offers and answers with: PCMU at its address and {@link mediaPort}. */
  get sdp(): string {
    const { address } = this.socket;
    const lines = ["v=0", `o=- 1 1 IN IP4 ${address}`, "s=-", `c=IN IP4 ${address}`, "t=0 0"];
    return [...lines, `m=audio ${this.mediaPort} RTP/AVP 0`, "a=rtpmap:0 PCMU/8000", "a=sendrecv", ""].join("\r\n");
  }

  /** Binds its contact to the account for `seconds` (0 takes it away). */
  register(seconds = 120, wish: Wish = {}): Promise<Exchange> {
    const headers = { Contact: this.contact, Expires: String(seconds), ...wish.headers };
    return this.request("REGISTER", `sip:${this.account.target}`, { to: this.me, ...wish, headers });
  }

  /** Asks for a call to `number` and leaves it up when it is answered; {@link hangUp} ends it. */
  call(number: string, wish: Wish = {}): Promise<Exchange> {
    const headers = { Contact: this.contact, "Content-Type": "application/sdp", ...wish.headers };
    const uri = `sip:${number}@${this.account.target}`;
    return this.request("INVITE", uri, { body: this.sdp, ...wish, headers });
  }

  /** Ends a call of its own that was answered; does nothing for any other. */
  async hangUp(call: Exchange): Promise<void> {
    if (typeof call.status === "number" && call.status < 300) await this.within(call, "BYE");
  }

  /** Sends a request inside the dialog of an answered call of its own. */
  within(call: Exchange, method: string, headers: Readonly<Record<string, string>> = {}): Promise<Exchange> {
    const to = call.response?.headers.get("to")?.[0] ?? call.request.to;
    const uri = targetOf(call);
    const { from, callId, sequence } = call.request;
    return this.request(method, uri, { from, to, callId, sequence: sequence + 10, headers });
  }

  /** Asks the PBX to put the other sides of two answered calls of its own together (REFER with Replaces, RFC 3891 and 5589). */
  handOn(one: Exchange, other: Exchange): Promise<Exchange> {
    const { callId, from } = other.request;
    const tag = (header = "") => /;tag=([^;>]+)/.exec(header)?.[1] ?? "";
    const tags = `to-tag%3D${tag(other.response?.headers.get("to")?.[0])}%3Bfrom-tag%3D${tag(from)}`;
    const target = `<sip:x@${this.account.target}?Replaces=${callId}%3B${tags}>`;
    return this.within(one, "REFER", { "Refer-To": target, Contact: this.contact });
  }

  /** Sends one request and, when it is challenged, sends it again with the digest of the account. */
  async request(method: string, uri: string, wish: Wish = {}): Promise<Exchange> {
    const first = await this.#transact(this.#write(method, uri, wish), wish.patience);
    const challenge = [401, 407].map((status) => (first.status === status ? first.response : undefined)).find(Boolean);
    const [value] = ["www-authenticate", "proxy-authenticate"].flatMap((name) => challenge?.headers.get(name) ?? []);
    if (value === undefined) return first;
    const { user, password } = this.account;
    const name = first.status === 407 ? "Proxy-Authorization" : "Authorization";
    const headers = { ...wish.headers, [name]: answerChallenge(value, { user, password, method, uri }) };
    const { callId, sequence, from } = first.request;
    const again = this.#write(method, uri, { ...wish, headers, callId, from, sequence: sequence + 1 });
    return this.#transact(again, wish.patience);
  }

  /** Sends a request as it stands and waits for its final answer. */
  resend(request: SipRequest, patience?: number): Promise<Exchange> {
    return this.#transact(request, patience);
  }

  close(): Promise<void> {
    return this.socket.close();
  }

  #write(method: string, uri: string, wish: Wish): SipRequest {
    const { from = this.me, to = `<${uri}>`, callId = token(), sequence = 1, headers = {}, body } = wish;
    const tagged = from.includes(";tag=") ? from : `${from};tag=${token()}`;
    const via = `${this.socket.address}:${this.socket.port}`;
    const transport = this.account.transport === "tls" ? ("TLS" as const) : ("UDP" as const);
    const request = { method, uri, from: tagged, to, callId, sequence, branch: token(), via, transport, headers };
    return body === undefined ? request : { ...request, body };
  }

  #send(message: Buffer): void {
    this.socket.send(this.account.target, 5060, message);
  }

  async #transact(request: SipRequest, patience = 4_000): Promise<Exchange> {
    this.sent.push(request);
    const provisional: number[] = [];
    const response = await new Promise<SipResponse | undefined>((resolve) => {
      const finish = (answer?: SipResponse): void => {
        clearInterval(again);
        clearTimeout(end);
        stop();
        resolve(answer);
      };
      const again = setInterval(() => {
        if (provisional.length === 0) this.#send(writeRequest(request));
      }, 700);
      const end = setTimeout(finish, patience);
      const stop = this.socket.listen(({ data }) => {
        const answer = readResponse(data);
        if (answer === undefined || !belongs(answer, request)) return;
        if (answer.status < 200) provisional.push(answer.status);
        else finish(answer);
      });
      this.#send(writeRequest(request));
    });
    const outcome = { status: response?.status ?? ("no answer" as const), provisional, request };
    const whole = response === undefined ? outcome : { ...outcome, response };
    if (request.method === "INVITE") this.#endTransaction(whole);
    return whole;
  }

  /** Confirms what was answered or refused, and cancels what still rings. */
  #endTransaction(call: Exchange): void {
    const { request, response } = call;
    const bare = { ...request, headers: {}, body: "" };
    if (response === undefined) {
      if (call.provisional.length > 0) this.#send(writeRequest({ ...bare, method: "CANCEL" }));
      return;
    }
    const to = response.headers.get("to")?.[0] ?? request.to;
    const ack = { ...bare, method: "ACK", to };
    this.#send(writeRequest(response.status < 300 ? { ...ack, uri: targetOf(call), branch: token() } : ack));
  }

  /** How many calls ring here. */
  get ringing(): number {
    return this.#ringing.size;
  }

  #cancelled(callId: string): void {
    const invite = this.#ringing.get(callId);
    if (invite === undefined) return;
    this.#ringing.delete(callId);
    this.#send(writeResponse(invite, 487, "Request Terminated"));
  }

  #answer(request: ReceivedRequest): void {
    const reply = (status: number, reason: string, headers: Record<string, string> = {}, body = ""): void => {
      this.#send(writeResponse(request, status, reason, { Contact: this.contact, ...headers }, body));
    };
    if (request.method === "ACK") return;
    const callId = request.headers.get("call-id")?.[0] ?? "";
    if (request.method === "BYE") this.ended.push(callId);
    if (request.method === "CANCEL") this.#cancelled(callId);
    if (request.method !== "INVITE") {
      reply(200, "OK");
      return;
    }
    this.received.push(request);
    if (this.answering === "ring") this.#ringing.set(callId, request);
    if (this.answering === "ring") reply(180, "Ringing");
    else if (this.answering === "decline") reply(486, "Busy Here");
    else if (this.answering === "pick up") reply(200, "OK", { "Content-Type": "application/sdp" }, this.sdp);
    else reply(302, "Moved Temporarily", { Contact: `<sip:${this.answering.redirectTo}@${this.account.target}>` });
  }
}

function belongs(response: SipResponse, request: SipRequest): boolean {
  const [callId] = response.headers.get("call-id") ?? [];
  const [sequence] = response.headers.get("cseq") ?? [];
  return callId === request.callId && sequence?.replace(/\s+/g, " ") === `${request.sequence} ${request.method}`;
}

function targetOf({ request, response }: Exchange): string {
  return /<([^>]+)>/.exec(response?.headers.get("contact")?.[0] ?? "")?.[1] ?? request.uri;
}
