"""What packages' own scripts may do to services: Debian asks /usr/sbin/policy-rc.d (deb-systemd-invoke(1p))."""

from __future__ import annotations

from .host import Host

PATH = "/usr/sbin/policy-rc.d"
TEXT = """#!/bin/sh
# Written by hardened-asterisk.
# [host/calls-outlive-upgrades] hardened-asterisk-outdated.timer restarts an upgraded Asterisk when no call is up
case "$1 $2" in
asterisk*restart) exit 101 ;;
esac
exit 0
"""


def install_policy(host: Host) -> None:
    """Write the policy when missing or different; one that somebody else wrote is kept, and said to be."""
    kind = host.disk.entry(PATH).kind
    text = host.disk.read(PATH) if kind == "file" else b""
    if kind == "absent" or (b"hardened-asterisk" in text and text != TEXT.encode()):
        host.disk.write(PATH, TEXT.encode(), 0o755)
    elif text != TEXT.encode():
        host.progress(f"{PATH} is not ours and is kept: an upgrade of asterisk may end calls")
