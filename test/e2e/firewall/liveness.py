"""Asks for OPTIONS over UDP as a listed phone does, 20 times a second; run in the office's namespace.

Reads one JSON order from standard input: source, target, port, seconds. Prints JSON: asked, lost (no answer within 1 s) and
p95 (milliseconds).
"""

from __future__ import annotations

import json
import os
import re
import select
import socket
import sys
import time

CALL = re.compile(rb"Call-ID: (\w+)")


def main() -> None:
    """Ask, collect, report."""
    order = json.load(sys.stdin)
    sent: dict[bytes, float] = {}
    took: list[float] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        phone.bind((order["source"], 0))
        local = f"{order['source']}:{phone.getsockname()[1]}"
        end, next_one = time.monotonic() + order["seconds"], time.monotonic()
        while time.monotonic() < end + 1:
            now = time.monotonic()
            if next_one <= now < end:
                call = os.urandom(8).hex().encode()
                sent[call] = now
                phone.sendto(options(order["target"], local, call.decode()), (order["target"], order["port"]))
                next_one += 0.05
            if select.select([phone], [], [], 0.002)[0]:
                found = CALL.search(phone.recv(4096))
                if found and found[1] in sent:
                    took.append(time.monotonic() - sent.pop(found[1]))
    took.sort()
    p95 = round(took[int(len(took) * 0.95)] * 1000, 1) if took else None
    print(json.dumps({"asked": len(took) + len(sent), "lost": len(sent), "p95": p95}))


def options(target: str, local: str, call: str) -> bytes:
    """An OPTIONS request."""
    lines = [
        f"OPTIONS sip:{target} SIP/2.0",
        f"Via: SIP/2.0/UDP {local};branch=z9hG4bK{call};rport",
        f"From: <sip:x@{target}>;tag={call[:6]}",
        f"To: <sip:x@{target}>",
        f"Call-ID: {call}",
        "CSeq: 1 OPTIONS",
        "Max-Forwards: 70",
        "Content-Length: 0",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


main()
