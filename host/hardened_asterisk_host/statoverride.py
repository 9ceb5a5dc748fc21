"""dpkg-statoverride: owner and mode that survive package upgrades (Debian's asterisk postinst chowns /etc/asterisk)."""

from __future__ import annotations

from .bundle import Bundle
from .commands import Commands


def overrides_for(commands: Commands, bundle: Bundle) -> dict[str, str]:
    """Path → `owner group mode` for every directory of the bundle and every file a package owns as a conffile."""
    listed = commands.run(["dpkg-query", "-W", "-f=${Conffiles}\n"]).out
    conffiles = {line.split()[0] for line in listed.splitlines() if line.strip()}
    wanted = {d.path: f"{d.owner} {d.group} {d.mode:04o}" for d in bundle.directories}
    files = {f.path: f"{f.owner} {f.group} {f.mode:04o}" for f in bundle.files if f.path in conffiles}
    return {**wanted, **files}


def current_overrides(commands: Commands) -> dict[str, str]:
    """Path → `owner group mode` as dpkg has it now."""
    result = commands.run(["dpkg-statoverride", "--list"])
    rows = [line.split(" ", 3) for line in result.out.splitlines()]
    return {row[3]: f"{row[0]} {row[1]} {int(row[2], 8):04o}" for row in rows if len(row) == 4}


def set_overrides(commands: Commands, wanted: dict[str, str]) -> None:
    """Make dpkg's list hold these; an empty text removes the path's entry. Raises Refusal when dpkg refuses."""
    have = current_overrides(commands)
    for path, text in sorted(wanted.items()):
        if have.get(path, "") == text:
            continue
        if path in have:
            commands.must(["dpkg-statoverride", "--quiet", "--remove", path])
        if text:
            owner, group, mode = text.split()
            commands.must(["dpkg-statoverride", "--quiet", "--add", owner, group, mode, path])
