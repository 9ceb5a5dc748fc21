"""The agent's own units: recovery after a failure, and recovery at boot before what it may have to put back."""

from __future__ import annotations

from collections.abc import Iterable

from .host import Host
from .timer import AGENT, RECOVER

AT_BOOT = "hardened-asterisk-recover-at-boot.service"
FOLDER = "/etc/systemd/system"
ALWAYS_AFTER = ("asterisk.service", "fail2ban.service", "nftables.service", "network-pre.target")

# Two units, because a running one that is ordered before asterisk could never restart asterisk: its job would wait.
RECOVER_TEXT = """[Unit]
Description=Undo a configuration of the PBX that was cut short
ConditionPathExists=/var/lib/hardened-asterisk/transaction.json

[Service]
Type=oneshot
ExecStart={agent} recover
TimeoutStartSec=900
"""
AT_BOOT_TEXT = """[Unit]
Description=Undo a configuration of the PBX that was cut short or never confirmed
DefaultDependencies=no
ConditionPathExists=/var/lib/hardened-asterisk/transaction.json
RequiresMountsFor=/var/lib/hardened-asterisk /etc /usr
After=systemd-remount-fs.service
Before={before}
Conflicts=shutdown.target
Before=shutdown.target
OnFailure={recover}

[Service]
Type=oneshot
ExecStart={agent} recover --boot
TimeoutStartSec=300

[Install]
WantedBy=multi-user.target
"""


def unit_texts(services: Iterable[str]) -> dict[str, str]:
    """Unit name → text; at boot recovery runs before `services`."""
    before = " ".join(dict.fromkeys([*ALWAYS_AFTER, *services]))
    return {
        RECOVER: RECOVER_TEXT.format(agent=AGENT),
        AT_BOOT: AT_BOOT_TEXT.format(agent=AGENT, before=before, recover=RECOVER),
    }


def install_units(host: Host, services: Iterable[str]) -> None:
    """Write the units when missing or different and enable the one at boot; not part of any transaction."""
    changed = False
    for unit, text in unit_texts(services).items():
        path = f"{FOLDER}/{unit}"
        if host.disk.entry(path).kind != "file" or host.disk.read(path) != text.encode():
            host.disk.write(path, text.encode(), 0o644)
            changed = True
    if changed:
        host.systemd.reload_manager()
    if host.systemd.state(AT_BOOT)["enablement"] != "enabled":
        host.commands.must(["systemctl", "enable", AT_BOOT])
