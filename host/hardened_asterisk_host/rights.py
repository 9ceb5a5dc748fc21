"""Which user does what: who reads what others wrote has no rights, who sets the firewall has only that one."""

from __future__ import annotations

import os
import pwd
import sys
from collections.abc import Sequence

from .errors import Refusal

SETTER = "hardened-asterisk-setter"
BANS = "hardened-asterisk-fail2ban"
BANS_FOLDER = "/run/fail2ban"
SETPRIV = "/usr/bin/setpriv"


def as_setter(argv: Sequence[str]) -> list[str]:
    """The command line run as the setter's user, with CAP_NET_ADMIN and no other right."""
    only = "-all,+net_admin"
    rights = [f"--inh-caps={only}", f"--ambient-caps={only}", f"--bounding-set={only}"]
    return [*_as_user(SETTER), *rights, "--", *argv]


def as_bans(argv: Sequence[str]) -> list[str]:
    """The command line run as fail2ban's user: its client unpickles what the server answers."""
    # Of root's own fail2ban, as an older configuration that came back has it, only root may ask.
    if os.path.isdir(BANS_FOLDER) and os.stat(BANS_FOLDER).st_uid == 0:
        return list(argv)
    return [*_as_user(BANS), "--inh-caps=-all", "--bounding-set=-all", "--", *argv]


def become_setter(argv: Sequence[str]) -> None:
    """Run this program anew as the setter's user when root runs it; raises Refusal when there is no such user yet."""
    if os.geteuid() != 0:
        return
    try:
        pwd.getpwnam(SETTER)
    except KeyError:
        raise Refusal(f"user {SETTER} does not exist yet: nothing was saved") from None
    command = as_setter([sys.argv[0], *argv])
    os.execv(command[0], command)  # noqa: S606 - no shell: that is the point


def _as_user(name: str) -> list[str]:
    return [SETPRIV, f"--reuid={name}", f"--regid={name}", "--clear-groups", "--no-new-privs"]
