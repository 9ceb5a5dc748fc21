"""systemd unit files as text: the settings in force after drop-ins, read from a given disk."""

from __future__ import annotations

import shlex

from .disk import Disk
from .errors import Refusal

FOLDERS = (
    "/etc/systemd/system",
    "/run/systemd/system",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
)


def service_settings(disk: Disk, unit: str) -> dict[str, str]:
    """[Service] settings of a unit with its drop-ins, last assignment wins; raises Refusal when no unit file exists."""
    settings: dict[str, str] = {}
    for path in [_fragment(disk, unit), *_drop_ins(disk, unit)]:
        section = ""
        for line in disk.read(path).decode(errors="replace").replace("\\\n", " ").splitlines():
            text = line.strip()
            if text.startswith("["):
                section = text
            elif section == "[Service]" and "=" in text and text[0] not in "#;":
                key, _, value = text.partition("=")
                settings[key.strip()] = value.strip()
    return settings


def command_line(settings: dict[str, str], unit: str) -> list[str]:
    """argv of a unit's ExecStart, without systemd's prefix characters; raises Refusal when it has none."""
    argv = shlex.split(settings.get("ExecStart", "").lstrip("@-:+!|"))
    if not argv:
        raise Refusal(f"{unit} has no ExecStart; its drop-in cleared it")
    return argv


def _fragment(disk: Disk, unit: str) -> str:
    for folder in FOLDERS:
        path = f"{folder}/{unit}"
        if disk.entry(path).kind == "file":
            return path
    raise Refusal(f"no unit file {unit} in {', '.join(FOLDERS)}; is its package among the bundle's packages?")


def _drop_ins(disk: Disk, unit: str) -> list[str]:
    found: dict[str, str] = {}
    for folder in reversed(FOLDERS):
        for name in disk.names(f"{folder}/{unit}.d"):
            if name.endswith(".conf"):
                found[name] = f"{folder}/{unit}.d/{name}"
    return [found[name] for name in sorted(found)]
