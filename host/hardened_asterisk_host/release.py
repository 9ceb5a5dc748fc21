"""What this machine is, and who is asking: checked before anything is touched."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterable

from .bundle import Bundle
from .errors import Refusal

LEAST_ROOM = 16 * 1024 * 1024
CODENAMES = {"bullseye": "debian-11", "bookworm": "debian-12", "trixie": "debian-13", "forky": "debian-14"}


def platform_of(os_release: str) -> str:
    """The platform id of an os-release text, for example `debian-14`; testing releases have only a code name."""
    fields = dict(line.split("=", 1) for line in os_release.splitlines() if "=" in line)
    plain = {key: value.strip().strip('"') for key, value in fields.items()}
    name, version = plain.get("ID", "unknown"), plain.get("VERSION_ID", "")
    if not version:
        return CODENAMES.get(plain.get("VERSION_CODENAME", ""), f"{name}-unknown")
    return f"{name}-{version}"


def check_platform(bundle: Bundle) -> None:
    """Raise Refusal when this machine is not the release the bundle is made for."""
    with open("/etc/os-release", encoding="utf-8") as handle:
        found = platform_of(handle.read())
    if found != bundle.os:
        raise Refusal(
            f"this machine is {found}, the configuration is made for {bundle.os}; correct the platform in the spec"
        )


def check_room(places: Iterable[str] = ("/etc", "/var/lib", "/var/log")) -> None:
    """Raise Refusal when a disk is nearly full: the PBX itself needs room, for its registrations among others."""
    for place in places:
        disk = os.statvfs(place)
        free = disk.f_bavail * disk.f_frsize
        if free < LEAST_ROOM:
            raise Refusal(
                f"only {free // 1024} KiB are free on the disk of {place}, and {LEAST_ROOM // 1024} KiB are needed; "
                "make room there, then run pulumi up again"
            )


def ssh_connection() -> tuple[str, int] | None:
    """Address of the SSH client that started us and the port it came in at, also through sudo; None on a console."""
    process = os.getpid()
    while process > 1:
        try:
            with open(f"/proc/{process}/environ", "rb") as handle:
                pairs = handle.read().split(b"\0")
            with open(f"/proc/{process}/stat", encoding="utf-8", errors="replace") as handle:
                process = int(handle.read().rpartition(")")[2].split()[1])
        except OSError:
            return None
        for pair in pairs:
            if pair.startswith(b"SSH_CONNECTION="):
                client, _, _, port = pair.split(b"=", 1)[1].decode("ascii", "replace").split()
                return client, int(port)
    return None


def check_way_back(bundle: Bundle, connection: tuple[str, int] | None) -> None:
    """Raise Refusal when the SSH client would lock itself out; a console (None) is let through."""
    if connection is None:
        return
    client, port = connection
    address = ipaddress.ip_address(client.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    if not any((mapped or address) in network for network in bundle.admins):
        raise Refusal(f"your address {client} is not among admins; add it or you would lock yourself out")
    if bundle.ssh_port not in (0, port):
        raise Refusal(
            f"sshPort: is {bundle.ssh_port}, and your SSH connection came in at port {port} of this machine, which the "
            f"firewall would close; set sshPort: {port} in the spec"
        )
