"""What a person and the journal are told of the lists of addresses: how large, how old, and what is wrong."""

from __future__ import annotations

from typing import Any

from .address_lists import Wanted, elements, remembered, remembered_countries, wanted_lists
from .bans import TABLE
from .countries import age_fault
from .host import Host, stamp


def lists_report(host: Host) -> list[tuple[bool, str]]:
    """One line for each list, and whether it is as it should be and in the firewall; empty without lists."""
    wanted = wanted_lists(host.disk)
    if wanted is None:
        return []
    return read_report(host, wanted) + [(False, f"firewall: {name} is not filled") for name in _unfilled(host, wanted)]


def read_report(host: Host, wanted: Wanted) -> list[tuple[bool, str]]:
    """The same without a look into the firewall, for which the reader of the lists has no right."""
    lines = [_line(f"feed {name}", remembered(host.disk, f"feed-{name}"), "written") for name in wanted.feeds]
    if wanted.countries:
        record = remembered_countries(host.disk, wanted)
        verb = "allowed" if wanted.allow else "blocked"
        line = _line(f"countries {verb} {' '.join(wanted.countries)}", record, "data of")
        old = age_fault(record["of"], host.now()) if record and "of" in record else ""
        lines.append((False, f"{line[1]}; {old}") if old else line)
    return [(well, printable(line)) for well, line in lines]


def printable(line: str) -> str:
    """A line for a terminal, whatever the files of the readers hold."""
    return "".join(character if character.isprintable() else "?" for character in line)[:400]


def _line(title: str, record: dict[str, Any] | None, word: str) -> tuple[bool, str]:
    if record is None:
        return False, f"{title}: not read yet; `systemctl start hardened-asterisk-lists`"
    parts = [f"{len(record.get('networks', []))} networks"]
    if "of" in record:
        parts.append(f"{word} {stamp(record['of'])}")
    if record.get("bad"):
        parts.append(f"{record['bad']} lines are no network")
    text = f"{title}: {', '.join(parts)}"
    return (True, text) if not record.get("problem") else (False, f"{text}; {record['problem']}")


def _unfilled(host: Host, wanted: Wanted) -> list[str]:
    """Sets that lack what is remembered for them; one element stands for all, which are told in one transaction."""
    return [
        name
        for name, networks in elements(host.disk, wanted).items()
        if networks and host.commands.run(["nft", "get", "element", *TABLE, name, "{", networks[0], "}"]).status != 0
    ]
