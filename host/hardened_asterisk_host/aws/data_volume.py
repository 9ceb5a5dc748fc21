"""The volume that outlives the machine, mounted under what a machine in its place needs to be the same PBX."""

from __future__ import annotations

import os
import time
from typing import Callable

from ..commands import Commands
from ..disk import Disk, make_parents
from ..errors import Refusal

LABEL = "pbx-data"
WHERE = "/var/lib/hardened-asterisk-data"
# The private CA that phones trust, certificates, registrations, voicemail, call records and logs not yet sent.
KEPT = {
    "tls": "/etc/hardened-asterisk/tls",
    "acme": "/etc/hardened-asterisk/acme",
    "lib": "/var/lib/asterisk",
    "spool": "/var/spool/asterisk",
    "log": "/var/log/asterisk",
}
LINKS = "/dev/disk/by-id"
PREFIX = "nvme-Amazon_Elastic_Block_Store_"
VENDOR = "/sys/class/dmi/id/sys_vendor"
FSTAB = "/etc/fstab"
DROP_IN = "/etc/systemd/system/asterisk.service.d/hardened-asterisk-data.conf"
HEAD = "# Written by hardened-asterisk: what outlives this machine.\n"
WAIT_SECONDS = 180


def attach(
    disk: Disk, commands: Commands, progress: Callable[[str], None], wait: Callable[[float], None] = time.sleep
) -> None:
    """Find the volume, format it when blank, and mount it; a machine that is none of EC2's has none. Raises Refusal."""
    if not _volumes(disk) and not _on_ec2(disk):
        return
    if all(_mounted(commands, path) for path in (WHERE, *KEPT.values())):
        return
    device = _found(disk, wait)
    _formatted(commands, device, progress)
    _written(disk)
    commands.must(["systemctl", "daemon-reload"])
    if not _mounted(commands, WHERE):
        _directory(disk, WHERE)
        commands.must(["mount", WHERE])
    _same_user(disk, commands)
    for name, path in KEPT.items():
        if not _mounted(commands, path):
            _filled(disk, commands, f"{WHERE}/{name}", path)
            commands.must(["mount", path])
    progress(f"the data volume is mounted at {WHERE}")


def _mounted(commands: Commands, path: str) -> bool:
    return commands.run(["mountpoint", "--quiet", path]).status == 0


def _found(disk: Disk, wait: Callable[[float], None]) -> str:
    """The one volume beside the machine's own; EC2 attaches it while the machine boots."""
    for _ in range(WAIT_SECONDS // 5):
        devices = _volumes(disk)
        if len(devices) > 1:
            raise Refusal(f"{len(devices)} volumes beside the machine's own, and one is for the PBX: detach the others")
        if devices:
            return devices[0]
        wait(5)
    raise Refusal("the data volume is not attached: without it this machine would not be the PBX its phones know")


def _volumes(disk: Disk) -> list[str]:
    names = [name for name in disk.names(LINKS) if name.startswith(PREFIX)]
    whole = [name for name in names if "-part" not in name and not any(n.startswith(f"{name}-part") for n in names)]
    return sorted({os.path.realpath(disk.real(f"{LINKS}/{name}")) for name in whole})


def _on_ec2(disk: Disk) -> bool:
    try:
        return disk.read(VENDOR).strip() == b"Amazon EC2"
    except OSError:
        return False


def _formatted(commands: Commands, device: str, progress: Callable[[str], None]) -> None:
    """Only what holds nothing at all is formatted; blkid says that by its status 2."""
    seen = commands.run(["blkid", "--probe", "--output", "export", device])
    if seen.status == 2:
        progress(f"formatting the new data volume {device}")
        commands.must(["mkfs.ext4", "-q", "-L", LABEL, "-m", "0", device], seconds=600)
    elif seen.status != 0 or not {f"LABEL={LABEL}", "TYPE=ext4"} <= set(seen.out.split("\n")):
        raise Refusal(f"{device} holds something that is not this PBX's; attach the PBX's data volume, or an empty one")


def _written(disk: Disk) -> None:
    """The mounts of the next boots: none fails a boot, and Asterisk does not start without them."""
    volume = f"LABEL={LABEL} {WHERE} ext4 nodev,nosuid,nofail,x-systemd.device-timeout=90s 0 2"
    binds = [
        f"{WHERE}/{name} {path} none bind,nofail,x-systemd.requires-mounts-for={WHERE} 0 0"
        for name, path in KEPT.items()
    ]
    lines = "".join(f"{line}\n" for line in (volume, *binds))
    own = disk.read(FSTAB).decode() if disk.entry(FSTAB).kind == "file" else ""
    if lines not in own:
        foreign = own if own.endswith("\n") or not own else f"{own}\n"
        disk.write(FSTAB, f"{foreign}{HEAD}{lines}".encode(), 0o644)
    make_parents(disk, DROP_IN)
    paths = " ".join(KEPT.values())
    disk.write(DROP_IN, f"{HEAD}[Unit]\nRequiresMountsFor={paths}\n".encode(), 0o644)


def _same_user(disk: Disk, commands: Commands) -> None:
    """Before its package makes it: the user asterisk with the numbers that own the files already."""
    entry = disk.entry(f"{WHERE}/lib")
    if entry.uid == 0 or commands.run(["getent", "passwd", "asterisk"]).status == 0:
        return
    commands.must(["groupadd", "--system", "--gid", str(entry.gid), "asterisk"])
    home = ["--home-dir", KEPT["lib"], "--no-create-home", "--shell", "/usr/sbin/nologin"]
    commands.must(["useradd", "--system", "--uid", str(entry.uid), "--gid", "asterisk", *home, "asterisk"])


def _filled(disk: Disk, commands: Commands, source: str, path: str) -> None:
    """A directory on the volume; a new one begins with what the machine has there, its owner and mode too."""
    _directory(disk, path)
    if disk.entry(source).kind == "absent":
        commands.must(["cp", "--archive", "--no-target-directory", path, f"{source}.new"], seconds=600)
        disk.rename(f"{source}.new", source)


def _directory(disk: Disk, path: str) -> None:
    make_parents(disk, path)
    if disk.entry(path).kind == "absent":
        disk.make_directory(path, 0o755, 0, 0)
