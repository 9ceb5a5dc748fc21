"""Phones that register at once from one address, as those behind one router do; run in their namespace.

Reads one JSON order from standard input: target, port, source, phones ([user, password], or [user, password, source] for one
with an address of its own), seconds (when to give up) and hold (seconds to keep the connections open afterwards, asking for OPTIONS each second). Prints one JSON line when all have
registered or the time is over: registered (seconds each took), and one when the holding is over: alive (connections that
answered to the end).
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from typing import Any

from guess import answer, unverified


def request(order: dict[str, Any], method: str, user: str, local: str, number: int, headers: list[str]) -> bytes:
    """A request as a softphone writes it."""
    target = order["target"]
    lines = [
        f"{method} sip:{target} SIP/2.0",
        f"Via: SIP/2.0/TLS {local};branch=z9hG4bK{os.urandom(6).hex()};rport",
        "Max-Forwards: 70",
        f"From: <sip:{user}@{target}>;tag={os.urandom(4).hex()}",
        f"To: <sip:{user}@{target}>",
        f"Call-ID: {os.urandom(8).hex()}@{local}",
        f"CSeq: {number} {method}",
        "User-Agent: A softphone with a name of usual length 7.1.0-build-20260101",
        "Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, NOTIFY, MESSAGE, SUBSCRIBE, INFO, UPDATE, PRACK",
        "Supported: replaces, outbound, path, timer",
        f"Contact: <sip:{user}@{local};transport=tls>;expires=600",
        *headers,
        "Content-Length: 0",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


# Seconds after which a telephone gives a request up (timer F, RFC 3261).
PATIENCE = 32


async def exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sent: bytes, method: str) -> bytes:
    """The final answer to a request; what the PBX asks meanwhile is left unanswered."""
    writer.write(sent)
    while True:
        text = await reader.readuntil(b"\r\n\r\n")
        if text.startswith(b"SIP/2.0 ") and f" {method}".encode() in text and not text.startswith(b"SIP/2.0 1"):
            return text


async def asked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sent: bytes) -> bytes:
    """The final answer to a REGISTER; raises TimeoutError when there is none in time."""
    return await asyncio.wait_for(exchange(reader, writer, sent, "REGISTER"), PATIENCE)


async def register(order: dict[str, Any], user: str, password: str, source: str) -> Any:
    """Connect and register, again and again until it works; returns the open connection."""
    context = unverified()
    while True:
        writer = None
        try:
            place = (order["target"], order["port"])
            reader, writer = await asyncio.open_connection(*place, ssl=context, local_addr=(source, 0))
            local = ":".join(str(part) for part in writer.get_extra_info("sockname"))
            first = await asked(reader, writer, request(order, "REGISTER", user, local, 1, []))
            proof = answer(first, user, f"sip:{order['target']}", password)
            second = await asked(reader, writer, request(order, "REGISTER", user, local, 2, [proof]))
            if second.startswith(b"SIP/2.0 200"):
                return reader, writer, local
        except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError):
            pass
        # What failed is closed, as a telephone does; it would take a place for ever.
        if writer is not None:
            writer.close()
        await asyncio.sleep(0.5)


async def hold(order: dict[str, Any], user: str, connection: Any) -> bool:
    """Whether the connection answers OPTIONS until the end; unauthenticated ones are answered with a challenge."""
    reader, writer, local = connection
    end = time.monotonic() + order["hold"]
    number = 3
    while time.monotonic() < end:
        try:
            sent = request(order, "OPTIONS", user, local, number, [])
            await asyncio.wait_for(exchange(reader, writer, sent, "OPTIONS"), 8)
        except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError):
            return False
        number += 1
        await asyncio.sleep(1)
    return True


async def main() -> None:
    """Register all, report, hold, report."""
    order = json.load(sys.stdin)
    started = time.monotonic()
    open_ones: dict[str, Any] = {}
    took: dict[str, float] = {}

    async def one(user: str, password: str, source: str = order["source"]) -> None:
        open_ones[user] = await register(order, user, password, source)
        took[user] = round(time.monotonic() - started, 2)

    tasks = [asyncio.ensure_future(one(*phone)) for phone in order["phones"]]
    _, late = await asyncio.wait(tasks, timeout=order["seconds"])
    for task in late:
        task.cancel()
    print(json.dumps({"registered": took}), flush=True)
    held = await asyncio.gather(*(hold(order, user, connection) for user, connection in open_ones.items()))
    print(json.dumps({"alive": sum(held)}), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
