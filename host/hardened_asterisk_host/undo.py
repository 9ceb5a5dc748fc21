"""The undo copies of a transaction: everything it may touch, saved before it starts, put back by a rollback."""

from __future__ import annotations

import json
from typing import Any

from .disk import TEMPORARY, Disk, make_parents, same
from .errors import Refusal
from .firewall import tables_in
from .generations import STATE, Generation
from .host import Host
from .kernel import save_settings
from .plan import Plan, missing_parents, replaceable
from .statoverride import current_overrides, overrides_for, set_overrides
from .systemd import ASTERISK

BLOCK = 4096
# For the records of a rollback and what its commands write.
ROOM = 256 * 1024


def save_undo(
    host: Host, new: Generation, current: Generation | None, plan: Plan, saved_tables: list[Any] | None
) -> None:
    """Copy what the plan replaces (content, owner, mode or absence), unit states, tables and overrides; synced.

    `saved_tables` are the tables as they were before a first installation loaded ours; None means as they are now.
    """
    disk = host.disk
    replaceable(disk, plan.changed)
    if disk.entry(new.undo).kind == "absent":
        disk.make_directory(new.undo, 0o700)
    for directory in plan.directories:
        if disk.entry(directory.path).kind not in ("absent", "directory"):
            raise Refusal(f"{directory.path} is not a directory here; move it away and run pulumi up again")
    touched = sorted(plan.changed)
    files = [_save_file(disk, new, number, path) for number, path in enumerate(touched)]
    parents = {p: None for path in [*touched, *(d.path for d in plan.directories)] for p in missing_parents(disk, path)}
    directories = [_save_directory(disk, d.path) for d in plan.directories]
    directories += [{"path": path, "kind": "absent"} for path in parents]
    replaced = [saved["copy"] for saved in files if "copy" in saved]
    _keep_room(disk, new, sum(len(disk.read(copy)) + BLOCK for copy in replaced))
    overrides = overrides_for(host.commands, new.bundle)
    have = current_overrides(host.commands)
    _write_index(
        disk,
        new,
        {
            "files": files,
            "directories": directories,
            "units": unit_states(host, new, current),
            "acted": [unit for unit in _acted_on(new, current) if host.systemd.active(unit)],
            "tables": saved_tables if saved_tables is not None else host.firewall.save(tables(new, current)),
            "kernel": save_settings(host.commands, new),
            "overrides": {path: have.get(path, "") for path in overrides},
        },
    )


def _keep_room(disk: Disk, generation: Generation, size: int) -> None:
    """Take the space now that putting back would need, so that a disk that becomes full cannot stop a rollback."""
    disk.write(_room(generation.name), bytes(ROOM + size), 0o600)


def give_room(disk: Disk, name: str) -> None:
    """Give that space back: before anything is put back, or once nothing can be put back any more."""
    disk.remove(_room(name))


def _room(name: str) -> str:
    return f"{STATE}/generations/{name}/undo/room"


def unit_states(host: Host, new: Generation, current: Generation | None) -> list[dict[str, Any]]:
    """States of every unit that the new or the current generation wants running, asterisk always among them."""
    units = [*new.bundle.services, *(current.bundle.services if current else ()), ASTERISK]
    return [host.systemd.state(unit) for unit in dict.fromkeys(units)]


def _acted_on(new: Generation, current: Generation | None) -> list[str]:
    """Units that an action of either generation reloads or restarts."""
    actions = [*new.bundle.actions, *(current.bundle.actions if current else ())]
    return list(dict.fromkeys(action.unit for action in actions))


def tables(new: Generation, current: Generation | None) -> list[list[str]]:
    """Every nftables table that the new or the current firewall file declares."""
    found: list[list[str]] = []
    for generation in (new, current):
        for file in generation.bundle.files if generation else ():
            if generation and file.path == generation.bundle.firewall:
                found += [t for t in tables_in(generation.text(file).decode()) if t not in found]
    return found


def read_undo(disk: Disk, generation: Generation) -> dict[str, Any]:
    """The saved index of a generation's transaction."""
    index: dict[str, Any] = json.loads(disk.read(f"{generation.undo}/index.json"))
    return index


def restore_files(host: Host, generation: Generation, index: dict[str, Any]) -> None:
    """Put files, directories and dpkg overrides back as saved; safe to repeat after it was cut short."""
    disk = host.disk
    for saved in index["files"]:
        disk.remove(saved["path"] + TEMPORARY)
        _restore_file(disk, generation, saved)
    for saved in sorted(index["directories"], key=lambda d: -len(d["path"])):
        if saved["kind"] == "absent":
            disk.remove_directory(saved["path"])
        else:
            disk.own(saved["path"], saved["mode"], saved["uid"], saved["gid"])
    set_overrides(host.commands, index["overrides"])


def _save_file(disk: Disk, generation: Generation, number: int, path: str) -> dict[str, Any]:
    entry = disk.entry(path)
    saved: dict[str, Any] = {"path": path, "kind": entry.kind}
    if entry.kind == "absent":
        return saved
    saved.update(uid=entry.uid, gid=entry.gid, mode=entry.mode, target=entry.target)
    if entry.kind == "file":
        saved["copy"] = f"{generation.undo}/{number:04d}"
        disk.write(saved["copy"], disk.read(path), 0o600)
    return saved


def _save_directory(disk: Disk, path: str) -> dict[str, Any]:
    entry = disk.entry(path)
    return {"path": path, "kind": entry.kind, "uid": entry.uid, "gid": entry.gid, "mode": entry.mode}


def _restore_file(disk: Disk, generation: Generation, saved: dict[str, Any]) -> None:
    path = saved["path"]
    if saved["kind"] == "absent":
        disk.remove(path)
        return
    make_parents(disk, path)
    if saved["kind"] == "symlink":
        if disk.entry(path).target != saved["target"]:
            disk.symlink(path, saved["target"])
        return
    content = disk.read(saved["copy"])
    live = disk.entry(path)
    wanted = type(live)("file", saved["uid"], saved["gid"], saved["mode"])
    if not same(disk, path, wanted, content):
        disk.write(path, content, saved["mode"], saved["uid"], saved["gid"])


def _write_index(disk: Disk, generation: Generation, index: dict[str, Any]) -> None:
    disk.write(f"{generation.undo}/index.json", json.dumps(index, indent=1).encode(), 0o600)
