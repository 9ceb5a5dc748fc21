"""Programs that speak with another user's server: they run without rights, whatever it answers or leads them to."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from . import safe_path
from .errors import Refusal

# Asterisk's own user may not use its console (cli_permissions.conf), so it is a user that owns nothing.
NOBODY = "nobody"
CONFIGURATION = "/etc/asterisk/asterisk.conf"
# Our own configuration opens the console's socket to Asterisk's group; the package's leaves it to Asterisk's user.
FOR_GROUP = re.compile(rb"^[ \t]*astctlpermissions[ \t]*=>?[ \t]*0660\b", re.M)
FOLDERS = {"asterisk": "/run/asterisk", "fail2ban-client": "/run/fail2ban"}
NO_RIGHTS = ("--clear-groups", "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs", "--")


def without_rights(argv: Sequence[str]) -> list[str]:
    """The command, made to give up root when it asks Asterisk's console, or a fail2ban that is not root's.

    Asterisk owns the folder of its socket and could put a link to another one there; a client of fail2ban unpickles the
    server's answer, which is running the server's code (fail2ban/client/csocket.py, 1.1.1).
    """
    words = list(argv)
    folder = FOLDERS.get(words[0])
    # With -t fail2ban's client reads files of root's and asks nobody.
    owner = _owner(folder) if folder is not None and os.geteuid() == 0 and "-t" not in words else None
    if owner is None:
        return words
    user: int | str = owner[0]
    if words[0] == "asterisk" and _opens_to_group():
        user = NOBODY
    return ["setpriv", f"--reuid={user}", f"--regid={owner[1]}", *NO_RIGHTS, *words]


def _owner(folder: str) -> tuple[int, int] | None:
    """User and group of a folder in /run, where only root makes one; None when it is root's or not there."""
    try:
        found = os.lstat(folder)
    except OSError:
        return None
    return (found.st_uid, found.st_gid) if found.st_uid != 0 else None


def _opens_to_group() -> bool:
    try:
        return FOR_GROUP.search(safe_path.read("", CONFIGURATION, 1 << 20)) is not None
    except (Refusal, OSError):
        return False
