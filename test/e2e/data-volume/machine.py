"""One machine of EC2's as far as its disks tell: a copy-on-write view of this one, with a volume, in a mount namespace of its own.

usage: machine.py FOLDER ACTION, with a JSON object of {"volumes": [device…], "vendor": text, "python": folder} on stdin.
Prints a JSON object of what came of it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys


def run(*argv: str) -> str:
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{argv}: {done.stderr}")
    return done.stdout


def enter(folder: str, given: dict) -> None:
    """Files written below / stay in FOLDER/upper, so that a second look finds the same machine."""
    root = f"{folder}/root"
    for name in ("upper", "work", "root"):
        os.makedirs(f"{folder}/{name}", exist_ok=True)
    run("mount", "-t", "overlay", "overlay", "-o", f"lowerdir=/,upperdir={folder}/upper,workdir={folder}/work", root)
    run("mount", "-t", "tmpfs", "tmpfs", f"{root}/dev")
    run("mount", "-t", "proc", "proc", f"{root}/proc")
    os.makedirs(f"{root}/dev/disk/by-id")
    os.makedirs(f"{root}/dev/disk/by-label")
    for device in ("/dev/null", "/dev/urandom", *given["volumes"]):
        found = os.stat(device)
        os.mknod(f"{root}{device}", found.st_mode, found.st_rdev)
    for index, device in enumerate(given["volumes"]):
        for suffix in ("", "_1"):
            os.symlink(device, f"{root}/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol{index}{suffix}")
        if index == 0:
            os.symlink(device, f"{root}/dev/disk/by-label/pbx-data")
    # The machine's own disk, told by its partition.
    for suffix in ("", "-part1"):
        os.symlink("/dev/null", f"{root}/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_volroot{suffix}")
    vendor = f"{root}/sys/class/dmi/id/sys_vendor"
    os.makedirs(os.path.dirname(vendor), exist_ok=True)
    with open(vendor, "w", encoding="utf-8") as handle:
        handle.write(given["vendor"])
    # No systemd runs here that could be told of new mounts.
    stand_in = f"{root}/usr/local/sbin/systemctl"
    if not os.path.lexists(stand_in):
        os.symlink("/usr/bin/true", stand_in)
    sys.path.insert(0, given["python"])
    os.chroot(root)
    os.chdir("/")


def attach() -> dict:
    from hardened_asterisk_host.aws import data_volume
    from hardened_asterisk_host.commands import Commands
    from hardened_asterisk_host.disk import Disk
    from hardened_asterisk_host.errors import Refusal

    said: list[str] = []
    waited: list[float] = []
    try:
        data_volume.attach(Disk(), Commands(), said.append, waited.append)
    except Refusal as refusal:
        return {"refused": str(refusal), "waited": sum(waited)}
    with open("/proc/self/mounts", encoding="utf-8") as handle:
        points = [line.split()[1] for line in handle]
    kept = [data_volume.WHERE, *data_volume.KEPT.values()]
    return {"said": said, "mounted": {path: points.count(path) for path in kept}, "waited": sum(waited)}


def live() -> dict:
    """What a PBX leaves behind, as its packages and its agent write it."""
    run("groupadd", "--system", "--gid", "777", "asterisk")
    run("useradd", "--system", "--uid", "777", "--gid", "asterisk", "--no-create-home", "asterisk")
    for path, text, mode, uid in (
        ("/etc/hardened-asterisk/tls/ca.key", "the CA's key", 0o600, 0),
        ("/var/lib/asterisk/astdb.sqlite3", "registrations", 0o640, 777),
        ("/var/log/asterisk/calls.csv", "calls", 0o640, 777),
    ):
        with open(path, "w", encoding="utf-8") as handle:
            handle.write(text)
        os.chmod(path, mode)
        os.chown(path, uid, uid)
        os.chown(os.path.dirname(path), uid, uid)
    return {}


def look() -> dict:
    paths = ("/etc/hardened-asterisk/tls/ca.key", "/var/lib/asterisk/astdb.sqlite3", "/var/log/asterisk/calls.csv")
    found = {path: os.stat(path) for path in paths if os.path.exists(path)}
    user = subprocess.run(["getent", "passwd", "asterisk"], capture_output=True, text=True, check=False).stdout
    with open("/etc/fstab", encoding="utf-8") as handle:
        lines = handle.read().count("LABEL=pbx-data")
    return {
        "files": {path: [stat.st_uid, oct(stat.st_mode & 0o777)] for path, stat in found.items()},
        "user": ":".join(user.split(":")[2:4]),
        "fstab": lines,
    }


def main() -> None:
    folder, *actions = sys.argv[1:]
    enter(folder, json.load(sys.stdin))
    known = {"attach": attach, "live": live, "look": look}
    print(json.dumps([known[action]() for action in actions]))


main()
