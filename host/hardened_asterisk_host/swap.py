"""The swap: makes the live host as the plan says, one atomic replacement after the other."""

from __future__ import annotations

from .bundle import Directory
from .disk import Disk, make_parents
from .generations import Generation
from .plan import Plan, own_of


def swap(disk: Disk, generation: Generation, plan: Plan) -> None:
    """Write, remove, and set directories' owner and mode; the caller has saved undo copies and armed the rollback."""
    for directory in plan.directories:
        _directory(disk, directory)
    for file in plan.writes:
        make_parents(disk, file.path)
        own = own_of(disk, file)
        disk.write(file.path, generation.text(file), own.mode, own.uid, own.gid)
    for path in plan.removals:
        disk.remove(path)


def _directory(disk: Disk, directory: Directory) -> None:
    uid, gid = disk.uid(directory.owner), disk.gid(directory.group)
    make_parents(disk, directory.path)
    if disk.entry(directory.path).kind == "absent":
        disk.make_directory(directory.path, directory.mode, uid, gid)
    else:
        disk.own(directory.path, directory.mode, uid, gid)
