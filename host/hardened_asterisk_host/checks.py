"""Each staged file checked by its own tool, inside the private view."""

from __future__ import annotations

import re
from typing import Callable

from .bundle import UNIT
from .commands import Commands, last_lines
from .disk import Disk
from .errors import Refusal
from .firewall import Firewall
from .generations import Generation
from .known_keys import DOCUMENTATION, check_keys

LOGS = "/etc/hardened-asterisk/logs"
# What systemd makes when the unit starts, and what stands in for it in a check.
UNIT_FOLDERS = {"/run/credentials/hardened-asterisk-logs.service": LOGS, "/var/lib/hardened-asterisk-logs": LOGS}
UNIT_PATH = re.compile(r"/etc/systemd/system/([^/]+?)(\.d/[^/]+\.conf)?$")


def check_before_boot(commands: Commands, disk: Disk, generation: Generation, progress: Callable[[str], None]) -> None:
    """Asterisk's keys, nftables, sshd, rsyslogd and systemd; raises Refusal with what is wrong, for a tool in its own words."""
    progress("checking every key of Asterisk's files")
    texts = {file.path: generation.text(file).decode() for file in generation.bundle.files}
    xml = disk.read(DOCUMENTATION) if disk.entry(DOCUMENTATION).kind == "file" else None
    check_keys(texts, xml, generation.bundle.known_keys)
    progress("checking nftables rules")
    Firewall(commands).check(generation.bundle.firewall)
    paths = [file.path for file in generation.bundle.files]
    if any(path.startswith("/etc/ssh/") for path in paths):
        progress("checking sshd's configuration")
        _must_agree(commands, ["sshd", "-t"], "sshd refuses the staged configuration")
    for file in generation.bundle.files:
        if file.path == f"{LOGS}/rsyslog.conf":
            progress("checking rsyslogd's configuration")
            _check_rsyslog(commands, generation.text(file).decode())
    units = sorted({unit for path in paths for unit in _units(path)})
    if units:
        progress(f"checking systemd units: {' '.join(units)}")
        _check_units(commands, units, paths)


def check_after_boot(commands: Commands, generation: Generation, progress: Callable[[str], None]) -> None:
    """fail2ban, once the isolated Asterisk has made the logs its jails read; raises Refusal with its own words."""
    if any(file.path.startswith("/etc/fail2ban/") for file in generation.bundle.files):
        progress("checking fail2ban's configuration")
        _must_agree(commands, ["fail2ban-client", "-t"], "fail2ban refuses the staged configuration")


def _must_agree(commands: Commands, argv: list[str], title: str) -> None:
    result = commands.run(argv)
    if result.status != 0:
        raise Refusal(f"{title}: {last_lines(result.text, 6)}")


def _check_rsyslog(commands: Commands, text: str) -> None:
    for folder, stand_in in UNIT_FOLDERS.items():
        text = text.replace(folder, stand_in)
    result = commands.run(["rsyslogd", "-N1", "-f", "/dev/stdin"], text)
    if result.status != 0:
        words = "\n".join(line for line in result.text.splitlines() if "warning" not in line)
        raise Refusal(f"rsyslogd refuses the staged configuration: {last_lines(words, 6)}")


def _units(path: str) -> list[str]:
    found = UNIT_PATH.match(path)
    return [found[1]] if found and UNIT.fullmatch(found[1]) else []


def _check_units(commands: Commands, units: list[str], paths: list[str]) -> None:
    result = commands.run(["systemd-analyze", "verify", "--man=no", *units])
    # Unknown keys and bad values are only remarked upon (status 0), and remarks on other units are not ours.
    ours = [line for line in result.text.splitlines() if any(path in line for path in paths)]
    if result.status != 0 or ours:
        raise Refusal(f"systemd refuses a staged unit: {last_lines(chr(10).join(ours) or result.text, 6)}")
