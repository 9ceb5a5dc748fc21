/** A call that the PBX sent to the carrier. */
export interface CarrierCall {
  /** The user part of the request's URI, parameters included. */
  readonly number: string;
  /** The From header. */
  readonly caller: string;
  readonly at: Date;
  /** Whether the PBX confirmed the carrier's answer, so that money would be spent. */
  readonly answered: boolean;
  /** Seconds from the confirmed answer to the hang-up; undefined while the call lasts or if it was never answered. */
  readonly seconds?: number;
}

/** How a call of the carrier's into the PBX ended. */
export interface CallOutcome {
  /** The final status of the INVITE. */
  readonly status: number | "no answer";
  /** The provisional statuses before it, such as 100 and 180. */
  readonly provisional: readonly number[];
  /** Seconds from the answer to the first BYE; undefined when it was not answered or nobody hung up. */
  readonly seconds?: number;
  readonly endedBy?: "carrier" | "pbx";
}

/** Reads the log that `carrier-answers.xml` writes: lines "date time epoch EVENT call-id …", oldest call first. */
export function readCarrierLog(log: string): CarrierCall[] {
  interface Entry {
    number: string;
    caller: string;
    at: number;
    answeredAt?: number;
    endedAt?: number;
  }
  const calls = new Map<string, Entry>();
  for (const line of log.split("\n")) {
    const match = /\s(\d+\.\d+) (INVITE|ANSWERED|BYE) (\S+)(?: (\S*) (.*))?$/.exec(line);
    const [, epoch, event, id = "", number = "", caller = ""] = match ?? [];
    const at = Number(epoch) * 1000;
    const call = calls.get(id);
    if (event === "INVITE") calls.set(id, { number, caller: caller.trim(), at });
    if (event === "ANSWERED" && call) call.answeredAt = at;
    if (event === "BYE" && call) call.endedAt = at;
  }
  return [...calls.values()].map(({ number, caller, at, answeredAt, endedAt }) => ({
    ...{ number, caller, at: new Date(at), answered: answeredAt !== undefined },
    ...(answeredAt === undefined || endedAt === undefined ? {} : { seconds: (endedAt - answeredAt) / 1000 }),
  }));
}

/** Reads SIPp's message trace of one outgoing call. */
export function readOutcome(trace: string): CallOutcome {
  const provisional: number[] = [];
  let answeredAt: number | undefined;
  let [status, ended]: [number | undefined, Pick<CallOutcome, "endedBy" | "seconds">] = [undefined, {}];
  for (const { at, sent, text } of messages(trace)) {
    const answer = /^SIP\/2\.0 (\d{3})/.exec(text);
    if (answer?.[1] !== undefined && /^CSeq:\s*\d+ INVITE/im.test(text)) {
      const code = Number(answer[1]);
      if (code < 200) provisional.push(code);
      else status ??= code;
      if (code >= 200 && code < 300) answeredAt ??= at;
    }
    if (text.startsWith("BYE ") && answeredAt !== undefined && ended.endedBy === undefined) {
      ended = { endedBy: sent ? "carrier" : "pbx", seconds: (at - answeredAt) / 1000 };
    }
  }
  return { status: status ?? "no answer", provisional, ...ended };
}

/** The messages of a SIPp trace; each begins with a line of dashes, a time and "UDP message sent [n] bytes:". */
function messages(trace: string): { at: number; sent: boolean; text: string }[] {
  return trace.split(/^-{20,} */m).flatMap((block) => {
    const head = /^(\d{4}-\d\d-\d\d)\s+(\d\d:\d\d:\d\d\.\d{3})\d*[^\n]*\n\w+ message (sent|received)[^\n]*\n\s*/.exec(
      block,
    );
    if (head === null) return [];
    const [whole, day = "", time = "", direction] = head;
    return [{ at: Date.parse(`${day}T${time}Z`), sent: direction === "sent", text: block.slice(whole.length) }];
  });
}
