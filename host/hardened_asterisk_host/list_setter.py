"""The setter of the address lists' four sets: who reads the lists has no right over the firewall and hands them over.

A message is one network a line, `SET NETWORK`, and `end COUNT` behind the last; it replaces all four sets.
"""

from __future__ import annotations

import ipaddress
import os
import re

from .bans import TABLE
from .commands import Commands
from .disk import Disk
from .errors import Refusal
from .setter_socket import serve

SOCKET = "/run/hardened-asterisk-lists-setter/lists"
SAVED = "/var/lib/hardened-asterisk-lists-setter/lists"
SETS = {"fed4": 4, "fed6": 6, "allowed4": 4, "blocked4": 4}
LINE = re.compile(r"(fed4|fed6|allowed4|blocked4) ([0-9a-f.:]{2,39}/\d{1,3})")
END = re.compile(r"end (\d{1,7})")
LARGEST_BYTES = 16 * 1024 * 1024
MOST = 500_000
# A list with half of the Internet in it is a mistake, or somebody who wants to shut out everybody.
WIDEST = {4: 4, 6: 8}
MESSAGE_SECONDS = 60.0
# Loading the largest country took a few seconds; a loaded machine takes longer.
EFFECT_SECONDS = 120


def message_of(sets: dict[str, list[str]]) -> bytes:
    """What is handed over for these networks."""
    lines = [f"{name} {network}" for name, networks in sets.items() for network in networks]
    return "".join(f"{line}\n" for line in [*lines, f"end {len(lines)}"]).encode()


def parse_lists(message: bytes) -> dict[str, list[str]]:
    """The four sets of a message; raises Refusal when any part of it is not as it must be."""
    *lines, last = message.decode("ascii", "replace").split("\n")
    end = END.fullmatch(lines[-1]) if lines and last == "" else None
    if end is None or int(end[1]) != len(lines) - 1:
        raise Refusal("the lists are not whole")
    if len(lines) > MOST:
        raise Refusal(f"more than {MOST} networks")
    sets: dict[str, list[str]] = {name: [] for name in SETS}
    for line in lines[:-1]:
        found = LINE.fullmatch(line)
        if found is None or not _fits(found[1], found[2]):
            raise Refusal("a line is not one of the four sets and a network that may be in it")
        sets[found[1]].append(found[2])
    return sets


def set_lists(commands: Commands) -> int:
    """Serve until the program is replaced."""

    def answer(message: bytes) -> str:
        sets = load_lists(commands, message)
        Disk().write(SAVED, message, 0o600, os.getuid(), os.getgid())
        return f"ok {sum(map(len, sets.values()))} networks"

    return serve(answer, LARGEST_BYTES, MESSAGE_SECONDS)


def restore_lists(commands: Commands) -> str:
    """Tell a new firewall what was set last, in one transaction."""
    try:
        message = Disk().read(SAVED)
    except FileNotFoundError:
        return "no address lists were set yet"
    sets = load_lists(commands, message)
    return f"{sum(map(len, sets.values()))} networks of the address lists are in the firewall"


def load_lists(commands: Commands, message: bytes) -> dict[str, list[str]]:
    """Judge a message and tell the firewall what it holds, in one transaction; returns the sets."""
    sets = parse_lists(message)
    text = ""
    for name, networks in sets.items():
        text += f"flush set {' '.join(TABLE)} {name}\n"
        if networks:
            text += f"add element {' '.join(TABLE)} {name} {{ {', '.join(networks)} }}\n"
    commands.must(["nft", "-f", "-"], stdin=text, seconds=EFFECT_SECONDS)
    return sets


def _fits(name: str, text: str) -> bool:
    try:
        network = ipaddress.ip_network(text, strict=True)
    except ValueError:
        return False
    return network.version == SETS[name] and network.prefixlen >= WIDEST[network.version]
