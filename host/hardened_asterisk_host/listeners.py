"""What listens on this machine and need not, or where Asterisk has to; with the program and the cure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Callable

from .processes import service_of

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
# What the installation of chrony removes: packages that provide `time-daemon`.
REPLACED = ("ntpd",)
LOCAL = re.compile(r"^(?P<address>.*?)(%\w+)?:(?P<port>\d+)$")
PROGRAM = re.compile(r'\("([^"]+)",pid=(\d+)')
CLAIM = re.compile(r"(tcp|udp):(\d{1,5})(?:-(\d{1,5}))?:([A-Za-z0-9][A-Za-z0-9._-]{0,14})")


@dataclass(frozen=True)
class Claim:
    """Ports of one protocol that belong to a program."""

    protocol: str
    low: int
    high: int
    program: str

    def covers(self, listener: Listener) -> bool:
        """Whether a listener is at one of these ports."""
        return self.protocol == listener.protocol and self.low <= listener.port <= self.high


@dataclass(frozen=True)
class Listener:
    """A port at which programs listen, and whether that is on the machine itself alone."""

    protocol: str
    port: int
    address: str
    programs: tuple[str, ...]
    pid: int

    @property
    def is_local(self) -> bool:
        """Whether nobody else can reach it."""
        try:
            return ipaddress.ip_address(self.address).is_loopback
        except ValueError:
            return False


def claim(text: str) -> Claim:
    """Read `tcp:443:nginx` or `udp:10000-10199:asterisk`; raises ValueError."""
    found = CLAIM.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is not protocol:port:program")
    protocol, low, high, program = found.groups()
    return Claim(protocol, int(low), int(high or low), program)


def unexpected_listeners(
    sockets: str,
    needed: Iterable[Claim] = (),
    kept: Iterable[Claim] = (),
    early: bool = False,
    service: Callable[[int], str] = service_of,
) -> list[str]:
    """One sentence for each listener in the output of `ss -Hlntup` that a PBX does not need, or whose port it needs.

    Loopback is judged for needed ports alone. `early`: before the installation, which removes some programs.
    """
    needed, kept = tuple(needed), tuple(kept)
    expected = (*EXPECTED, *REPLACED) if early else EXPECTED
    found: dict[str, None] = {}
    for listener in _listeners(sockets):
        owner = next((one for one in needed if one.covers(listener)), None)
        meant = next((one for one in kept if one.covers(listener)), None)
        name = _shown(listener.programs[0])
        words = f"{name} listens on {listener.protocol} port {listener.port}"
        stop = _cure(listener, service)
        if owner is not None and owner.program not in listener.programs:
            found[f"{words}, which {owner.program} needs: {stop}"] = None
        elif owner is not None or listener.is_local or set(listener.programs) & set(expected):
            continue
        elif meant is None:
            keep = f'extraPorts: [{{ {listener.protocol}: {listener.port}, from: [NETWORK], program: "{name}" }}]'
            found[f"{words}, which the firewall closes: {stop}, or keep it with {keep}"] = None
        elif meant.program not in listener.programs:
            found[f"{words}, which extraPorts gives to {meant.program}: {stop}, or correct extraPorts"] = None
    return sorted(found)


def _listeners(sockets: str) -> Iterable[Listener]:
    for line in sockets.splitlines():
        fields = line.split()
        # A socket of the kernel's own, such as WireGuard's, names no program.
        programs = PROGRAM.findall(line)
        match = LOCAL.match(fields[4]) if len(fields) >= 5 else None
        if not programs or match is None:
            continue
        names = tuple(dict.fromkeys(name for name, _ in programs))
        # systemd holds the socket of a service that it starts on demand.
        own = next((pid for name, pid in programs if name != "systemd"), programs[0][1])
        ordered = (*(name for name in names if name != "systemd"), *(name for name in names if name == "systemd"))
        yield Listener(fields[0], int(match["port"]), match["address"].strip("[]"), ordered, int(own))


def _cure(listener: Listener, service: Callable[[int], str]) -> str:
    unit = service(listener.pid)
    if listener.programs[-1] == "systemd":
        stop = f"`systemctl disable --now {unit}`" if unit and listener.programs[0] != "systemd" else "stop its service"
        return f"{stop} and disable the socket unit that `systemctl list-sockets` shows for it"
    if unit:
        return f"`systemctl disable --now {unit}`"
    return f"end process {listener.pid} and disable what starts it"


def _shown(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable())
