"""Phones that register at once over UDP from one address, each from a port of its own, repeating as RFC 3261 (17.1.2) says.

Reads one JSON order from standard input: target, port, source, phones ([user, password]), seconds (when to give up). Prints
JSON: registered (seconds each took).
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

import register
from guess import answer

FIRST_REPETITION_SECONDS = 0.5
LAST_REPETITION_SECONDS = 4.0


class Socket(asyncio.DatagramProtocol):
    """Keeps what arrives."""

    def __init__(self) -> None:
        """With nothing in it."""
        self.inbox: asyncio.Queue[bytes] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: Any) -> None:
        """Keep it."""
        self.inbox.put_nowait(data)


async def exchange(transport: Any, inbox: asyncio.Queue[bytes], sent: bytes, number: int) -> bytes:
    """The final answer to a request, which is repeated until it comes."""
    wait = FIRST_REPETITION_SECONDS
    while True:
        transport.sendto(sent)
        try:
            while True:
                text = await asyncio.wait_for(inbox.get(), wait)
                if text.startswith(b"SIP/2.0 ") and f"CSeq: {number} REGISTER".encode() in text:
                    return text
        except asyncio.TimeoutError:
            wait = min(2 * wait, LAST_REPETITION_SECONDS)


async def one(order: dict[str, Any], user: str, password: str, took: dict[str, float]) -> None:
    """Register one phone."""
    started = time.monotonic()
    loop = asyncio.get_running_loop()
    place = (order["target"], order["port"])
    transport, protocol = await loop.create_datagram_endpoint(Socket, (order["source"], 0), place)
    local = f"{order['source']}:{transport.get_extra_info('sockname')[1]}"

    def asked(number: int, headers: list[str]) -> bytes:
        text = register.request(order, "REGISTER", user, local, number, headers)
        return text.replace(b"SIP/2.0/TLS", b"SIP/2.0/UDP").replace(b";transport=tls", b"")

    try:
        first = await exchange(transport, protocol.inbox, asked(1, []), 1)
        proof = answer(first, user, f"sip:{order['target']}", password)
        if (await exchange(transport, protocol.inbox, asked(2, [proof]), 2)).startswith(b"SIP/2.0 200"):
            took[user] = round(time.monotonic() - started, 2)
    finally:
        transport.close()


async def main() -> None:
    """Register all and report."""
    order = json.load(sys.stdin)
    took: dict[str, float] = {}
    tasks = [asyncio.ensure_future(one(order, *phone, took)) for phone in order["phones"]]
    _, late = await asyncio.wait(tasks, timeout=order["seconds"])
    for task in late:
        task.cancel()
    print(json.dumps({"registered": took}))


asyncio.run(main())
