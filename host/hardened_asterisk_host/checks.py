"""Each staged file checked by its own tool, inside the private view."""

from __future__ import annotations

import re
from typing import Callable

from .bundle_rules import UNIT
from .commands import Commands, last_lines
from .disk import Disk
from .errors import Refusal
from .firewall import Firewall
from .generations import Generation
from .known_keys import DOCUMENTATION, check_keys

LOGS = "/etc/hardened-asterisk/logs"
# What systemd makes when the unit starts, and what stands in for it in a check.
UNIT_FOLDERS = {"/run/credentials/hardened-asterisk-logs.service": LOGS, "/var/lib/hardened-asterisk-logs": LOGS}
# Folder, whose files lie there, the tool's own check, and for one that goes on after a mistake what it says of it;
# such a tool is given our files alone, and sysctl's status would tell only that this kernel lacks a setting.
TOOLS = (
    ("/etc/ssh/", "sshd", ["sshd", "-t"], ""),
    ("/etc/apt/apt.conf.d/", "apt", ["apt-config", "dump"], ""),
    ("/etc/chrony/", "chronyd", ["chronyd", "-p", "-f", "/etc/chrony/chrony.conf"], ""),
    ("/etc/logrotate.d/", "logrotate", ["logrotate", "--debug"], "error:"),
    ("/etc/sysctl.d/", "sysctl", ["sysctl", "--dry-run", "--load"], "invalid syntax"),
)
UNIT_PATH = re.compile(r"/etc/systemd/system/([^/]+?)(\.d/[^/]+\.conf)?$")


def check_before_boot(commands: Commands, disk: Disk, generation: Generation, progress: Callable[[str], None]) -> None:
    """Every file by its own tool, Asterisk's keys by ours; raises Refusal with what is wrong, in the tool's words."""
    progress("checking every key of Asterisk's files")
    texts = {file.path: generation.text(file).decode() for file in generation.bundle.files}
    xml = disk.read(DOCUMENTATION) if disk.entry(DOCUMENTATION).kind == "file" else None
    check_keys(texts, xml, generation.bundle.known_keys)
    progress("checking nftables rules")
    Firewall(commands).check(generation.bundle.firewall)
    paths = [file.path for file in generation.bundle.files]
    for folder, name, argv, wrong in TOOLS:
        ours = [path for path in paths if path.startswith(folder)]
        if ours:
            progress(f"checking {name}'s configuration")
            title = f"{name} refuses the staged configuration"
            _must_agree(commands, [*argv, *(ours if wrong else [])], title, wrong)
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
        _must_agree(commands, ["/usr/bin/fail2ban-client", "-t"], "fail2ban refuses the staged configuration")


def _must_agree(commands: Commands, argv: list[str], title: str, wrong: str = "") -> None:
    result = commands.run(argv)
    if wrong:
        said = [line for line in result.text.splitlines() if wrong in line]
        if said:
            raise Refusal(f"{title}: {last_lines(chr(10).join(said), 6)}")
    elif result.status != 0:
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
