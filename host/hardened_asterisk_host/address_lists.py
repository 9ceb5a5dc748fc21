"""Lists of addresses that unauthenticated sources are judged by: read, remembered, and handed to the setter.

They are read by a user without rights, `hardened-asterisk-lists`, because others wrote them. What was read last is
remembered as JSON, so that a list that cannot be read is not an empty one.
"""

from __future__ import annotations

import ipaddress
import json
import os
import re
import stat
from dataclasses import dataclass
from typing import Any

from .countries import fingerprint, read_countries
from .disk import Disk
from .errors import Refusal
from .feed_file import joined, read_feed
from .host import Host
from .list_setter import EFFECT_SECONDS, SOCKET, load_lists, message_of
from .setter_socket import say_to

CONFIGURATION = "/etc/hardened-asterisk/address-lists.conf"
FEEDS = "/etc/hardened-asterisk/feeds"
# As the unit says; root, who reports of it, has no such variable.
STATE = os.environ.get("STATE_DIRECTORY", "/var/lib/hardened-asterisk-lists")
LINE = re.compile(r"(feed|allow|block) ([A-Za-z0-9-]{1,31})")
LARGEST_BYTES = 32 * 1024 * 1024
KINDS = {
    **dict.fromkeys(("networks", "source", "allow", "block"), list),
    **dict.fromkeys(("bad", "of"), int),
    "problem": str,
}
ANSWER_SECONDS = EFFECT_SECONDS + 30
ELEMENT = re.compile(r"[0-9a-f.:]{2,45}/\d{1,3}")


@dataclass(frozen=True)
class Wanted:
    """What the configuration names: feeds, and countries that are either allowed or blocked."""

    feeds: list[str]
    allow: list[str]
    block: list[str]

    @property
    def countries(self) -> list[str]:
        """Codes of all countries named."""
        return [*self.allow, *self.block]


def wanted_lists(disk: Disk) -> Wanted | None:
    """What the active configuration names; None when it has no lists."""
    if disk.entry(CONFIGURATION).kind != "file":
        return None
    named: dict[str, list[str]] = {"feed": [], "allow": [], "block": []}
    for line in disk.read(CONFIGURATION).decode().splitlines():
        found = LINE.fullmatch(line)
        if found:
            named[found[1]].append(found[2])
    return Wanted(named["feed"], named["allow"], named["block"])


def read_lists(host: Host, wanted: Wanted) -> None:
    """Read every list that can be read, remember it, and hand all to the setter; raises Refusal when it refuses."""
    for name in wanted.feeds:
        try:
            feed = read_feed(host.disk.real(f"{FEEDS}/{name}"))
            record = {"networks": feed.networks, "bad": feed.bad, "of": feed.written, "problem": ""}
        except Refusal as problem:
            record = {**(remembered(host.disk, f"feed-{name}") or {}), "problem": str(problem)}
        _remember(host.disk, f"feed-{name}", record)
    if wanted.countries:
        _read_countries(host, wanted)
    hand_over(host, message_of(elements(host.disk, wanted)))


def hand_over(host: Host, message: bytes) -> None:
    """Give the setter all sets; raises Refusal when it refuses."""
    if os.geteuid() == 0:
        # The unit of an older configuration that came back: it has that right itself, and no setter beside it.
        load_lists(host.commands, message)
    else:
        say_to(SOCKET, message, ANSWER_SECONDS)


def _read_countries(host: Host, wanted: Wanted) -> None:
    before = remembered_countries(host.disk, wanted)
    source = fingerprint()
    if before and before.get("source") == source and not before.get("problem"):
        return
    try:
        found = read_countries(host.commands, wanted.countries)
        problem = f"no network is known of {', '.join(found.empty)}" if found.empty else ""
        record = {"networks": found.networks, "of": found.made, "source": source, "problem": problem}
    except Refusal as refusal:
        record = {**(before or {}), "problem": str(refusal)}
    _remember(host.disk, "countries", {**record, "allow": wanted.allow, "block": wanted.block})


def elements(disk: Disk, wanted: Wanted) -> dict[str, list[str]]:
    """Every set of the firewall that the lists fill, and what belongs into it."""
    fed = [network for name in wanted.feeds for network in _networks(remembered(disk, f"feed-{name}"))]
    if len(wanted.feeds) > 1:
        fed = joined(ipaddress.ip_network(network) for network in fed)
    countries = _networks(remembered_countries(disk, wanted))
    return {
        "fed4": [network for network in fed if ":" not in network],
        "fed6": [network for network in fed if ":" in network],
        "allowed4": countries if wanted.allow else [],
        "blocked4": countries if wanted.block else [],
    }


def remembered(disk: Disk, name: str) -> dict[str, Any] | None:
    """What was read last of a list; None when nothing was, or it cannot be read any more."""
    try:
        record = json.loads(_own_file(disk.real(f"{STATE}/{name}.json")))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(record, dict):
        return None
    # Root reads it too, and who wrote it has read what others wrote: nothing is taken for what it is not.
    return {key: record[key] for key, kind in KINDS.items() if isinstance(record.get(key), kind)}


def remembered_countries(disk: Disk, wanted: Wanted) -> dict[str, Any] | None:
    """The same of these very countries; another choice of countries is another list."""
    record = remembered(disk, "countries")
    same = record is not None and (record.get("allow"), record.get("block")) == (wanted.allow, wanted.block)
    return record if same else None


def _remember(disk: Disk, name: str, record: dict[str, Any]) -> None:
    disk.write(f"{STATE}/{name}.json", json.dumps(record).encode(), 0o600, os.geteuid(), os.getegid())


def _own_file(path: str) -> bytes:
    """A file in the readers' folder, which root reads too: never a link to elsewhere, a pipe, or without end."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(f"{path} is not a file")
        return stream.read(LARGEST_BYTES)


def _networks(record: dict[str, Any] | None) -> list[str]:
    """Its networks; nothing but a network ever gets into a command for nft."""
    return [network for network in (record or {}).get("networks", []) if ELEMENT.fullmatch(str(network))]
