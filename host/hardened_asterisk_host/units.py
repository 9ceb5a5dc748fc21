"""The agent's own unit: recovery, run by OnFailure= and at each boot before anything that it may have to put back."""

from __future__ import annotations

from collections.abc import Iterable

from .host import Host
from .timer import AGENT, RECOVER

PATH = f"/etc/systemd/system/{RECOVER}"
ALWAYS_AFTER = ("asterisk.service", "fail2ban.service", "nftables.service", "network-pre.target")
TEXT = """[Unit]
Description=Undo a configuration of the PBX that was cut short or never confirmed
DefaultDependencies=no
ConditionPathExists=/var/lib/hardened-asterisk/transaction.json
RequiresMountsFor=/var/lib/hardened-asterisk /etc /usr
After=systemd-remount-fs.service
Before={before}
Conflicts=shutdown.target
Before=shutdown.target

[Service]
Type=oneshot
ExecStart={agent} recover
TimeoutStartSec=600

[Install]
WantedBy=multi-user.target
"""


def install_units(host: Host, services: Iterable[str]) -> None:
    """Write and enable the recovery unit when it is missing or different; not part of any transaction."""
    before = " ".join(dict.fromkeys([*ALWAYS_AFTER, *services]))
    content = TEXT.format(before=before, agent=AGENT).encode()
    if host.disk.entry(PATH).kind != "file" or host.disk.read(PATH) != content:
        host.disk.write(PATH, content, 0o644)
        host.systemd.reload_manager()
    if host.systemd.state(RECOVER)["enablement"] != "enabled":
        host.commands.must(["systemctl", "enable", RECOVER])
