"""Asterisk's security log: the last events of one account."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from .host import Host

LOG = "/var/log/asterisk/security.log"
TAIL_BYTES = 1024 * 1024
COUNT = 5
# Fields in the order res_security_log writes them; what a stranger chose comes after the account's name.
EVENT = r'SecurityEvent="(\w+)",EventTV="[^"]*",Severity="\w+",Service="\w+",EventVersion="\d+",AccountID="{}",'
# Its quotes are not escaped, so only the last address is Asterisk's own.
SOURCE = re.compile(r'.*RemoteAddress="(IPV[46]/\w+/[^/"]+/\d+)"', re.S)


@dataclass(frozen=True)
class Event:
    """One event: local time as logged, kind such as `SuccessfulAuth`, and where it came from."""

    at: str
    kind: str
    source: str


def last_events(host: Host, account: str) -> list[Event]:
    """The last five events of an account within the log's last megabyte, oldest first; challenges are left out.

    Raises Refusal when something else than a file lies in the log's place.
    """
    wanted = re.compile(EVENT.format(re.escape(account)))
    found: list[Event] = []
    for line in _tail(host):
        try:
            record = json.loads(line)
            message, at = record["logmsg"]["message"], record["timestamp"]
        except (ValueError, KeyError, TypeError):
            continue
        event, source = wanted.match(str(message)), SOURCE.match(str(message))
        if event and source and event[1] != "ChallengeSent":
            found.append(Event(str(at), event[1], source[1]))
    return found[-COUNT:]


def _tail(host: Host) -> list[str]:
    # Asterisk owns the folder.
    try:
        return host.disk.tail(LOG, TAIL_BYTES).decode("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return []
