"""Tells the firewall at once what the setter has saved: one ban after the other takes minutes after an attack."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator

from .bans import SETS
from .commands import Commands
from .errors import Refusal
from .saved_bans import Saved, SavedBans
from .setter_orders import LONGEST_SECONDS


def restore_bans(commands: Commands, now: float, saved: SavedBans | None = None) -> str:
    """Add every ban and proof that has not ended to the firewall's sets; returns what was added."""
    lines = list(_elements((saved or SavedBans()).read(), now))
    if lines:
        commands.must(
            ["nft", "-f", "-"], stdin="".join(f"add element inet hardened_asterisk {line}\n" for line in lines)
        )
    return f"{len(lines)} saved bans and proofs are in the firewall"


def forget_ban(element: str, now: float, saved: SavedBans | None = None) -> None:
    """Save that a ban was taken back, so that no reboot brings it back; raises Refusal when it is no element."""
    if _network(element) is None:
        raise Refusal(f"{element!r} is no address or network")
    (saved or SavedBans()).add([f"unban {element} 0 0"], now)


def keep_proofs(kept: Iterable[tuple[str, int]], now: float, saved: SavedBans | None = None) -> None:
    """Save these proofs of those that are saved, and the addresses they come from; every other one has ended."""
    flows = set(kept)
    addresses = {address for address, _ in flows}

    def others_end(found: Saved) -> None:
        found.proven = {who: end for who, end in found.proven.items() if who in addresses}
        found.flows = {flow: end for flow, end in found.flows.items() if flow in flows}

    (saved or SavedBans()).change(others_end, now)


def _elements(saved: Saved, now: float) -> Iterator[str]:
    for who, end in saved.bans.items():
        network = _network(who)
        if network is not None and end > now:
            yield f"{SETS[network.version]} {{ {who} timeout {min(int(end - now) + 1, LONGEST_SECONDS)}s }}"
    for who, end in saved.proven.items():
        if _network(who) is not None and end > now:
            yield f"proven {{ {who} timeout {int(end - now) + 1}s }}"
    for (who, port), end in saved.flows.items():
        if _network(who) is not None and end > now:
            yield f"proven_flows {{ {who} . {port} timeout {int(end - now) + 1}s }}"


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        return None
