"""Package files that the release does not carry: brought here or fetched, known by their digest, and kept."""

from __future__ import annotations

import json
import os
from typing import Any

from . import safe_path
from .bundle import Package, digest
from .commands import Commands, last_lines
from .disk import Disk, make_parents
from .errors import Refusal
from .generations import STATE
from .host import Host

STORE = f"{STATE}/packages"
RECORD = f"{STORE}/installed.json"
LARGEST = 256 * 1024 * 1024
FETCH_SECONDS = 600
# apt's own fetcher: it takes the proxy and the certificates that apt takes.
FETCH = (
    "/usr/lib/apt/apt-helper",
    "--option=Acquire::Retries=2",
    "--option=Acquire::http::Timeout=20",
    "--option=Acquire::https::Timeout=20",
    "--option=APT::Sandbox::User=root",
    "download-file",
)


def kept(sha256: str) -> str:
    """Where the file of this digest is kept; root's alone."""
    return f"{STORE}/{sha256}.deb"


def keep(disk: Disk, sha256: str, content: bytes) -> None:
    """Keep a file that was brought here; raises Refusal when it is not the one of this digest."""
    found = digest(content)
    if found != sha256:
        raise Refusal(f"the package file received has the sha256 {found}, announced was {sha256}; deliver it again")
    make_parents(disk, kept(sha256), 0o700)
    disk.write(kept(sha256), content, 0o600)


def take_in(disk: Disk, packages: tuple[Package, ...], folder: str) -> None:
    """Keep what a delivery left in `folder` for these packages, and remove it there."""
    for package in packages:
        brought = f"{folder}/hardened-asterisk-{package.sha256}.deb"
        if package.sha256 and os.path.lexists(brought):
            if disk.entry(kept(package.sha256)).kind != "file":
                keep(disk, package.sha256, safe_path.read("", brought, LARGEST, follow=False))
            os.unlink(brought)


def have(host: Host, package: Package) -> str:
    """Path of the package's file, fetched when it is not kept; raises Refusal unless it is what the bundle says."""
    path = kept(package.sha256)
    if host.disk.entry(path).kind != "file":
        _fetch(host, package, path)
    if digest(host.disk.read(path)) != package.sha256:
        host.disk.remove(path)
        raise Refusal(f"{path} was altered and is removed; change `recheck` and run pulumi up again")
    name, version = _identity(host.commands, path)
    if name != package.name:
        raise Refusal(f"the package file {package.sha256} holds {name or 'no package'}, not {package.name}")
    if package.minimum and not _not_below(host.commands, version, package.minimum):
        raise Refusal(
            f"the package file {package.sha256} holds {name} {version}, which is below {package.minimum} and has "
            "published holes; build a newer one and give its digest"
        )
    return path


def _fetch(host: Host, package: Package, path: str) -> None:
    if not package.url:
        raise Refusal(
            f"the file of {package.name} (sha256 {package.sha256}) is not on this machine; "
            "change `recheck` and run pulumi up again, which brings it"
        )
    make_parents(host.disk, path, 0o700)
    host.progress(f"fetching {package.url}")
    part = f"{STORE}/{package.sha256}.part"
    # apt gives a file of another digest the second name.
    parts = (part, f"{part}.FAILED")
    for left in parts:
        host.disk.remove(left)
    wanted = f"SHA256:{package.sha256}"
    result = host.commands.run([*FETCH, package.url, host.disk.real(part), wanted], seconds=FETCH_SECONDS)
    content = host.disk.read(part) if result.status == 0 and host.disk.entry(part).kind == "file" else b""
    for left in parts:
        host.disk.remove(left)
    if digest(content) != package.sha256:
        words = last_lines(result.text, 2) or "another file lies there"
        raise Refusal(
            f"{package.url} did not give the file of sha256 {package.sha256}: {words.rstrip('. ')}; "
            "make it reachable from this machine, or correct url and sha256, then run pulumi up again"
        )
    keep(host.disk, package.sha256, content)


def note_installed(host: Host, package: Package) -> None:
    """Remember which file the installed package came out of."""
    _, version = _identity(host.commands, kept(package.sha256))
    known = {**_record(host.disk), package.name: {"sha256": package.sha256, "version": version}}
    host.disk.write(RECORD, json.dumps(known).encode(), 0o600)


def is_installed(host: Host, package: Package, version: str) -> bool:
    """Whether the installed version came out of the package's file, or is newer than what that holds."""
    known = _record(host.disk).get(package.name, {})
    if known.get("version") != version:
        return False
    if known.get("sha256") == package.sha256:
        return True
    if host.disk.entry(kept(package.sha256)).kind != "file":
        return False
    # An earlier configuration is gone back to: a newer package stays, as one of the release's own would.
    older = _identity(host.commands, kept(package.sha256))[1]
    return bool(older) and older != version and _not_below(host.commands, version, older)


def _record(disk: Disk) -> dict[str, Any]:
    return json.loads(disk.read(RECORD)) if disk.entry(RECORD).kind == "file" else {}


def _identity(commands: Commands, path: str) -> tuple[str, str]:
    """Name and version that a package file says of itself; both empty when it is none."""
    answer = commands.run(["dpkg-deb", "--show", "--showformat=${Package} ${Version}", path])
    name, _, version = answer.out.partition(" ") if answer.status == 0 else ("", "", "")
    return name, version


def _not_below(commands: Commands, version: str, other: str) -> bool:
    return commands.run(["dpkg", "--compare-versions", version, "ge", other]).status == 0
