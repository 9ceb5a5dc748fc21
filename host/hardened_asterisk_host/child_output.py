"""A child process's outputs, read to their end within a time and a size: a server it asks may answer without end."""

from __future__ import annotations

import os
import selectors
import subprocess
import time

# Far above the listing of a firewall whose every set is full.
MOST_BYTES = 64 * 1024 * 1024
# What a pipe takes without waiting, once it is ready for any (PIPE_BUF).
FEED_BYTES = 4096
CHUNK = 1 << 16


class TooMuch(Exception):
    """The child wrote more than it may."""


def collect(process: subprocess.Popen[bytes], stdin: bytes | None, seconds: float) -> tuple[bytes, bytes]:
    """Feed `stdin` and read both outputs; raises TooMuch, or TimeoutExpired after `seconds`, with the child ended."""
    deadline = time.monotonic() + seconds
    try:
        outputs = _exchange(process, stdin or b"", deadline)
        process.wait(max(0.1, deadline - time.monotonic()))
        return outputs
    except (TooMuch, subprocess.TimeoutExpired):
        process.kill()
        process.wait()
        raise
    finally:
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def _exchange(process: subprocess.Popen[bytes], stdin: bytes, deadline: float) -> tuple[bytes, bytes]:
    ends = [stream.fileno() for stream in (process.stdout, process.stderr) if stream is not None]
    parts: dict[int, list[bytes]] = {end: [] for end in ends}
    feed = process.stdin.fileno() if process.stdin is not None else -1
    total, fed = 0, 0
    with selectors.DefaultSelector() as waiting:
        for end in ends:
            waiting.register(end, selectors.EVENT_READ)
        if feed >= 0:
            waiting.register(feed, selectors.EVENT_WRITE)
        while waiting.get_map():
            ready = waiting.select(max(0.0, deadline - time.monotonic()))
            if time.monotonic() >= deadline:
                raise subprocess.TimeoutExpired(process.args, 0)
            for key, _ in ready:
                if key.fd == feed:
                    fed = _feed(feed, stdin, fed)
                    done = fed >= len(stdin)
                else:
                    part = os.read(key.fd, CHUNK)
                    parts[key.fd].append(part)
                    total += len(part)
                    done = not part
                if total > MOST_BYTES:
                    raise TooMuch
                if done:
                    waiting.unregister(key.fd)
                    if key.fd == feed and process.stdin is not None:
                        process.stdin.close()
    return b"".join(parts[ends[0]]), b"".join(parts[ends[1]])


def _feed(handle: int, data: bytes, fed: int) -> int:
    """How much is written now; all of it when the child does not read any more."""
    try:
        return fed + os.write(handle, data[fed : fed + FEED_BYTES])
    except BrokenPipeError:
        return len(data)
