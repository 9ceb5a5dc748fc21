"""One message after the other over a Unix stream socket that systemd hands over; each gets one line as its answer."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from typing import Callable, NoReturn

from .errors import Refusal

FIRST_DESCRIPTOR = 3


def serve(answer: Callable[[bytes], str], largest: int, seconds: float) -> int:
    """Answer until the program's own file is replaced; returns status 0.

    A message longer than `largest` bytes, or that takes longer than `seconds`, is refused.
    """
    listener = _handed_over()
    # The first process of a PID namespace, as PrivatePIDs= makes it, ends at no signal that it does not handle.
    signal.signal(signal.SIGTERM, _end)
    mine = _identity()
    while True:
        connection, _ = listener.accept()
        with connection:
            _answer_one(connection, answer, largest, seconds)
        # systemd starts the new one; who connects meanwhile waits in the listener's queue.
        if _identity() != mine:
            return 0


def _end(*_: object) -> NoReturn:
    sys.exit(0)


def _answer_one(connection: socket.socket, answer: Callable[[bytes], str], largest: int, seconds: float) -> None:
    try:
        text = answer(_message(connection, largest, time.monotonic() + seconds))
    except Refusal as problem:
        text = f"refused: {problem}"
    except OSError as problem:
        text = f"failed: {problem.strerror}"
    try:
        connection.settimeout(1)
        connection.sendall(text.replace("\n", " ").encode() + b"\n")
    except OSError:
        pass  # who asked has gone


def _message(connection: socket.socket, largest: int, deadline: float) -> bytes:
    """All that is sent until the sender has ended its side."""
    parts, size = [], 0
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise Refusal("took too long")
        connection.settimeout(left)
        try:
            part = connection.recv(65536)
        except TimeoutError:
            raise Refusal("took too long") from None
        if not part:
            return b"".join(parts)
        parts.append(part)
        size += len(part)
        if size > largest:
            raise Refusal(f"longer than {largest} bytes")


def _handed_over() -> socket.socket:
    # Not LISTEN_PID: systemd 257 gives a service in a PID namespace of its own its number outside of it.
    if os.environ.get("LISTEN_FDS") == "1":
        try:
            listener = socket.socket(fileno=FIRST_DESCRIPTOR)
            if listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                return listener
        except OSError:
            pass  # what lies there is no socket
    raise Refusal("a setter is started by systemd, for its socket")


def _identity() -> tuple[int, int]:
    try:
        found = os.stat(sys.argv[0])
    except OSError:
        return 0, 0
    return found.st_ino, found.st_mtime_ns


def say_to(path: str, message: bytes, seconds: float) -> str:
    """Send a message to a setter and return its answer; raises Refusal when there is none."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(seconds)
            line.connect(path)
            line.sendall(message)
            line.shutdown(socket.SHUT_WR)
            said = line.makefile("rb").readline(1000).decode("utf-8", "replace").strip()
    except OSError as problem:
        raise Refusal(f"the setter at {path} does not answer: {problem}") from None
    if not said.startswith("ok"):
        raise Refusal(f"the setter at {path}: {said}")
    return said
