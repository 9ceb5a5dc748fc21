"""What listens on this machine and need not."""

from __future__ import annotations

import ipaddress
import re

# Programs that may be reached from outside; of the last ones only answers to what they asked for come in.
EXPECTED = (
    "sshd",
    "asterisk",
    "chronyd",
    "dhclient",
    "dhcpcd",
    "systemd-network",
    "systemd-resolve",
    "systemd-timesyn",
)
LOCAL = re.compile(r"^(?P<address>.*?)(%\w+)?:(?P<port>\d+)$")
PROGRAM = re.compile(r'\("([^"]+)"')


def unexpected_listeners(sockets: str) -> list[str]:
    """One sentence for each listener in the output of `ss -Hlntup` that a PBX does not need; loopback is not judged."""
    found = []
    for line in sockets.splitlines():
        fields = line.split()
        # A socket of the kernel's own, such as WireGuard's, names no program.
        programs = PROGRAM.findall(line)
        if len(fields) < 5 or not programs or _is_local(fields[4]) or set(programs) & set(EXPECTED):
            continue
        found.append(
            f"{programs[0]} listens on {fields[0]} {fields[4]}: stop and disable its service, or remove its package"
        )
    return sorted(set(found))


def _is_local(socket: str) -> bool:
    match = LOCAL.match(socket)
    text = match["address"].strip("[]") if match else ""
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False
