"""Files of services that got a user of their own: root's again when an older configuration comes back."""

from __future__ import annotations

import os

from .host import Host

# Unit → folder that systemd gives to the unit's user (StateDirectory=), and a file beside it.
KEPT = {
    "fail2ban.service": ("/var/lib/fail2ban", "/var/log/fail2ban.log"),
    "location-update.service": ("/var/lib/location", None),
}


def give_back(host: Host) -> None:
    """Make root the owner where the unit in force runs as root: without CAP_DAC_OVERRIDE it could not write there."""
    for unit, (folder, file) in KEPT.items():
        foreign = _is_foreign(host, folder, "directory")
        foreign_file = file is not None and _is_foreign(host, file, "file")
        if not foreign and not foreign_file:
            continue
        asked = ["systemctl", "show", "--property=User", "--value", unit]
        if host.commands.run(asked).out.strip() not in ("", "root"):
            continue
        host.commands.run(["systemctl", "stop", unit])
        if file is not None and foreign_file:
            host.disk.own(file, 0o640, 0, host.disk.gid("adm"))
        if foreign:
            _give_folder(host.disk.real(folder))


def _is_foreign(host: Host, path: str, kind: str) -> bool:
    found = host.disk.entry(path)
    return found.kind == kind and found.uid != 0


def _give_folder(folder: str) -> None:
    """The folder and what lies in it. Its owner could put links there: none is followed."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        os.fchown(handle, 0, 0)
        os.fchmod(handle, 0o755)
        for name in os.listdir(handle):
            os.chown(name, 0, 0, dir_fd=handle, follow_symlinks=False)
    finally:
        os.close(handle)
