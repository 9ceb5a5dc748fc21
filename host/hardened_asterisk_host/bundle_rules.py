"""What every bundle must satisfy, whoever made it: plain names, paths and numbers within bounds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .errors import Refusal

if TYPE_CHECKING:
    from .bundle import Bundle

PATH = re.compile(r"(/[A-Za-z0-9][A-Za-z0-9._@+-]*)+")
NAME = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
PACKAGE = re.compile(r"[a-z0-9][a-z0-9.+-]+")
SHA256 = re.compile(r"[0-9a-f]{64}")
URL = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~%+-]+)+")
UNIT = re.compile(r"[A-Za-z0-9][A-Za-z0-9@._-]*\.(service|timer|socket|path|mount)")


def check(bundle: Bundle) -> None:
    """Raise Refusal naming what is wrong with a bundle."""
    paths = [file.path for file in bundle.files]
    if len(set(paths)) != len(paths):
        raise Refusal(f"the bundle names a file twice: {sorted(p for p in paths if paths.count(p) > 1)[0]}")
    authority = [bundle.authority.directory] if bundle.authority else []
    for path in [*paths, *authority, *(directory.path for directory in bundle.directories)]:
        if not PATH.fullmatch(path):
            raise Refusal(f"the bundle's path {path!r} is not a plain absolute path")
    for name in {n for item in (*bundle.files, *bundle.directories) for n in (item.owner, item.group)}:
        if not NAME.fullmatch(name):
            raise Refusal(f"the bundle's owner or group {name!r} is not a plain name")
    for package in bundle.packages:
        if not PACKAGE.fullmatch(package.name):
            raise Refusal(f"the bundle's package {package.name!r} is not a package name")
        if package.sha256 and not SHA256.fullmatch(package.sha256):
            raise Refusal(f"the bundle's package {package.name} has a file whose sha256 is not 64 hex digits")
        if package.url and not URL.fullmatch(package.url):
            raise Refusal(f"the bundle's package {package.name} has a file whose url is not a plain web address")
    for unit in bundle.services:
        if not UNIT.fullmatch(unit):
            raise Refusal(f"the bundle's service {unit!r} is not a unit name such as asterisk.service")
    if bundle.firewall not in paths:
        raise Refusal(f"the bundle's firewall {bundle.firewall!r} is not one of its files")
    if not 10 <= bundle.rollback_seconds <= 3600:
        raise Refusal(f"rollbackSeconds {bundle.rollback_seconds} is outside 10 to 3600")
    if any(action.kind not in ("reload", "restart") or not action.argv for action in bundle.actions):
        raise Refusal("every action needs a kind of reload or restart and an argv")
