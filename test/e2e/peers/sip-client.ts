import { readResponse, token, writeRequest, type SipRequest, type SipResponse } from "./sip-message";
import type { UdpSocket } from "./udp-socket";

/** What came back for one request. */
export interface Answer {
  /** The final status; "no answer" when nothing final came. */
  readonly status: number | "no answer";
  readonly reason: string;
  /** Provisional statuses, such as 100 and 180. */
  readonly provisional: readonly number[];
  /** Whether a call was let in: somebody's phone rang, or it was answered. Always false for other requests than INVITE. */
  readonly letIn: boolean;
  /** The final answer's Server or User-Agent header: what the PBX tells of itself. */
  readonly server?: string;
  readonly response?: SipResponse;
}

/** What one request asks; the rest of the message is made up. */
export interface Ask {
  readonly method: string;
  readonly uri: string;
  readonly from: string;
  readonly to?: string;
  readonly callId?: string;
  readonly sequence?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Where requests go, and how long an answer may take (milliseconds; one repetition after half of it). */
export interface Destination {
  readonly host: string;
  readonly port: number;
  readonly patience: number;
}

/**
 * Sends one request and collects what comes back. A call that is answered is confirmed and hung up at once; one that
 * still rings when patience ends is cancelled, so that no call is left behind.
 */
export async function ask(socket: UdpSocket, to: Destination, what: Ask): Promise<Answer> {
  const request = complete(socket, what);
  const send = (message: SipRequest): void => {
    socket.send(to.host, to.port, writeRequest(message));
  };
  const provisional: number[] = [];
  const final = await new Promise<SipResponse | undefined>((resolve) => {
    const again = setTimeout(() => {
      if (provisional.length === 0) send(request);
    }, to.patience / 2);
    let end = setTimeout(() => {
      if (request.method !== "INVITE" || provisional.length === 0) finish(undefined);
      else {
        send(follow(request, "CANCEL"));
        end = setTimeout(finish, to.patience);
      }
    }, to.patience);
    const stop = socket.listen(({ data }) => {
      const response = readResponse(data);
      if (response === undefined || !answers(response, request)) return;
      if (response.status < 200) provisional.push(response.status);
      else finish(response);
    });
    const finish = (response?: SipResponse): void => {
      clearTimeout(again);
      clearTimeout(end);
      stop();
      resolve(response);
    };
    send(request);
  });
  if (final !== undefined && request.method === "INVITE") endCall(send, request, final);
  return judge(request, provisional, final);
}

function judge(request: SipRequest, provisional: readonly number[], final: SipResponse | undefined): Answer {
  const server = (final?.headers.get("server") ?? final?.headers.get("user-agent"))?.[0];
  const answered = final !== undefined && final.status < 300;
  return {
    ...{ status: final?.status ?? "no answer", reason: final?.reason ?? "", provisional },
    letIn: request.method === "INVITE" && (answered || provisional.some((status) => status > 100)),
    ...(server === undefined ? {} : { server }),
    ...(final === undefined ? {} : { response: final }),
  };
}

function complete(socket: UdpSocket, what: Ask): SipRequest {
  const { method, uri, from, to = `<${uri}>`, callId = token(), sequence = 1, headers = {}, body } = what;
  const via = `${socket.address}:${socket.port}`;
  const contact = method === "INVITE" ? { Contact: `<sip:peer@${via}>` } : {};
  const tagged = from.includes(";tag=") ? from : `${from};tag=${token()}`;
  const complete = { method, uri, from: tagged, to, callId, sequence, branch: token(), via };
  return { ...complete, headers: { ...contact, ...headers }, ...(body === undefined ? {} : { body }) };
}

function answers(response: SipResponse, request: SipRequest): boolean {
  const [callId] = response.headers.get("call-id") ?? [];
  const [sequence] = response.headers.get("cseq") ?? [];
  return callId === request.callId && sequence?.replace(/\s+/g, " ") === `${request.sequence} ${request.method}`;
}

/** A request that belongs to an earlier one: the same transaction and no body. */
function follow(request: SipRequest, method: string, to = request.to): SipRequest {
  const { uri, from, callId, sequence, branch, via } = request;
  return { method, uri, from, to, callId, sequence, branch, via };
}

function endCall(send: (message: SipRequest) => void, request: SipRequest, final: SipResponse): void {
  const to = final.headers.get("to")?.[0] ?? request.to;
  const ack = follow(request, "ACK", to);
  if (final.status >= 300) {
    send(ack);
    return;
  }
  const uri = /<([^>]+)>/.exec(final.headers.get("contact")?.[0] ?? "")?.[1] ?? request.uri;
  send({ ...ack, uri, branch: token() });
  send({ ...follow(request, "BYE", to), uri, sequence: request.sequence + 1, branch: token() });
}
