"""Tells the firewall at once what fail2ban remembers: one ban after the other takes minutes after an attack."""

from __future__ import annotations

import ipaddress
import re
import sqlite3
from collections.abc import Iterable, Iterator

from .bans import JAILS, SETS
from .commands import Commands

DATABASE = "/var/lib/fail2ban/fail2ban.sqlite3"
PROOFS = "hardened-asterisk-proof"
FLOW = re.compile(r"[A-Z]+/((?:\d{1,3}\.){3}\d{1,3})/(\d{1,5})")
LONGEST_SECONDS = 7 * 86400

Row = tuple[str, str, int, int]


def restore_bans(commands: Commands, now: float, database: str = DATABASE) -> str:
    """Add every ban and proof that has not ended to the firewall's sets; returns what was added."""
    lines = list(_elements(_remembered(database), now))
    if lines:
        commands.must(
            ["nft", "-f", "-"], stdin="".join(f"add element inet hardened_asterisk {line}\n" for line in lines)
        )
    return f"{len(lines)} elements from fail2ban's memory are in the firewall"


def _remembered(database: str) -> list[Row]:
    """Rows of fail2ban's table of current bans; none when it has no database yet or none that can be read."""
    try:
        connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=5)
        try:
            return connection.execute("SELECT jail, ip, timeofban, bantime FROM bips").fetchall()
        finally:
            connection.close()
    except sqlite3.Error:
        return []


def _elements(rows: Iterable[Row], now: float) -> Iterator[str]:
    for jail, who, since, lasts in rows:
        left = min(int(since + lasts - now), LONGEST_SECONDS)
        flow = FLOW.fullmatch(who)
        if left <= 0:
            continue
        if jail == PROOFS and flow and _address(flow[1]):
            yield f"proven {{ {flow[1]} }}"
            yield f"proven_flows {{ {flow[1]} . {int(flow[2])} }}"
        elif jail in JAILS and (address := _address(who)):
            element = address if address.version == 4 else ipaddress.ip_network(f"{address}/64", strict=False)
            yield f"{SETS[address.version]} {{ {element} timeout {left}s }}"


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
