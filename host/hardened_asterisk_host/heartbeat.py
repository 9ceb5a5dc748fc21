"""One line a minute that says the PBX is alive and how it does. Whoever collects logs notices when it stops."""

from __future__ import annotations

import json
import re

from .calls import channels_up
from .commands import Commands
from .disk import make_parents
from .host import Host

# Counters since boot, as they were a minute ago.
BEFORE = "/run/hardened-asterisk-heartbeat/refused"
FOUND = re.compile(r"^Objects found: (\d+)", re.M)
PERCENT = re.compile(r"^\s*(\d+)%\s*$", re.M)
MEMORY = re.compile(r"^(MemTotal|MemAvailable):\s+(\d+) kB", re.M)
# Packets that EC2 did not carry because the instance type may not (driver ena).
ALLOWANCE = re.compile(r"^\s*\w+_allowance_exceeded: (\d+)\s*$", re.M)


def heartbeat(host: Host) -> str:
    """The line: JSON whose `heartbeat` is 1, or 0 while asterisk does not answer; what cannot be had is left out."""
    channels = channels_up(host)
    found: dict[str, int | None] = {
        "heartbeat": 0 if channels is None else 1,
        "channels": channels,
        "contacts": _contacts(host.commands),
        "diskPercent": _disk(host.commands),
        "memoryPercent": _memory(host.commands),
        "ec2Refused": _refused(host),
    }
    return json.dumps({key: value for key, value in found.items() if value is not None}, separators=(",", ":"))


def _contacts(commands: Commands) -> int | None:
    counted = FOUND.search(commands.run(["asterisk", "-rx", "pjsip show contacts"], seconds=10).out)
    return int(counted[1]) if counted else None


def _disk(commands: Commands) -> int | None:
    """Of the fuller of the two file systems that logs and state lie on."""
    shares = PERCENT.findall(commands.run(["df", "--output=pcent", "/", "/var/log"]).out)
    return max((int(share) for share in shares), default=None)


def _memory(commands: Commands) -> int | None:
    sizes = {name: int(size) for name, size in MEMORY.findall(commands.run(["cat", "/proc/meminfo"]).out)}
    if len(sizes) < 2:
        return None
    return round(100 - 100 * sizes["MemAvailable"] / sizes["MemTotal"])


def _refused(host: Host) -> int | None:
    """Packets refused since the last line; None where no network card counts them."""
    counts: list[str] = []
    for card in host.commands.run(["ls", "/sys/class/net"]).out.split():
        counts += ALLOWANCE.findall(host.commands.run(["ethtool", "-S", card]).out)
    if not counts:
        return None
    now = sum(int(count) for count in counts)
    try:
        before = int(host.disk.read(BEFORE))
    except (FileNotFoundError, ValueError):
        before = now
    make_parents(host.disk, BEFORE, 0o755)
    host.disk.write(BEFORE, str(now).encode(), 0o600)
    # Counters start anew with the machine.
    return max(0, now - before)
