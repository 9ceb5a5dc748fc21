import { readCarrierLog, readOutcome } from "../../e2e/peers/carrier-log";

test("the carrier's log gives number, caller and length, also of interleaved and unfinished calls", () => {
  const stamp = (second: number): string => `2026-11-22\t17:18:0${second}.500000\t179536788${second}.500000`;
  const log = [
    `${stamp(1)} INVITE id-1 0312345678  "A" <sip:101@203.0.113.10>;tag=5`,
    `${stamp(2)} INVITE id-2 4x&PJSIP%2f0099  <sip:102@203.0.113.10>;tag=6`,
    `${stamp(2)} ANSWERED id-1`,
    `${stamp(3)} ANSWERED id-2`,
    `${stamp(4)} INVITE id-3 +81312345678  <sip:103@203.0.113.10>;tag=7`,
    `${stamp(5)} BYE id-1`,
    "",
  ].join("\n");
  const at = (second: number): Date => new Date((1795367880 + second) * 1000 + 500);
  expect(readCarrierLog(log)).toEqual([
    { number: "0312345678", caller: '"A" <sip:101@203.0.113.10>;tag=5', at: at(1), answered: true, seconds: 3 },
    { number: "4x&PJSIP%2f0099", caller: "<sip:102@203.0.113.10>;tag=6", at: at(2), answered: true },
    { number: "+81312345678", caller: "<sip:103@203.0.113.10>;tag=7", at: at(4), answered: false },
  ]);
});

function message(
  second: number,
  direction: "sent (9 bytes)" | "received [9] bytes ",
  first: string,
  cseq: string,
): string {
  const dashes = "-".repeat(47);
  return `${dashes} 2026-11-22 17:23:1${second}.250000\nUDP message ${direction}:\n\n${first}\nVia: x\nCSeq: ${cseq}\n\n`;
}
const sent = "sent (9 bytes)";
const received = "received [9] bytes ";
const invite = message(0, sent, "INVITE sip:9@x SIP/2.0", "1 INVITE");

test("a refused call has the refusal as outcome, and the first one counts", () => {
  const unauthorized = message(0, received, "SIP/2.0 401 Unauthorized", "1 INVITE");
  expect(readOutcome(invite + unauthorized + message(1, received, "SIP/2.0 500 X", "1 INVITE"))).toEqual({
    ...{ status: 401, provisional: [] },
  });
});

test.each([
  [sent, "carrier"],
  [received, "pbx"],
] as const)("an answered call lasts from its answer to the BYE that was %s", (direction, endedBy) => {
  const trace =
    invite +
    message(0, received, "SIP/2.0 100 Trying", "1 INVITE") +
    message(1, received, "SIP/2.0 180 Ringing", "1 INVITE") +
    message(2, received, "SIP/2.0 200 OK", "1 INVITE") +
    message(2, sent, "ACK sip:9@x SIP/2.0", "1 ACK") +
    message(6, direction, "BYE sip:9@x SIP/2.0", "2 BYE") +
    message(6, direction === sent ? received : sent, "SIP/2.0 200 OK", "2 BYE");
  expect(readOutcome(trace)).toEqual({ status: 200, provisional: [100, 180], endedBy, seconds: 4 });
});

test("silence is no answer", () => {
  expect(readOutcome(invite + invite)).toEqual({ status: "no answer", provisional: [] });
});
