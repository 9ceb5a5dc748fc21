"""Orders that a setter takes: one line each, judged by grammar, by bounds, and by what the spec lists."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Union

from .errors import Refusal

Address = Union[ipaddress.IPv4Address, ipaddress.IPv6Address]
Network = Union[ipaddress.IPv4Network, ipaddress.IPv6Network]
# As fail2ban's longest ban; whoever can write here must not shut out anybody for good.
LONGEST_SECONDS = 7 * 86400
LARGEST_ORDER = 64
# No zone, no brackets, no signs, no blanks but one: what does not look like this is not even parsed.
BAN = re.compile(rb"ban ([0-9a-f.:]{2,45}) ([1-9][0-9]{0,5})\n")
FLOW = re.compile(rb"(prove|end) ([0-9.]{7,15}) ([1-9][0-9]{0,4})\n")
LINE = re.compile(r"(trusted|spared|port) (\S{1,49})")


@dataclass(frozen=True)
class Order:
    """What is to be done for an address: `ban` for so many seconds, `prove` or `end` the flow from a port."""

    verb: str
    address: Address
    number: int


@dataclass(frozen=True)
class Listed:
    """Networks that the spec lists: `trusted` ones need no proof; they and `spared` ones are never banned."""

    trusted: tuple[Network, ...]
    spared: tuple[Network, ...]
    ports: tuple[int, ...]


def parse_order(message: bytes) -> Order:
    """One whole line and nothing behind it; raises Refusal without repeating what a stranger may have chosen."""
    found = BAN.fullmatch(message)
    if found:
        seconds = int(found[2])
        if seconds > LONGEST_SECONDS:
            raise Refusal(f"a ban lasts at most {LONGEST_SECONDS} s")
        return Order("ban", _address(found[1]), seconds)
    found = FLOW.fullmatch(message)
    if found is None:
        raise Refusal("not one line `ban ADDRESS SECONDS`, `prove ADDRESS PORT` or `end ADDRESS PORT`")
    if int(found[3]) > 65535:
        raise Refusal("no such port")
    return Order(found[1].decode(), _address(found[2]), int(found[3]))


def parse_listed(text: str) -> Listed:
    """The setter's configuration; raises Refusal when a line is none, because a network it misses could be banned."""
    found: dict[str, list[str]] = {"trusted": [], "spared": [], "port": []}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        match = LINE.fullmatch(line)
        if match is None:
            raise Refusal("a line of the setter's configuration is not `trusted`, `spared` or `port` and a value")
        found[match[1]].append(match[2])
    trusted, spared = (tuple(ipaddress.ip_network(n, strict=False) for n in found[k]) for k in ("trusted", "spared"))
    return Listed(trusted, spared, tuple(int(port) for port in found["port"]))


def banned_element(address: Address) -> Network:
    """What a ban covers: an IPv4 address, and of an IPv6 address the /64 that its subscriber has."""
    return ipaddress.ip_network(f"{address}/{32 if address.version == 4 else 64}", strict=False)


def judge(order: Order, listed: Listed) -> None:
    """Raise Refusal when an order touches what the spec lists."""
    element = banned_element(order.address)
    if order.verb == "ban" and _overlap(element, (*listed.trusted, *listed.spared)):
        raise Refusal("the spec lists it: it is never banned")
    if order.verb != "ban" and _overlap(element, listed.trusted):
        raise Refusal("the spec lists it: it needs no proof")


def _overlap(element: Network, networks: Iterable[Network]) -> bool:
    return any(element.version == n.version and element.overlaps(n) for n in networks)  # type: ignore[arg-type]


def _address(text: bytes) -> Address:
    """An address that another host can have. Class E stays allowed: the canary's is of it."""
    try:
        address = ipaddress.ip_address(text.decode())
    except ValueError:
        raise Refusal("not an address") from None
    if address.is_loopback or address.is_multicast or address.is_unspecified or address.is_link_local:
        raise Refusal("no other host has such an address")
    if address.version == 6 and not _is_global_unicast(address):
        raise Refusal("no other host has such an address")
    if address == ipaddress.ip_address("255.255.255.255"):
        raise Refusal("no other host has such an address")
    return address


def _is_global_unicast(address: Address) -> bool:
    """2000::/3 or unique local: neither a mapped or embedded IPv4 address nor one of the kernel's own."""
    return any(address in ipaddress.ip_network(n) for n in ("2000::/3", "fc00::/7"))
