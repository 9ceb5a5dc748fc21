"""Bans and proofs as the setter saves them, so that a power cut loses none: what was set, line by line, synced.

Two files: `saved`, replaced as a whole, and `recent`, to which lines are added. A line torn by a power cut is no line.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

FOLDER = "/var/lib/hardened-asterisk-setter"
# Above this the lines are put together; a flood of bans must not fill the disk.
RECENT_BYTES = 256 * 1024
# As many as the firewall's sets hold.
MOST = 65536
LARGEST_BYTES = 16 * 1024 * 1024
RECORD = re.compile(r"(ban|unban|proven|flow|end) ([0-9a-f.:]{2,39}(?:/\d{1,3})?) (\d{1,5}) (\d{1,12})")
Key = TypeVar("Key", str, "tuple[str, int]")
# As the firewall's sets have them.
PROVEN_SECONDS = 30 * 86400
FLOW_SECONDS = 2 * 3600


@dataclass
class Saved:
    """What is in force: banned element → end, proven address → end, (address, port) of a proven flow → end."""

    bans: dict[str, int] = field(default_factory=dict)
    proven: dict[str, int] = field(default_factory=dict)
    flows: dict[tuple[str, int], int] = field(default_factory=dict)

    def take(self, line: str) -> None:
        """Carry out one record; anything else is skipped."""
        found = RECORD.fullmatch(line)
        if found is None:
            return
        verb, who, port, end = found[1], found[2], int(found[3]), int(found[4])
        if verb == "ban":
            self.bans[who] = max(end, self.bans.get(who, 0))
        elif verb == "unban":
            self.bans.pop(who, None)
        elif verb == "end":
            self.flows.pop((who, port), None)
        elif verb == "flow":
            self.flows[who, port] = end
        else:
            self.proven[who] = end

    def lines(self, now: float) -> list[str]:
        """Records of what has not ended, at most as many of each kind as the firewall holds; the longest first."""
        return [
            *(f"ban {who} 0 {end}" for who, end in _longest(self.bans, now)),
            *(f"proven {who} 0 {end}" for who, end in _longest(self.proven, now)),
            *(f"flow {who} {port} {end}" for (who, port), end in _longest(self.flows, now)),
        ]


class SavedBans:
    """The two files in a folder of the setter's own."""

    def __init__(self, folder: str = FOLDER) -> None:
        """Keep them there; the folder exists."""
        self.folder = folder

    @property
    def exists(self) -> bool:
        """Whether anything was ever saved."""
        return os.path.exists(f"{self.folder}/saved")

    def add(self, records: Iterable[str], now: float) -> None:
        """Add records, durable before this returns; put them together when there are many."""
        with self._locked():
            handle = self._open("recent", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            try:
                os.write(handle, "".join(f"{record}\n" for record in records).encode())
                os.fdatasync(handle)
                size = os.fstat(handle).st_size
            finally:
                os.close(handle)
            if size > RECENT_BYTES:
                self._replace(self._read(), now)

    def read(self) -> Saved:
        """What was saved, also by a process that ended in the middle of it; nothing before the first start."""
        if not os.path.isdir(self.folder):
            return Saved()
        with self._locked():
            return self._read()

    def replace(self, saved: Saved, now: float) -> None:
        """Save this and nothing else."""
        with self._locked():
            self._replace(saved, now)

    def change(self, how: Callable[[Saved], None], now: float) -> None:
        """Change what is saved; nothing is added meanwhile."""
        with self._locked():
            saved = self._read()
            how(saved)
            self._replace(saved, now)

    def _read(self) -> Saved:
        saved = Saved()
        for name in ("saved", "recent"):
            with contextlib.suppress(FileNotFoundError):
                handle = self._open(name, os.O_RDONLY)
                with os.fdopen(handle, "rb") as stream:
                    text = stream.read(LARGEST_BYTES).decode("ascii", "replace")
                # What stands behind the last line feed was not written to its end.
                for line in text.split("\n")[:-1]:
                    saved.take(line)
        return saved

    def _replace(self, saved: Saved, now: float) -> None:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(f"{self.folder}/new")
        handle = self._open("new", os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        with os.fdopen(handle, "wb") as stream:
            stream.write("".join(f"{line}\n" for line in saved.lines(now)).encode())
            stream.flush()
            os.fsync(stream.fileno())
        os.rename(f"{self.folder}/new", f"{self.folder}/saved")
        self._sync()
        # Read twice after a power cut here: each record says when it ends, and an `unban` comes again after its ban.
        with contextlib.suppress(FileNotFoundError):
            os.unlink(f"{self.folder}/recent")
        self._sync()

    def _open(self, name: str, flags: int) -> int:
        return os.open(f"{self.folder}/{name}", flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)

    def _sync(self) -> None:
        handle = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        handle = self._open("lock", os.O_WRONLY | os.O_CREAT)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _longest(ends: dict[Key, int], now: float) -> list[tuple[Key, int]]:
    left = [(who, end) for who, end in ends.items() if end > now]
    return sorted(left, key=lambda item: -item[1])[:MOST]
