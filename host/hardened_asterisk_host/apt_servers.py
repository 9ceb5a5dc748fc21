"""Lets root and _apt reach apt's servers on ports of their own: the firewall's sets `apt_servers4` and `apt_servers6`.

The bundle is made without the machine, so what apt's settings say is read here. Addresses are remembered, because at
boot the firewall comes before the network and can ask for no name.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterable
from typing import Any

from .apt_settings import Server, servers
from .disk import make_parents
from .errors import Refusal
from .generations import STATE
from .host import Host

RECORD = f"{STATE}/apt-servers.json"
TABLE = "inet hardened_asterisk"
SETS = {4: "apt_servers4", 6: "apt_servers6"}
USERS = ("root", "_apt")
# What the firewall lets everybody ask.
OPEN_PORTS = (53, 80, 443)
ADDRESSES_OF_NAME = 16
ANSWER_SECONDS = 20

KEY = re.compile(r"\S+ \d{1,5}")

Known = dict[str, list[str]]


def permit(host: Host, also: Iterable[str] = ()) -> str:
    """Read apt's settings, ask for each server's addresses, tell the firewall; returns a sentence, empty if none."""
    before = _remembered(host)
    known: Known = {}
    for server in servers(host.commands, host.disk, also):
        if server.port not in OPEN_PORTS:
            # A name that nobody answers for now keeps the addresses it had.
            known[_key(server)] = _addresses(host, server.name) or before.get(_key(server), [])
    if known != before:
        make_parents(host.disk, RECORD)
        host.disk.write(RECORD, json.dumps(known, sort_keys=True).encode(), 0o600)
    return _tell(host, known)


def load(host: Host) -> str:
    """Tell a new table what is remembered, without asking anybody; returns a sentence, empty without any."""
    return _tell(host, _remembered(host))


def _key(server: Server) -> str:
    return f"{server.name} {server.port}"


def _addresses(host: Host, name: str) -> list[str]:
    answer = host.commands.run(["getent", "ahosts", name], seconds=ANSWER_SECONDS).out
    found = dict.fromkeys(line.split()[0] for line in answer.splitlines() if line.split())
    return [address for address in found if _is_elsewhere(address)][:ADDRESSES_OF_NAME]


def _is_elsewhere(text: str) -> bool:
    """Nothing but an address ever gets into a command for nft; the machine itself needs no permission."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    is_scoped = "%" in text
    return not (is_scoped or address.is_loopback or address.is_multicast or address.is_unspecified)


def _tell(host: Host, known: Known) -> str:
    commands = host.commands
    # Before the first installation, and in a table of an earlier version, there is no such set.
    if any(commands.run(["nft", "list", "set", *TABLE.split(), name]).status != 0 for name in SETS.values()):
        return ""
    reached = [(address, server.split()[1]) for server, addresses in known.items() for address in addresses]
    text = ""
    for version, name in SETS.items():
        text += f"flush set {TABLE} {name}\n"
        elements = [
            f"{uid} . {address} . {port}"
            for address, port in dict.fromkeys(reached)
            if ipaddress.ip_address(address).version == version
            for uid in _uids(host)
        ]
        if elements:
            text += f"add element {TABLE} {name} {{ {', '.join(elements)} }}\n"
    commands.must(["nft", "-f", "-"], stdin=text)
    named = ", ".join(
        f"{server.replace(' ', ' port ')} ({', '.join(known[server]) or 'no address'})" for server in known
    )
    return f"the firewall lets root and _apt reach apt's servers: {named}" if named else ""


def _uids(host: Host) -> list[int]:
    found = []
    for user in USERS:
        try:
            found.append(host.disk.uid(user))
        except Refusal:
            continue
    return found


def _remembered(host: Host) -> Known:
    try:
        record: Any = json.loads(host.disk.read(RECORD))
    except (OSError, ValueError):
        return {}
    if not isinstance(record, dict):
        return {}
    return {
        str(server): [address for address in addresses if _is_elsewhere(str(address))]
        for server, addresses in record.items()
        if isinstance(addresses, list) and KEY.fullmatch(str(server))
    }
