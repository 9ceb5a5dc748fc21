"""Services that still run what an upgrade has replaced on the disk: started anew, Asterisk only when no call is up."""

from __future__ import annotations

import re

from .actions import restarts
from .bundle import Action, Package
from .bundle_rules import UNIT
from .calls import refuse_restart_with_calls
from .commands import last_lines
from .errors import Refusal
from .generations import Generation
from .host import Host
from .packages import carry_asterisk
from .systemd import ASTERISK

# A mapped program or library whose file is gone: `address perms offset device inode /usr/… (deleted)`.
REPLACED = re.compile(r"^\S+ r-x\S* .* /usr/\S+ \(deleted\)$", re.M)
ALSO = ("ssh.service", "chrony.service")


def restart_outdated(host: Host, units: tuple[str, ...]) -> list[str]:
    """Restart those of `units` that run replaced files. Returns what was done or waits, one sentence each."""
    said = []
    for unit in dict.fromkeys([*units, *ALSO]):
        if not UNIT.fullmatch(unit) or not is_outdated(host, unit):
            continue
        if unit == ASTERISK and _calls_may_be_up(host):
            said.append(f"{unit} runs files that an upgrade replaced; it is restarted when no call is up")
            continue
        result = host.commands.run(["systemctl", "try-restart", unit], seconds=120)
        done = "it was restarted" if result.status == 0 else f"its restart failed: {last_lines(result.text, 2)}"
        said.append(f"{unit} ran files that an upgrade replaced; {done}")
    return said


def restarts_for(host: Host, generation: Generation, installed: list[Package]) -> list[Action]:
    """Asterisk's restart when what was installed replaced the program that runs: else probes would ask the old one."""
    return restarts(generation) if carry_asterisk(installed) and is_outdated(host, ASTERISK) else []


def _calls_may_be_up(host: Host) -> bool:
    try:
        refuse_restart_with_calls(host)
    except Refusal:
        return True
    return False


def is_outdated(host: Host, unit: str) -> bool:
    """Whether the unit's main process runs a program or a library of /usr that is not on the disk any more."""
    process = host.commands.run(["systemctl", "show", "--property=MainPID", "--value", unit]).out.strip()
    if not process.isdigit() or process == "0":
        return False
    return REPLACED.search(host.commands.run(["cat", f"/proc/{process}/maps"]).out) is not None
