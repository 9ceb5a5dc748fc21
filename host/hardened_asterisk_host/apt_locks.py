"""The locks of apt and dpkg: who holds one, and a bounded wait until nobody does.

apt waits for dpkg's locks alone (DPkg::Lock::Timeout, apt.conf(5)); it gives up at once when the lists or the archives
are locked, as they are at the first boot of a cloud image (apt-daily.service).
"""

from __future__ import annotations

import fcntl
import os
import re
import struct
from dataclasses import dataclass

from .disk import Disk
from .errors import Refusal
from .host import Host
from .processes import name_of, service_of

LOCKS = (
    "/var/lib/dpkg/lock-frontend",
    "/var/lib/dpkg/lock",
    "/var/lib/apt/lists/lock",
    "/var/cache/apt/archives/lock",
)
PATIENCE_SECONDS = 600
STEP_SECONDS = 0.5
HEARTBEAT_SECONDS = 15
# struct flock of fcntl(2): type, whence, start, length, process; padded as the compiler pads it.
FLOCK = "hhqqi0q"
TAKEN = re.compile(r"E: (Could not get lock|Unable to lock|Unable to acquire the dpkg frontend lock) ")


@dataclass(frozen=True)
class Holder:
    """A lock that a process holds."""

    lock: str
    pid: int

    def __str__(self) -> str:
        """The process as a person looks for it."""
        service = service_of(self.pid)
        if self.pid <= 0:
            return "a process outside this container"
        return f"{name_of(self.pid) or 'a process'} (process {self.pid}{f' of {service}' if service else ''})"

    @property
    def cure(self) -> str:
        """What ends the wait."""
        service = service_of(self.pid)
        return f"wait until it ends, or end it with `systemctl stop {service}`" if service else "wait until it ends"


def holder(disk: Disk) -> Holder | None:
    """Who holds one of the locks; None when all are free."""
    for lock in LOCKS:
        try:
            handle = os.open(disk.real(lock), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            continue
        try:
            answer = fcntl.fcntl(handle, fcntl.F_GETLK, struct.pack(FLOCK, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0))
        finally:
            os.close(handle)
        kind, _, _, _, pid = struct.unpack(FLOCK, answer)
        if kind != fcntl.F_UNLCK:
            return Holder(lock, pid)
    return None


def wait_until_free(host: Host) -> None:
    """Wait until nobody holds a lock, naming who does; raises Refusal with the cure after ten minutes."""
    began = host.elapsed()
    said = began - HEARTBEAT_SECONDS
    while True:
        held = holder(host.disk)
        if held is None:
            return
        waited = host.elapsed() - began
        if waited >= PATIENCE_SECONDS:
            raise Refusal(f"{held} has held {held.lock} for {waited:.0f} s; {held.cure}, then run pulumi up again")
        if host.elapsed() - said >= HEARTBEAT_SECONDS:
            said = host.elapsed()
            host.progress(f"waiting for {held}, which holds {held.lock}; {PATIENCE_SECONDS - waited:.0f} s at most")
        host.wait(STEP_SECONDS)


def was_taken(lines: list[str]) -> bool:
    """Whether apt gave up because somebody else took a lock first."""
    return any(TAKEN.match(line) for line in lines)
