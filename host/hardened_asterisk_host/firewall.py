"""nftables: which tables are ours, their exact state saved, checked, loaded and put back."""

from __future__ import annotations

import re
from typing import Any

from .commands import Commands, last_lines
from .errors import Refusal

TABLE = re.compile(
    r"^[ \t]*(?:add[ \t]+)?table[ \t]+(?:(ip|ip6|inet|arp|bridge|netdev)[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)", re.M
)
SHOWN = 240
LACKING = "; this kernel has no synproxy (module nft_synproxy): boot the kernel that Debian ships, linux-image-amd64"


class Firewall:
    """The host's packet filter through nft; only tables that our own file declares are ever touched."""

    def __init__(self, commands: Commands) -> None:
        """Use these commands."""
        self.commands = commands

    def check(self, path: str) -> None:
        """Let nft check a file without loading it; raises Refusal with nft's own words."""
        result = self.commands.run(["nft", "-c", "-f", path])
        if result.status != 0:
            errors = [line[:SHOWN] for line in result.text.splitlines() if "Error:" in line] or [result.text[:SHOWN]]
            # Some kernels of rented machines are made without it; nft then shows the rule and says "No such file".
            cure = LACKING if "synproxy" in result.text and "No such file" in result.text else ""
            raise Refusal(f"nft refuses the staged firewall: {' | '.join(errors[:3])}{cure}")

    def load(self, path: str) -> None:
        """Load a file in one kernel transaction."""
        self.commands.must(["nft", "-f", path])

    def save(self, tables: list[list[str]]) -> list[dict[str, Any]]:
        """Each table's listing as it is now, with its set elements; `listing` is None when it does not exist."""
        saved: list[dict[str, Any]] = []
        for family, name in tables:
            listing = self.commands.run(["nft", "list", "table", family, name])
            terse = self.commands.run(["nft", "--terse", "list", "table", family, name])
            exists = listing.status == 0
            saved.append(
                {
                    "family": family,
                    "name": name,
                    "listing": listing.out if exists else None,
                    "terse": terse.out if exists else None,
                }
            )
        return saved

    def restore(self, saved: list[dict[str, Any]]) -> list[str]:
        """Put saved tables back, each atomically, without elements that nft does not take back. Returns problems."""
        problems: list[str] = []
        for table in saved:
            words = f"{table['family']} {table['name']}"
            remove = f"table {words}\ndelete table {words}\n"
            full = self.commands.run(["nft", "-f", "-"], stdin=remove + (table["listing"] or ""))
            if full.status == 0:
                continue
            bare = self.commands.run(["nft", "-f", "-"], stdin=remove + (table["terse"] or ""))
            if bare.status != 0:
                problems.append(f"nft could not put table {words} back: {last_lines(full.text, 3)}")
        return problems


def tables_in(text: str) -> list[list[str]]:
    """Tables a file declares, as [family, name] in order of first mention; nft's default family is ip."""
    found: list[list[str]] = []
    for family, name in TABLE.findall(text):
        if [family or "ip", name] not in found:
            found.append([family or "ip", name])
    return found
