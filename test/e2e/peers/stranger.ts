import { ask, type Answer, type Ask, type Destination } from "./sip-client";
import { answerChallenge } from "./sip-message";
import { openUdp, type UdpSocket } from "./udp-socket";

/** Somebody without credentials: where they stand and whom they attack. */
export interface Stranger {
  readonly namespace: string;
  /** The source address. Use a fresh one for each attack: a ban would hide what comes after it. */
  readonly address: string;
  /** Address of the PBX. */
  readonly target: string;
  /** Default: 5060. */
  readonly port?: number;
  /** Milliseconds to wait for each answer, repeated once at half time. Default: 1,000. */
  readonly patience?: number;
}

/** One way to ask for a call without credentials, and what came of it. */
export interface StrangerCall extends Answer {
  readonly number: string;
  /** The user part of From, or "anonymous". */
  readonly claims: string;
}

/** One guess of a user's password, and what came of it. */
export interface Guess extends Answer {
  readonly user: string;
  readonly password: string;
  /** Whether the PBX asked for a digest answer; without it no guess was tested. */
  readonly challenged: boolean;
}

/** Numbers a stranger tries: extensions, catch-alls, and abroad in the usual spellings. Outside every real network. */
export const STRANGER_NUMBERS: readonly string[] = [
  "100",
  "1000",
  "s",
  "0088299912345",
  "+88299912345",
  "01188299912345",
];

/** Who a stranger says they are: nobody, an extension, and names that trunks bear in tutorials. */
export const STRANGER_CLAIMS: readonly string[] = ["anonymous", "100", "101", "trunk", "carrier", "provider"];

/** The users and passwords of the short dictionary; "=" stands for the user's own name. */
export const GUESSED_USERS: readonly string[] = ["100", "101", "102", "103", "104", "105"];
export const GUESSED_PASSWORDS: readonly string[] = [
  "=",
  "1234",
  "12345",
  "123456",
  "password",
  "secret",
  "asterisk",
  "0000",
];

/** Calls under way or guesses of one source at the same time. */
const AT_ONCE = 12;

const destination = ({ target, port = 5060, patience = 1_000 }: Stranger): Destination => ({
  host: target,
  port,
  patience,
});

/** Runs `work` with a socket of the stranger's, and closes it. */
async function withSocket<T>({ namespace, address }: Stranger, work: (socket: UdpSocket) => Promise<T>): Promise<T> {
  const socket = await openUdp(namespace, address);
  try {
    return await work(socket);
  } finally {
    await socket.close();
  }
}

async function inParallel<A, B>(items: readonly A[], work: (item: A) => Promise<B>): Promise<B[]> {
  const results: B[] = [];
  const queue = [...items.entries()];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

function invitation(socket: UdpSocket, { target }: Stranger, number: string, claims: string): Ask {
  const from = claims === "anonymous" ? "<sip:anonymous@anonymous.invalid>" : `<sip:${claims}@${target}>`;
  const body = [
    ...["v=0", `o=- 1 1 IN IP4 ${socket.address}`, "s=-", `c=IN IP4 ${socket.address}`, "t=0 0"],
    ...["m=audio 40000 RTP/AVP 0 8", "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000", ""],
  ].join("\r\n");
  const headers = { "Content-Type": "application/sdp" };
  return { method: "INVITE", uri: `sip:${number}@${target}`, from, headers, body };
}

/**
 * Asks for calls without credentials: every number with every claim (default: {@link STRANGER_NUMBERS} by
 * {@link STRANGER_CLAIMS}). Calls that are let in are hung up at once.
 */
export function inviteAsStranger(
  stranger: Stranger,
  numbers: readonly string[] = STRANGER_NUMBERS,
  claims: readonly string[] = STRANGER_CLAIMS,
): Promise<StrangerCall[]> {
  const tries = numbers.flatMap((number) => claims.map((claim) => ({ number, claims: claim })));
  return withSocket(stranger, (socket) =>
    inParallel(tries, async (one) => {
      const answer = await ask(socket, destination(stranger), invitation(socket, stranger, one.number, one.claims));
      return { ...one, ...answer };
    }),
  );
}

/** Asks the PBX for a call to `number` abroad or wherever, in the name of its trunk, without having registered. */
export async function callTrunkWithoutRegistration(
  stranger: Stranger,
  number = "0088299912345",
  trunk = "trunk",
): Promise<StrangerCall> {
  return withSocket(stranger, async (socket) => {
    const answer = await ask(socket, destination(stranger), invitation(socket, stranger, number, trunk));
    return { number, claims: trunk, ...answer };
  });
}

/** Registers as `user` with a guessed password: the whole digest exchange, without Contact, so that a hit binds nothing. */
export function registerGuess(stranger: Stranger, user: string, password: string): Promise<Guess> {
  return withSocket(stranger, (socket) => guess(socket, stranger, user, password));
}

/** Tries every password for every user (defaults: the short dictionary), several at once. */
export function registerGuesses(
  stranger: Stranger,
  users: readonly string[] = GUESSED_USERS,
  passwords: readonly string[] = GUESSED_PASSWORDS,
): Promise<Guess[]> {
  const tries = users.flatMap((user) =>
    passwords.map((password) => [user, password === "=" ? user : password] as const),
  );
  return withSocket(stranger, (socket) =>
    inParallel(tries, ([user, password]) => guess(socket, stranger, user, password)),
  );
}

async function guess(socket: UdpSocket, stranger: Stranger, user: string, password: string): Promise<Guess> {
  const uri = `sip:${stranger.target}`;
  const account = `<sip:${user}@${stranger.target}>`;
  const first = await ask(socket, destination(stranger), { method: "REGISTER", uri, from: account, to: account });
  const headers = first.response?.headers;
  const [challenge] = headers?.get("www-authenticate") ?? headers?.get("proxy-authenticate") ?? [];
  if (challenge === undefined) return { ...first, user, password, challenged: false };
  const callId = headers?.get("call-id")?.[0] ?? "";
  const answer = answerChallenge(challenge, { user, password, method: "REGISTER", uri });
  const name = first.status === 407 ? "Proxy-Authorization" : "Authorization";
  const again: Ask = {
    method: "REGISTER",
    uri,
    from: account,
    to: account,
    callId,
    sequence: 2,
    headers: { [name]: answer },
  };
  return { ...(await ask(socket, destination(stranger), again)), user, password, challenged: true };
}
