"""Which networks are in which country, from libloc's signed database, which the package `location` keeps up to date."""

from __future__ import annotations

import email.utils
import ipaddress
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass

from .commands import Commands
from .errors import Refusal
from .feed_file import joined

DATABASE = "/var/lib/location/database.db"
STALE_DAYS = 45
# Exporting the largest country took a few seconds; a loaded machine takes longer.
EXPORT_SECONDS = 120


@dataclass(frozen=True)
class Countries:
    """IPv4 networks of some countries, joined and sorted, when their data was made, and codes it has no network of."""

    networks: list[str]
    made: int
    empty: list[str]


def fingerprint(path: str = DATABASE) -> list[int]:
    """Tells one database from another without reading it; empty when there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return []
    return [found.st_mtime_ns, found.st_size]


def read_countries(commands: Commands, codes: Sequence[str]) -> Countries:
    """Verify the database's signature and take out the countries; raises Refusal when either fails."""
    before = fingerprint()
    if not before:
        raise Refusal(f"{DATABASE} is missing; install libloc-database")
    if commands.run(["location", "verify"]).status != 0:
        raise Refusal(f"{DATABASE} does not bear its maker's signature; `location update` fetches it anew")
    made = _time(commands.must(["location", "version"]))
    with tempfile.TemporaryDirectory() as folder:
        argv = ["location", "export", "--format", "list", "--family", "ipv4", "--directory", folder, *codes]
        commands.must(argv, seconds=EXPORT_SECONDS)
        listed = {code: _networks(f"{folder}/{code}v4.networks") for code in codes}
    if fingerprint() != before:
        raise Refusal(f"{DATABASE} was replaced while it was read; it is read again at once")
    every = [network for networks in listed.values() for network in networks]
    return Countries(joined(every), made, [code for code, networks in listed.items() if not networks])


def age_fault(made: int, now: float) -> str:
    """What to tell of data older than 45 days; empty when it is not."""
    days = int((now - made) / 86400)
    if days <= STALE_DAYS:
        return ""
    return f"the data is {days} days old; see `systemctl status location-update`, which fetches it over HTTPS"


def _networks(path: str) -> list[ipaddress.IPv4Network]:
    try:
        with open(path, encoding="ascii") as lines:
            return [ipaddress.IPv4Network(line.strip()) for line in lines]
    except (OSError, ValueError) as problem:
        raise Refusal(f"location's list {os.path.basename(path)} cannot be read: {problem}") from None


def _time(text: str) -> int:
    try:
        return int(email.utils.parsedate_to_datetime(text.strip()).timestamp())
    except (TypeError, ValueError):
        raise Refusal(f"location's version is no date: {text.strip()[:60]}") from None
