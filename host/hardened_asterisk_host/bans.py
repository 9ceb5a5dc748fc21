"""Bans: who is banned until when, taking one back, and whether they work."""

from __future__ import annotations

import ipaddress
import json
import re
import time
from typing import Any

from .commands import Commands, Result, last_lines
from .errors import Refusal
from .rights import as_bans, as_setter

TABLE = ["inet", "hardened_asterisk"]
SETS = {4: "banned4", 6: "banned_nets6"}
JAILS = {"hardened-asterisk-sip": "SIP", "hardened-asterisk-ssh": "SSH"}
UNITS = ("hardened-asterisk-guard.service", "fail2ban.service", "hardened-asterisk-setter.socket")
AGENT = "/usr/local/sbin/hardened-asterisk"
BAN = re.compile(r"^(\S+)\s+(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) \+ (-?\d+) = (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)$", re.M)
# Who was kept out, in the firewall's words and in a person's.
REASONS = {
    "banned": "packets of banned addresses",
    "stranger_excess": "connections of strangers beyond their number",
    "budget_excess": "packets beyond what a stranger may send",
    "failing_excess": "connections of proven addresses where somebody fails",
    "turned_away": "packets of addresses that had too many connections a moment before",
    "audio_excess": "packets of audio beyond what a codec sends",
    "malformed": "packets that are no SIP",
    "trusted_excess": "packets of trusted addresses beyond any use",
    "refused": "packets nothing is open for",
    "refused_out": "packets this host may not send",
}


def bans_text(commands: Commands) -> str:
    """A table of bans with their end, how many addresses are proven, and what the firewall kept out."""
    rows = {row.split()[0]: row for jail, what in JAILS.items() for row in _bans_of(commands, jail, what)}
    # fail2ban knows why; the firewall has them also when fail2ban has lost its database.
    for who, end in _banned(commands):
        rows.setdefault(who, f"{who:40} {'-':4} {'-':19}  {end}")
    lines = [f"{'ADDRESS':40} {'BY':4} {'SINCE':19}  UNTIL", *rows.values()] if rows else ["nobody is banned"]
    proven = len(_elements(commands, "proven"))
    lines += ["", f"addresses from which a phone on the road has proved itself: {proven}"]
    counters = _counters(commands)
    lines += [f"{counters[name]:>10} {words}" for name, words in REASONS.items() if counters.get(name)]
    return "\n".join(lines)


def unban(commands: Commands, text: str) -> str:
    """Take back a ban, in fail2ban, in the firewall and in what is saved; raises Refusal when there is none."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        raise Refusal(f"{text!r} is not an address; see `hardened-asterisk bans`") from None
    answer = _client(commands, "unban", str(address))
    known = answer.status == 0 and answer.out.strip() not in ("", "0")
    element = str(address) if address.version == 4 else str(ipaddress.ip_network(f"{address}/64", strict=False))
    removed = commands.run(["nft", "delete", "element", *TABLE, SETS[address.version], "{", element, "}"])
    if not known and removed.status != 0:
        if answer.status != 0:
            raise Refusal(f"fail2ban does not answer: {last_lines(answer.text, 2)}")
        raise Refusal(f"{address} is not banned; see `hardened-asterisk bans`")
    commands.must(as_setter([AGENT, "forget-ban", element]))
    return f"{address} is not banned any more; what it is banned for next counts from here"


def health(commands: Commands) -> list[tuple[bool, str]]:
    """Whether each part without which no ban works is there, in a person's words."""
    active = {unit: commands.run(["systemctl", "is-active", unit]).out.strip() == "active" for unit in UNITS}
    jails = _client(commands, "status").out
    return [
        (commands.run(["nft", "list", "set", *TABLE, SETS[4]]).status == 0, "firewall has its table"),
        (active[UNITS[0]], "guard puts the table back when it is removed"),
        (active[UNITS[2]], "setter takes bans from fail2ban"),
        (active[UNITS[1]] and all(jail in jails for jail in JAILS), "fail2ban reads the logs of SIP and SSH"),
    ]


def banned_in_firewall(commands: Commands, address: str) -> bool:
    """Whether the kernel's set holds an IPv4 address."""
    return commands.run(["nft", "get", "element", *TABLE, SETS[4], "{", address, "}"]).status == 0


def _bans_of(commands: Commands, jail: str, what: str) -> list[str]:
    answer = _client(commands, "get", jail, "banip", "--with-time")
    if answer.status != 0:
        raise Refusal(f"fail2ban does not answer for {jail}: {last_lines(answer.text, 2)}; `systemctl status fail2ban`")
    return [f"{ip:40} {what:4} {since}  {until}" for ip, since, _, until in BAN.findall(answer.out)]


def _client(commands: Commands, *words: str) -> Result:
    """Ask fail2ban as its own user: what it answers is unpickled, so it must not be root who asks."""
    return commands.run(as_bans(["/usr/bin/fail2ban-client", *words]))


def _banned(commands: Commands) -> list[tuple[str, str]]:
    found = []
    for element in [element["elem"] for name in SETS.values() for element in _elements(commands, name)]:
        value = element["val"]
        who = value if isinstance(value, str) else value["prefix"]["addr"]
        end = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(time.time() + element["expires"]))
        found.append((who, end))
    return found


def _elements(commands: Commands, name: str) -> list[Any]:
    listed = _listed(commands, ["set", *TABLE, name])
    return next((item["set"].get("elem", []) for item in listed if "set" in item), [])


def _counters(commands: Commands) -> dict[str, int]:
    listed = _listed(commands, ["counters", "table", *TABLE])
    return {item["counter"]["name"]: item["counter"]["packets"] for item in listed if "counter" in item}


def _listed(commands: Commands, what: list[str]) -> list[Any]:
    found: list[Any] = json.loads(commands.must(["nft", "--json", "list", *what]))["nftables"]
    return found
