import { token } from "../peers/sip-message";
import { offer } from "./stranger";

/** Not the carrier's own, so that nobody there answers for it. */
const port = 5999;

/** A packet that looks like a call to `number` that the carrier at `source` brings; its Call-ID begins with `forged-NUMBER-`. */
export function forgedInvitation(
  address: string,
  source: string,
  number: string,
): { source: string; sourcePort: number; text: string } {
  const body = offer.body.replaceAll("{address}", source);
  const id = token();
  const text = [
    `INVITE sip:${number}@${address} SIP/2.0`,
    `Via: SIP/2.0/UDP ${source}:${port};branch=z9hG4bKforged${id};rport`,
    "Max-Forwards: 70",
    `From: <sip:+81398765432@${source}>;tag=forged${id}`,
    `To: <sip:${number}@${address}>`,
    `Call-ID: forged-${number}-${id}`,
    "CSeq: 1 INVITE",
    `Contact: <sip:carrier@${source}:${port}>`,
    "Content-Type: application/sdp",
    `Content-Length: ${body.length}`,
    "",
    body,
  ].join("\r\n");
  return { source, sourcePort: port, text };
}
