"""What would change: the live files compared with a generation, before anything is touched."""

from __future__ import annotations

import os
from dataclasses import dataclass

from .bundle import Directory, File
from .disk import Disk, Entry, same, walk_files
from .errors import Refusal
from .generations import Generation


@dataclass(frozen=True)
class Plan:
    """Files to write, paths to remove, directories whose owner or mode is off or that are missing."""

    writes: tuple[File, ...]
    removals: tuple[str, ...]
    directories: tuple[Directory, ...]

    @property
    def changed(self) -> set[str]:
        """Paths of files that change, appear or go away."""
        return {file.path for file in self.writes} | set(self.removals)

    @property
    def nothing(self) -> bool:
        """Whether the host is already as the generation says."""
        return not (self.writes or self.removals or self.directories)


def make_plan(disk: Disk, new: Generation, current: Generation | None) -> Plan:
    """Compare the live host with `new`; files of `current` that `new` lacks are removed."""
    writes = tuple(file for file in new.bundle.files if not _file_agrees(disk, new, file))
    keep = {file.path for file in new.bundle.files}
    stale = {path for directory in new.bundle.directories for path in _strangers(disk, directory, keep)}
    if current is not None:
        stale |= {f.path for f in current.bundle.files if f.path not in keep and disk.entry(f.path).kind != "absent"}
    directories = tuple(d for d in new.bundle.directories if disk.entry(d.path) != _expected_directory(disk, d))
    return Plan(writes, tuple(sorted(stale)), directories)


def replaceable(disk: Disk, paths: set[str]) -> None:
    """Refuse when something that is neither a file nor a link lies where a file must go."""
    for path in sorted(paths):
        if disk.entry(path).kind in ("directory", "other"):
            raise Refusal(f"{path} is a {disk.entry(path).kind} here, not a file; move it away and run pulumi up again")


def own_of(disk: Disk, file: File) -> Entry:
    """The entry a bundle's file must have on the host."""
    return Entry("file", disk.uid(file.owner), disk.gid(file.group), file.mode)


def missing_parents(disk: Disk, path: str) -> list[str]:
    """Directories above a path that do not exist, outermost first."""
    missing: list[str] = []
    parent = os.path.dirname(path)
    while disk.entry(parent).kind == "absent":
        missing.insert(0, parent)
        parent = os.path.dirname(parent)
    return missing


def _file_agrees(disk: Disk, generation: Generation, file: File) -> bool:
    return same(disk, file.path, own_of(disk, file), generation.text(file))


def _expected_directory(disk: Disk, directory: Directory) -> Entry:
    return Entry("directory", disk.uid(directory.owner), disk.gid(directory.group), directory.mode)


def _strangers(disk: Disk, directory: Directory, keep: set[str]) -> set[str]:
    if not directory.exclusive:
        return set()
    return {path for path in walk_files(disk, directory.path) if path not in keep}
