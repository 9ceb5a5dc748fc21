import { token } from "../peers/sip-message";

/** One broken message, and what is broken about it. */
export interface TortureMessage {
  readonly fault: string;
  readonly bytes: Buffer;
}

interface Parts {
  first: string;
  headers: Record<string, string>;
  body: string;
}

/** How one header of a good request is spoilt: the new value, or undefined to leave it out. */
type Spoiled = readonly [fault: string, header: string, value: string | undefined];

const sdp = "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n";
const long = (length: number) => "a".repeat(length);

/** Headers that a parser meets in the wild and in RFC 4475 §3.1.2 and §3.3: each breaks one rule of RFC 3261. */
const spoiled: readonly Spoiled[] = [
  ["Via left out", "Via", undefined],
  ["From left out", "From", undefined],
  ["To left out", "To", undefined],
  ["Call-ID left out", "Call-ID", undefined],
  ["CSeq left out", "CSeq", undefined],
  ["Via of an unknown protocol", "Via", "SIP/7.0/CARRIER-PIGEON x;branch=z9hG4bKx"],
  ["Via without a branch", "Via", "SIP/2.0/UDP 192.0.2.9"],
  ["Via with an empty branch", "Via", "SIP/2.0/UDP 192.0.2.9;branch="],
  ["Via of 4,000 bytes", "Via", `SIP/2.0/UDP ${long(4000)};branch=z9hG4bKx`],
  ["Via with port 99999", "Via", "SIP/2.0/UDP 192.0.2.9:99999;branch=z9hG4bKx"],
  ["Via with a negative port", "Via", "SIP/2.0/UDP 192.0.2.9:-1;branch=z9hG4bKx"],
  ["Via with an unclosed address", "Via", "SIP/2.0/UDP [2001:db8::1;branch=z9hG4bKx"],
  ["Via with ttl 999999", "Via", "SIP/2.0/UDP 192.0.2.9;ttl=999999;branch=z9hG4bKx"],
  ["CSeq above 2^32", "CSeq", "36893488147419103232 INVITE"],
  ["CSeq negative", "CSeq", "-1 INVITE"],
  ["CSeq without method", "CSeq", "1"],
  ["CSeq of another method", "CSeq", "8 NEWMETHOD"],
  ["CSeq of letters", "CSeq", "one INVITE"],
  ["Max-Forwards above 2^32", "Max-Forwards", "99999999999"],
  ["Max-Forwards negative", "Max-Forwards", "-7"],
  ["Max-Forwards zero", "Max-Forwards", "0"],
  ["Content-Length negative", "Content-Length", "-999"],
  ["Content-Length too large", "Content-Length", "9999"],
  ["Content-Length above 2^32", "Content-Length", "4294967297"],
  ["Content-Length of letters", "Content-Length", "many"],
  ["Content-Length too small", "Content-Length", "3"],
  ["From with an unclosed quote", "From", '"caller <sip:a@192.0.2.9>;tag=1'],
  ["From with an unclosed bracket", "From", "<sip:a@192.0.2.9;tag=1"],
  ["From with unknown scheme", "From", "<isbn:2983792873>;tag=1"],
  ["From without a tag", "From", "<sip:a@192.0.2.9>"],
  ["From with two tags", "From", "<sip:a@192.0.2.9>;tag=1;tag=2"],
  ["From with a user of 4,000 bytes", "From", `<sip:${long(4000)}@192.0.2.9>;tag=1`],
  ["From with escaped NUL", "From", "<sip:%00%00@192.0.2.9>;tag=1"],
  ["From with a broken escape", "From", "<sip:%ZZ%1@192.0.2.9>;tag=%"],
  ["From with a NUL byte", "From", "<sip:a\0b@192.0.2.9>;tag=1"],
  ["From of bytes that are no UTF-8", "From", "\xff\xfe\xfd <sip:\xc0\xaf@192.0.2.9>;tag=1"],
  ["From with 500 parameters", "From", `<sip:a@192.0.2.9>;tag=1${";x=y".repeat(500)}`],
  ["To with 1,000 quotes", "To", `${'"'.repeat(1000)} <sip:b@192.0.2.9>`],
  ["To without a URI", "To", ""],
  ["To a star", "To", "*"],
  ["Contact a star in INVITE", "Contact", "*"],
  ["Contact without brackets and with headers", "Contact", "sip:a@192.0.2.9?Route=%3Csip:sip.example.com%3E"],
  ["Contact with 300 URIs", "Contact", Array.from({ length: 300 }, () => "<sip:a@192.0.2.9>").join(",")],
  ["Expires above 2^32", "Expires", "48294967296"],
  ["Expires of letters", "Expires", "never"],
  ["Date that is none", "Date", "Fri, 99 Foo 2099 99:99:99 EST"],
  ["Require of unknown extensions", "Require", "nothingSupportsThis, nothingSupportsThisEither"],
  ["Proxy-Require unknown", "Proxy-Require", "nothingSupportsThis"],
  ["Route with a broken URI", "Route", "<sip:192.0.2.9;lr>, <sip:@@@>"],
  ["Route 200 times", "Route", Array.from({ length: 200 }, () => "<sip:192.0.2.9;lr>").join(",")],
  ["Authorization of an unknown scheme", "Authorization", "NoOneKnowsThisScheme opaque-data=here"],
  ["Authorization without its fields", "Authorization", "Digest"],
  ["Authorization with empty fields", "Authorization", 'Digest username="", realm="", nonce="", uri="", response=""'],
  ["Authorization with an unclosed quote", "Authorization", 'Digest username="a, realm=b, nonce='],
  ["Authorization with a nonce of 3,000 bytes", "Authorization", `Digest username="a", nonce="${long(3000)}"`],
  ["Content-Type that is none", "Content-Type", "/"],
  ["Content-Type multipart without boundary", "Content-Type", "multipart/mixed"],
  ["Content-Type multipart, boundary empty", "Content-Type", 'multipart/mixed;boundary=""'],
  ["a header folded over 100 lines", "Subject", "x" + "\r\n x".repeat(100)],
  ["a header without a name", "", "value"],
  ["a header name of 2,000 bytes", long(2000), "value"],
];

