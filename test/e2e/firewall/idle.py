"""Opens TCP connections and leaves them: silent, or with the first bytes of a TLS handshake; run in the attacker's namespace.

Reads one JSON order from standard input: target, port, sources, each (connections for each source), greet (send the start of
a handshake), seconds (how long they are held). Prints JSON when all have been tried: connected; ends after the holding.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

HELLO = bytes.fromhex("16030102000100")


async def connect(order: dict[str, Any], source: str) -> Any:
    """An open connection, or nothing when none came about within 4 s."""
    try:
        opening = asyncio.open_connection(order["target"], order["port"], local_addr=(source, 0))
        _, writer = await asyncio.wait_for(opening, 4)
        if order["greet"]:
            writer.write(HELLO)
        return writer
    except (OSError, asyncio.TimeoutError):
        return None


async def main() -> None:
    """Open, report, hold."""
    order = json.load(sys.stdin)
    tries = [connect(order, source) for source in order["sources"] for _ in range(order["each"])]
    opened = [writer for writer in await asyncio.gather(*tries) if writer is not None]
    print(json.dumps({"connected": len(opened)}), flush=True)
    await asyncio.sleep(order["seconds"])


asyncio.run(main())
