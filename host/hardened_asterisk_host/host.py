"""The host as the transaction sees it: its disk, its tools, and what is waited for; tests hand in a simulated one."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Callable

from .commands import Commands
from .disk import Disk
from .firewall import Firewall
from .systemd import Systemd


def boot_identity() -> str:
    """The kernel's name for this boot."""
    with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as handle:
        return handle.read().strip()


@dataclass
class Host:
    """Disk, commands, clock and progress, and the tools built on them. `progress` lines are for a person.

    `booting`: the units we put back are about to be started by systemd itself, so jobs are queued and not waited for.
    `elapsed`: seconds that no step of the clock changes, for every wait; `now` is for records alone.
    """

    disk: Disk
    commands: Commands
    progress: Callable[[str], None]
    boot: str
    now: Callable[[], float] = time.time
    wait: Callable[[float], None] = time.sleep
    booting: bool = False
    elapsed: Callable[[], float] = time.monotonic
    systemd: Systemd = field(init=False)
    firewall: Firewall = field(init=False)

    def __post_init__(self) -> None:
        """Build the tools on the commands."""
        self.systemd = Systemd(self.commands)
        self.firewall = Firewall(self.commands)


def stamp(seconds: float) -> str:
    """A time as ISO 8601 in UTC, whole seconds."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