/** First lines of which none is a request's or response's of RFC 3261 §7. */
const firstLines: readonly string[] = [
  "INVITE sip:100@192.0.2.9 SIP/7.0",
  "INVITE  sip:100@192.0.2.9  SIP/2.0",
  "INVITE <sip:100@192.0.2.9> SIP/2.0",
  "INVITE sip:100@192.0.2.9; transport=udp SIP/2.0",
  "INVITE sip: SIP/2.0",
  "INVITE sip:%%%@[::::] SIP/2.0",
  "INVITE tel: SIP/2.0",
  `INVITE sip:${long(8000)}@192.0.2.9 SIP/2.0`,
  "INVITE sip:100@192.0.2.9:-5 SIP/2.0",
  "INVITE",
  "!interesting-Method0123456789_*+`.%indeed'~ sip:100@192.0.2.9 SIP/2.0",
  "ACK sip:100@192.0.2.9 SIP/2.0",
  "CANCEL sip:100@192.0.2.9 SIP/2.0",
  "PRACK sip:100@192.0.2.9 SIP/2.0",
  "SIP/2.0 200 OK",
  "SIP/2.0 4294967301 better not break the receiver",
  "SIP/2.0 -1",
  "GET / HTTP/1.1",
];

/** Bodies that a session parser meets (RFC 4566); each in an INVITE that announces SDP. */
const bodies: Readonly<Record<string, string>> = {
  "no version": sdp.slice(5),
  "media port 70000": sdp.replace("4000", "70000"),
  "media port negative": sdp.replace("4000", "-1"),
  "300 payload types": sdp.replace("RTP/AVP 0", `RTP/AVP ${Array.from({ length: 300 }, (_, i) => i).join(" ")}`),
  "200 media lines": sdp + "m=audio 4000 RTP/AVP 0\r\n".repeat(200),
  "an address that is none": sdp.replace(/IP4 192.0.2.9\r\nt/, "IP9 nowhere\r\nt"),
  "an rtpmap without numbers": `${sdp}a=rtpmap:\r\na=fmtp:\r\na=crypto:\r\na=candidate:\r\n`,
  "a line of 6,000 bytes": `${sdp}a=${long(6000)}\r\n`,
  "crypto that is none": `${sdp}a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:%%%%\r\n`,
  "only line ends": "\r\n".repeat(500),
};

function good(): Parts {
  const via = `SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK${token()};rport`;
  const names = { Via: via, From: `<sip:a@192.0.2.9>;tag=${token()}`, To: "<sip:100@192.0.2.9>", "Call-ID": token() };
  const headers = { ...names, CSeq: "1 INVITE", "Max-Forwards": "70", Contact: "<sip:a@192.0.2.9>" };
  const session = { "Content-Type": "application/sdp", "Content-Length": String(sdp.length) };
  return { first: "INVITE sip:100@192.0.2.9 SIP/2.0", headers: { ...headers, ...session }, body: sdp };
}

function lay({ first, headers, body }: Parts): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from([first, ...lines, "", body].join("\r\n"), "latin1");
}

function spoil(header: string, value: string | undefined): Buffer {
  const parts = good();
  const kept = Object.entries({ ...parts.headers, [header]: value ?? "" });
  const headers = Object.fromEntries(kept.filter(([name]) => value !== undefined || name !== header));
  return lay({ ...parts, headers });
}

/** Bytes that are no message at all. */
const noise: Readonly<Record<string, Buffer>> = {
  "nothing but a line end": Buffer.from("\r\n\r\n"),
  "500 zero bytes": Buffer.alloc(500),
  "every byte value": Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
  "headers that never end": Buffer.from(`INVITE sip:100@192.0.2.9 SIP/2.0\r\n${"X: y\r\n".repeat(1000)}`),
  "a message cut in the middle": lay(good()).subarray(0, 150),
  "bare line feeds": Buffer.from(lay(good()).toString("latin1").replaceAll("\r\n", "\n"), "latin1"),
  "two messages in one": Buffer.concat([lay(good()), lay(good())]),
};

/** The broken messages, made anew so that none is taken for a repetition. */
export function tortureMessages(): TortureMessage[] {
  return [
    ...spoiled.map(([fault, header, value]) => ({ fault, bytes: spoil(header, value) })),
    ...firstLines.map((first) => ({ fault: `first line ${first.slice(0, 60)}`, bytes: lay({ ...good(), first }) })),
    ...Object.entries(bodies).map(([name, body]) => {
      const parts = good();
      const headers = { ...parts.headers, "Content-Length": String(body.length) };
      return { fault: `session description: ${name}`, bytes: lay({ ...parts, headers, body }) };
    }),
    ...Object.entries(noise).map(([fault, bytes]) => ({ fault, bytes })),
  ];
}
