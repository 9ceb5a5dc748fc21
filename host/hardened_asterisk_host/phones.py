"""Which phones are registered, from where, and whether they answer: for a person on the console."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from .conf_file import read_conf
from .errors import Refusal
from .generations import Generation
from .host import Host
from .security_log import last_events
from .shown import shown as safe_on_terminal

PJSIP = "/etc/asterisk/pjsip.conf"
USER = re.compile(r"phone\.(.+)\.user")
NUMBER = re.compile(r"<(\d+)>")
STORED = re.compile(r"/registrar/contact/\S*;@([0-9a-f]{32}): (\{.*\})\s*$")
LISTED = re.compile(r"\s([0-9a-f]{10})\s+(\S+)\s+(\S+)\s*$")
ENDPOINT = re.compile(r"^ Endpoint: +([^\s/]+)(?:/\S+)? .*?(\d+) of \S+\s*$", re.M)
SHOWN = 120


@dataclass(frozen=True)
class Contact:
    """Where a phone is registered from; `until` in seconds since 1970, `rtt` in ms, None when it does not answer."""

    uri: str
    own_address: str
    agent: str
    until: float
    rtt: float | None

    @property
    def source(self) -> str:
        """Address and port the PBX sees it at."""
        return shown(self.uri.partition("@")[2].split(";")[0] or self.uri)

    @property
    def transport(self) -> str:
        """`udp`, `tcp` or `tls`."""
        found = re.search(r";transport=(\w+)", self.uri, re.I)
        return found[1].lower() if found else "udp"


@dataclass(frozen=True)
class Phone:
    """One phone of the active generation and what Asterisk knows of it now."""

    name: str
    user: str
    number: str
    contact: Contact | None
    calls: int


def shown(text: str) -> str:
    """Text that a stranger may have written, safe on a terminal."""
    return safe_on_terminal(text, SHOWN)


def phones_of(host: Host, generation: Generation) -> list[Phone]:
    """Every phone of a generation, by name; raises Refusal when Asterisk does not answer."""
    contacts, calls = _contacts(host), _calls(host)
    users = {found[1]: user for key, user in generation.values.items() if (found := USER.fullmatch(key))}
    numbers = _numbers(generation)
    return [
        Phone(name, user, numbers.get(user, ""), contacts.get(user), calls.get(user, 0))
        for name, user in sorted(users.items())
    ]


def phones_text(phones: list[Phone], now: float) -> str:
    """A table, one line a phone."""
    rows = [("PHONE", "NUMBER", "STATE", "FROM", "OVER", "RTT", "CALLS", "RENEWS IN")]
    for phone in phones:
        contact = phone.contact
        where = (contact.source, contact.transport, _rtt(contact)) if contact else ("-", "-", "-")
        left = f"{max(0, round(contact.until - now))} s" if contact else "-"
        rows.append((phone.name, phone.number, _state(contact), *where, str(phone.calls), left))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def phone_text(host: Host, phone: Phone) -> str:
    """All there is to say of one phone; what strangers may have written is escaped."""
    contact = phone.contact
    lines = [f"phone        {phone.name}, extension {phone.number}", f"SIP user     {phone.user}"]
    lines.append(f"state        {_state(contact)}")
    if contact:
        lines.append(f"from         {contact.source} over {contact.transport}")
        lines.append(f"its own      {shown(contact.own_address)}")
        lines.append(f"renews in    {max(0, round(contact.until - host.now()))} s")
        lines.append(f"round trip   {_rtt(contact)}, asked every minute")
        lines.append(f"calls itself {shown(contact.agent)}")
    lines.append(f"calls up     {phone.calls}")
    try:
        events = last_events(host, phone.user)
    except Refusal as problem:
        return "\n".join([*lines, f"log          {problem}"])
    lines += [f"log          {event.at}  {event.kind} from {shown(event.source)}" for event in events]
    return "\n".join([*lines, *([] if events else ["log          nothing of it in the security log's last megabyte"])])


def the_phone(phones: list[Phone], name: str) -> Phone:
    """The phone of this name or number; raises Refusal with what may be meant."""
    for phone in phones:
        if name in (phone.name, phone.number):
            return phone
    near = get_close_matches(name, [phone.name for phone in phones], 1)
    hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(phone.name for phone in phones)}"
    raise Refusal(f"there is no phone {shown(name)}; {hint}")


def _state(contact: Contact | None) -> str:
    if contact is None:
        return "NOT REGISTERED"
    return "registered" if contact.rtt is not None else "registered, SILENT"


def _rtt(contact: Contact) -> str:
    return "no answer" if contact.rtt is None else f"{contact.rtt:.1f} ms"


def _ask(host: Host, command: str) -> str:
    answer = host.commands.run(["asterisk", "-rx", command], seconds=15)
    if answer.status != 0:
        raise Refusal(f"asterisk does not answer ({answer.text}); see `systemctl status asterisk`")
    return answer.out


def _contacts(host: Host) -> dict[str, Contact]:
    """SIP user → contact. The store holds them as JSON, in which no registration can end a line."""
    listed = [LISTED.search(line) for line in _ask(host, "pjsip show contacts").splitlines()]
    trips = {found[1]: float(found[3]) for found in listed if found and found[2] == "Avail"}
    contacts = {}
    for line in _ask(host, "database show registrar/contact").splitlines():
        stored = STORED.match(line)
        if stored:
            record: dict[str, Any] = json.loads(stored[2])
            own = f"{record.get('via_addr', '')}:{record.get('via_port', '')}"
            until = float(record.get("expiration_time", 0))
            trip = trips.get(stored[1][:10])
            contacts[record["endpoint"]] = Contact(record["uri"], own, record.get("user_agent", ""), until, trip)
    return contacts


def _calls(host: Host) -> dict[str, int]:
    return {user: int(count) for user, count in ENDPOINT.findall(_ask(host, "pjsip show endpoints"))}


def _numbers(generation: Generation) -> dict[str, str]:
    """SIP user → extension, as the configuration's caller IDs say."""
    texts = {file.path: generation.text(file).decode() for file in generation.bundle.files}
    numbers = {}
    for section in read_conf(PJSIP, texts.get):
        for option in section.options:
            found = NUMBER.search(option.value) if option.key == "callerid" else None
            if found:
                numbers[section.name] = found[1]
    return numbers
