"""One feed: a file of bad addresses that the owner keeps up to date, read as if somebody else had written it."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Union

from . import safe_path
from .errors import Refusal

Network = Union[ipaddress.IPv4Network, ipaddress.IPv6Network]
LARGEST_BYTES = 8 * 1024 * 1024
MOST_NETWORKS = 100_000
# A wider network in a list of bad addresses is a mistake that shuts out most phones on the road.
WIDEST = {4: 8, 6: 16}
SHAPE = re.compile(r"[0-9a-fA-F.:]{2,45}(/\d{1,3})?")


@dataclass(frozen=True)
class Feed:
    """What a file holds: its networks, joined and sorted, how many lines are none, and when it was written."""

    networks: list[str]
    bad: int
    written: int


def read_feed(path: str) -> Feed:
    """Read a feed; raises Refusal when it is missing, no file, too large, or more of its lines are bad than good."""
    data, written = _bytes_of(path)
    lines = [line for line in (_content(line) for line in data.split(b"\n")) if line]
    networks = [network for network in (_network(line) for line in lines) if network is not None]
    bad = len(lines) - len(networks)
    if not networks or bad > len(networks):
        raise Refusal(f"{path} is no list of addresses: {len(networks)} lines are networks, {bad} are not")
    if len(networks) > MOST_NETWORKS:
        raise Refusal(f"{path} has {len(networks)} networks, more than {MOST_NETWORKS}")
    return Feed(joined(networks), bad, written)


def joined(networks: Iterable[Network]) -> list[str]:
    """Networks without overlaps, neighbours joined, IPv4 first."""
    every = list(networks)
    of = {version: [n for n in every if n.version == version] for version in (4, 6)}
    return [str(n) for version in (4, 6) for n in ipaddress.collapse_addresses(of[version])]


def _bytes_of(path: str) -> tuple[bytes, int]:
    try:
        # A link of root's may lead to it; one that the owner of a feed placed may lead to any file of root's.
        handle = safe_path.open_file("", path)
    except FileNotFoundError:
        raise Refusal(f"{path} is missing") from None
    except OSError as problem:
        raise Refusal(
            f"{path} cannot be read ({problem.strerror}); root must own it or everybody may read it"
        ) from None
    found = os.fstat(handle)
    with os.fdopen(handle, "rb") as stream:
        data = stream.read(LARGEST_BYTES + 1)
    if len(data) > LARGEST_BYTES:
        raise Refusal(f"{path} is larger than {LARGEST_BYTES // 1024 // 1024} MiB")
    return data, int(found.st_mtime)


def _content(line: bytes) -> bytes:
    """A line without its comment, behind # or ;."""
    return re.split(rb"[#;]", line, maxsplit=1)[0].strip()


def _network(line: bytes) -> Network | None:
    """An address, or a network without bits behind its prefix, that is no wider than may be listed."""
    text = line.decode("ascii", "replace")
    if not SHAPE.fullmatch(text):
        return None
    try:
        network = ipaddress.ip_network(text, strict=True)
    except ValueError:
        return None
    return network if network.prefixlen >= WIDEST[network.version] else None
