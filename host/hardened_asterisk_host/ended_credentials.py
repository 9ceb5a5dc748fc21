"""What a phone's password opened ends with it: proof of its address, registrations and, if asked for, calls."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from .commands import last_lines
from .disk import make_parents
from .errors import Refusal
from .generations import Generation
from .host import Host
from .lock import RUN
from .proofs import Flow, end_proofs, remembered
from .security_log import LOG

USER = re.compile(r"phone\.(.+)\.user")
STORED = re.compile(r"/registrar/contact/([A-Za-z0-9._-]+;@[0-9a-f]{32}): (\{.*\})\s*$")
# The address and port that a packet came from: rewrite_contact puts it there.
SOURCE = re.compile(r"sips?:[^@]*@((?:\d{1,3}\.){3}\d{1,3}):(\d{1,5})(?:;.*)?")
CHANNEL = re.compile(r"^PJSIP/(.+)-[0-9a-f]{8}(?=!)", re.M)

ROTATION = f"{RUN}/begin-security-log"
ROTATION_TEXT = f"""{LOG} {{
	su asterisk asterisk
	rotate 30
	compress
	missingok
	create 0640 asterisk asterisk
	postrotate
		/usr/sbin/runuser --user asterisk -- /usr/sbin/asterisk -rx "logger reload" > /dev/null 2>&1 || true
	endscript
}}
"""


@dataclass(frozen=True)
class Registration:
    """One registration as Asterisk keeps it: the phone's SIP user name, its key, and where it came from."""

    user: str
    key: str
    flow: Flow | None


def changed_phones(current: Generation | None, generation: Generation) -> dict[str, str]:
    """Name → old SIP user name, of each phone that is gone or whose password or user name is another.

    A change of the digest's algorithm counts too: a digest does not tell whether the password is the same.
    """
    if current is None:
        return {}
    old, new = current.values, generation.values
    names = [found[1] for key in old if (found := USER.fullmatch(key))]
    keys = {name: (f"phone.{name}.user", f"phone.{name}.digest") for name in names}
    return {n: old[keys[n][0]] for n in sorted(names) if any(old.get(key) != new.get(key) for key in keys[n])}


def end_credentials(host: Host, generation: Generation, changed: dict[str, str]) -> None:
    """End what the old credentials of these phones opened, once the new ones are in effect; raises Refusal."""
    if not changed:
        return
    ended = set(changed.values())
    registrations = _registrations(host)
    for one in registrations:
        if one.user in ended:
            _console(host, f"database del registrar/contact {one.key}")
    if remembered(host.commands):
        _begin_log(host)
    # A phone that is registered with a password that still holds keeps what it has proved: its calls need it.
    lost = end_proofs(host.commands, [one.flow for one in registrations if one.flow and one.user not in ended])
    cut = _hang_up(host, ended) if generation.bundle.end_calls else 0
    gone = sum(one.user in ended for one in registrations)
    host.progress(
        f"credentials of {', '.join(changed)} ended: {gone} registrations, {cut} calls; "
        f"{lost} addresses have to prove themselves again"
    )


def _begin_log(host: Host) -> None:
    """Begin a new security log: fail2ban reads the last hour's again when it starts, old proofs among it.

    As Asterisk's user, like every rotation there; call records and other logs stay.
    """
    make_parents(host.disk, ROTATION, 0o700)
    host.disk.write(ROTATION, ROTATION_TEXT.encode(), 0o600)
    host.commands.must(["logrotate", "--force", "--state", f"{ROTATION}.state", ROTATION])


def _registrations(host: Host) -> list[Registration]:
    found = []
    for line in _console(host, "database show registrar/contact").splitlines():
        stored = STORED.match(line)
        if stored:
            source = SOURCE.fullmatch(str(json.loads(stored[2]).get("uri", "")))
            flow = (source[1], int(source[2])) if source else None
            found.append(Registration(stored[1].partition(";")[0], stored[1], flow))
    return found


def _hang_up(host: Host, users: set[str]) -> int:
    """End the calls of these phones; returns how many legs they had."""
    listed = _console(host, "core show channels concise")
    channels = [found[0] for found in CHANNEL.finditer(listed) if found[1] in users]
    for channel in channels:
        # One that has just ended by itself is refused.
        host.commands.run(["asterisk", "-rx", f"channel request hangup {channel}"], seconds=15)
    return len(channels)


def _console(host: Host, command: str) -> str:
    answer = host.commands.run(["asterisk", "-rx", command], seconds=15)
    if answer.status != 0:
        raise Refusal(f"asterisk does not answer `{command.split(';')[0]}`: {last_lines(answer.text, 2)}")
    return answer.out
