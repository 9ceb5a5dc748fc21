import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** Where an SSH server is asked. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** How long an SSH server is waited for, and who is told of it. Times are in seconds. */
export interface Patience {
  readonly seconds: number;
  /** What stands behind each message, such as why the machine may be silent. Default: nothing. */
  readonly hint?: string;
  /** Takes a fault when it is first seen, with its cure. */
  readonly warn: (message: string) => void;
  /** Takes a line that need not be kept, every half minute. */
  readonly remind: (message: string) => void;
}

const SILENT = "SILENT";
const CLOSED = "CLOSED";
const NO_SSH = "NO_SSH";
/** The first try is short, so that the cure is told soon; the later ones leave room for an overloaded machine. */
const [FIRST_TRY, LATER_TRY, BETWEEN, REMINDER] = [5, 15, 2, 30];

const lookAtName = "check the name, or give the address";
const lookAtRoute = "check the address and this computer's own network";
const letIn =
  "check the address, that the machine runs, and that its security group, firewall or router lets your address in to this port";

/** What was seen, with `%` for the endpoint, and what to do. */
const faults: Readonly<Record<string, readonly [string, string]>> = {
  ETIMEDOUT: ["no answer from %", letIn],
  ECONNREFUSED: [
    "% refuses the connection, so no SSH server listens there",
    "check the address and the port; on the machine, `systemctl status ssh`",
  ],
  EHOSTUNREACH: ["no machine is reached at %", `${lookAtRoute}, and that the machine runs`],
  ENETUNREACH: ["no network leads to %", lookAtRoute],
  ENOTFOUND: ["the name in % has no address", lookAtName],
  EAI_AGAIN: ["the name in % cannot be looked up now", `check this computer's own network, or ${lookAtName}`],
  [SILENT]: [
    "% takes the connection and stays silent",
    "check the port; on the machine, see whether it is out of memory",
  ],
  [CLOSED]: [
    "% closes the connection before it greets",
    "check the port; on the machine, see whether fail2ban or sshd's MaxStartups keeps your address out",
  ],
  [NO_SSH]: ["% answers, but not as an SSH server does", "check the port"],
};

/** An endpoint in one word: `203.0.113.10:22`, `[2001:db8::10]:22`. */
export function endpointText({ host, port }: Endpoint): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * Waits until an SSH server greets, as a machine does that has booted.
 * @throws Error naming the endpoint, what was seen last and the cure, when the time is over.
 */
export async function waitForGreeting(endpoint: Endpoint, patience: Patience): Promise<void> {
  const { seconds, hint, warn, remind } = patience;
  const end = Date.now() + seconds * 1_000;
  const told = new Set<string>();
  const left = () => Math.max(0, (end - Date.now()) / 1_000);
  for (let reminded = Date.now(), limit = FIRST_TRY; ; limit = LATER_TRY) {
    const code = await greeting(endpoint, Math.min(limit, Math.max(1, left())));
    if (code === undefined) return;
    const fault = faultText(endpoint, code, hint);
    if (left() <= BETWEEN)
      throw new Error(`${fault}; nothing else was seen for ${seconds} s; run pulumi up again then`);
    const rest = `trying for ${Math.round(left())} s more`;
    if (!told.has(code)) warn(`${fault}; ${rest}`);
    else if (Date.now() - reminded > REMINDER * 1_000) {
      remind(`still ${seen(endpoint, code)}; ${rest}`);
      reminded = Date.now();
    }
    told.add(code);
    await pause(BETWEEN * 1_000);
  }
}

function seen(endpoint: Endpoint, code: string): string {
  const [what = `no connection to % (${code})`] = faults[code] ?? [];
  return what.replace("%", endpointText(endpoint));
}

function faultText(endpoint: Endpoint, code: string, hint: string | undefined): string {
  const cure = faults[code]?.[1] ?? letIn;
  return [`connection.host: ${seen(endpoint, code)}`, cure, ...(hint === undefined ? [] : [hint])].join("; ");
}

/** Undefined once an SSH server greets (RFC 4253 §4.2: lines may come before), else the code of what came instead. */
function greeting({ host, port }: Endpoint, seconds: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let words = "";
    const done = (code: string | undefined) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(code);
    };
    const timer = setTimeout(() => {
      done(socket.connecting ? "ETIMEDOUT" : SILENT);
    }, seconds * 1_000);
    socket.on("error", (error: NodeJS.ErrnoException) => {
      done(error.code === "ECONNRESET" ? CLOSED : codeOf(error));
    });
    socket.once("close", () => {
      done(CLOSED);
    });
    socket.on("data", (data: Buffer) => {
      words += data.toString("latin1");
      if (/^SSH-\d/m.test(words)) done(undefined);
      else if (words.length > 64 * 1024 || /^HTTP\//.test(words)) done(NO_SSH);
    });
  });
}

/** Where a name has several addresses, Node gives the errors of all; the first stands for them. */
function codeOf(error: NodeJS.ErrnoException): string {
  const all: unknown = (error as { errors?: unknown }).errors;
  const [first] = Array.isArray(all) ? (all as NodeJS.ErrnoException[]) : [];
  return first?.code ?? error.code ?? error.message;
}
