"""One agent at a time."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from typing import Callable

from .errors import Busy

RUN = "/run/hardened-asterisk"
WAIT_SECONDS = 1800
SAY_SECONDS = 5


@contextlib.contextmanager
def locked(progress: Callable[[str], None], seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the lock, waiting at most `seconds` with progress; raises Busy when another run keeps it longer."""
    os.makedirs(RUN, mode=0o700, exist_ok=True)
    handle = os.open(f"{RUN}/lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _wait(handle, progress, seconds)
        yield
    finally:
        os.close(handle)


def _wait(handle: int, progress: Callable[[str], None], seconds: float) -> None:
    started, said = time.monotonic(), 0.0
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            waited = time.monotonic() - started
        if waited > seconds:
            raise Busy(f"another activation has been running for {seconds:g} s; see `hardened-asterisk status`")
        if waited >= said:
            progress("waiting for another activation to end")
            said = waited + SAY_SECONDS
        time.sleep(0.1)
