"""Proofs: addresses and connections that the firewall trusts more because a phone has given its password there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from .bans import TABLE
from .commands import Commands, last_lines
from .errors import Refusal
from .rights import as_setter
from .timer import AGENT

PROOFS = "hardened-asterisk-proof"
# As the filter names a connection.
FLOW = re.compile(r"[A-Z]+/((?:\d{1,3}\.){3}\d{1,3})/(\d{1,5})")
# Address and port a phone is registered from.
Flow = tuple[str, int]
AT_ONCE = 200


def end_proofs(commands: Commands, keep: Iterable[Flow]) -> int:
    """End every proof but those of `keep`, in the firewall and in fail2ban's memory; returns how many ended.

    Neither knows whose password proved an address, so all of them end but those of phones that are registered. Any
    other phone proves itself again with its next request. Raises Refusal when one of the two does not take it.
    """
    kept = set(keep)
    addresses, flows = _addresses(commands), _flows(commands)
    ended = addresses - {address for address, _ in kept}
    if not addresses and not flows:
        _save(commands, kept)
        _forget(commands, kept)
        return 0
    lines = [f"flush set {' '.join(TABLE)} {name}" for name in ("proven", "proven_flows")]
    lines += [_add("proven", address) for address in sorted(addresses - ended)]
    lines += [_add("proven_flows", f"{address} . {port}") for address, port in sorted(flows & kept)]
    # One transaction: a phone that keeps its proof loses no packet.
    commands.must(["nft", "-f", "-"], stdin="".join(f"{line}\n" for line in lines))
    _save(commands, kept)
    # After it: a proof that comes in between is given anew, and not remembered without being there.
    _forget(commands, kept)
    return len(ended)


def _save(commands: Commands, kept: set[Flow]) -> None:
    """Have the setter save no other proof: a reboot would bring them back."""
    commands.must(as_setter([AGENT, "keep-proofs"]), stdin=json.dumps(sorted(kept)))


def _add(name: str, element: str) -> str:
    return f"add element {' '.join(TABLE)} {name} {{ {element} }}"


def remembered(commands: Commands) -> bool:
    """Whether fail2ban remembers proofs, as it does where a phone is on the road; raises Refusal when it is silent."""
    status = commands.run(["fail2ban-client", "status"])
    if status.status != 0:
        raise Refusal(f"fail2ban does not answer: {last_lines(status.text, 2)}; `systemctl status fail2ban`")
    return PROOFS in status.out


def _forget(commands: Commands, kept: set[Flow]) -> None:
    """Have fail2ban forget the others: it would tell the firewall of them again, and pass over their next proof."""
    if not remembered(commands):
        return
    ended = _known_but(commands, kept)
    for first in range(0, len(ended), AT_ONCE):
        # It exits with 1 for one that has ended by itself meanwhile.
        commands.run(["fail2ban-client", "set", PROOFS, "unbanip", *ended[first : first + AT_ONCE]])
    left = set(ended) & set(_known_but(commands, kept))
    if left:
        raise Refusal(f"fail2ban does not forget {len(left)} proofs; `fail2ban-client unban --all` makes it")


def _known_but(commands: Commands, kept: set[Flow]) -> list[str]:
    known = commands.must(["fail2ban-client", "get", PROOFS, "banip"]).split()
    return [who for who in known if _flow(who) not in kept]


def _flow(who: str) -> Flow | None:
    found = FLOW.fullmatch(who)
    return (found[1], int(found[2])) if found else None


def _addresses(commands: Commands) -> set[str]:
    return {str(value) for value in _elements(commands, "proven")}


def _flows(commands: Commands) -> set[Flow]:
    return {(str(value["concat"][0]), int(value["concat"][1])) for value in _elements(commands, "proven_flows")}


def _elements(commands: Commands, name: str) -> list[Any]:
    listed = json.loads(commands.must(["nft", "--json", "list", "set", *TABLE, name]))["nftables"]
    found = next((item["set"].get("elem", []) for item in listed if "set" in item), [])
    return [one["elem"]["val"] if isinstance(one, dict) and "elem" in one else one for one in found]
