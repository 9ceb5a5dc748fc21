"""The staged configuration as if it were live, seen only by this process and its children.

Runs inside a mount namespace of its own: /etc and every other place that the staged files or Asterisk itself would
write to is replaced by a copy in memory, so that the host's tools can be asked with their usual paths.
"""

from __future__ import annotations

import os
import re

from .commands import Commands
from .disk import Disk, make_parents
from .generations import Generation
from .lock import RUN
from .plan import Plan, make_plan
from .safe_path import MOST_NAMES as ALL_NAMES
from .swap import swap
from .systemd import ASTERISK

ROOT = RUN
DIRECTORIES = {
    "astvarlibdir": "/var/lib/asterisk",
    "astdbdir": "/var/lib/asterisk",
    "astspooldir": "/var/spool/asterisk",
    "astrundir": "/var/run/asterisk",
    "astlogdir": "/var/log/asterisk",
    "astcachedir": "/var/cache/asterisk",
}
# Of a folder that Asterisk's user may fill; a mount for each takes a few milliseconds.
MOST_NAMES = 500
# A folder as packages name theirs; one with a log's name would stand in that log's way.
FOLDER = re.compile(r"[a-z]+(-[a-z]+)*")
SETTING = re.compile(r"^[ \t]*(ast[a-z]+dir)[ \t]*=>?[ \t]*([^;\r\n]+)", re.M)


class View:
    """Builds the private view; `disk` is the machine as this process sees it afterwards."""

    def __init__(self, commands: Commands, disk: Disk) -> None:
        """Use these commands for mounting."""
        self.commands = commands
        self.disk = disk
        self._count = 0
        self.log_directory = DIRECTORIES["astlogdir"]

    def build(self, generation: Generation, current: Generation | None) -> Plan:
        """Replace /etc and the other places by copies and swap the staged files in; returns the plan applied."""
        self.commands.must(["mount", "--make-rprivate", "/"])
        os.makedirs(ROOT, mode=0o700, exist_ok=True)
        self.commands.must(["mount", "-t", "tmpfs", "-o", "mode=0700,size=512m", "hardened-asterisk", ROOT])
        plan = make_plan(self.disk, generation, current)
        self.commands.must(["cp", "--archive", "/etc", f"{ROOT}/etc"])
        self.commands.must(["mount", "--bind", f"{ROOT}/etc", "/etc"])
        for path in _outside_etc(self.disk, plan):
            self._mirror(path, leave_out=(), own=_resolved(plan.changed))
        if self.disk.entry(f"/etc/systemd/system/{ASTERISK}").target == "/dev/null":
            self.disk.remove(f"/etc/systemd/system/{ASTERISK}")
        places = self._asterisk_places(generation)
        for key in ("astvarlibdir", "astdbdir"):
            self._mirror(places[key], leave_out=("astdb",), most=MOST_NAMES)
        for key in ("astspooldir", "astrundir", "astlogdir", "astcachedir"):
            self._empty(places[key])
        swap(self.disk, generation, plan)
        self.log_directory = places["astlogdir"]
        return plan

    def _asterisk_places(self, generation: Generation) -> dict[str, str]:
        """[directories] of the staged asterisk.conf over the package's defaults, links resolved."""
        places = dict(DIRECTORIES)
        for file in generation.bundle.files:
            if file.path == "/etc/asterisk/asterisk.conf":
                found = SETTING.findall(generation.text(file).decode())
                places.update({key: value.strip() for key, value in found if key in places})
        return {key: os.path.realpath(value) for key, value in places.items()}

    def _replica(self, path: str) -> str:
        self._count += 1
        replica = f"{ROOT}/{self._count}"
        found = self.disk.entry(path)
        self.disk.make_directory(replica, found.mode, found.uid, found.gid)
        return replica

    def _mirror(
        self, path: str, leave_out: tuple[str, ...], own: frozenset[str] = frozenset(), most: int = ALL_NAMES
    ) -> None:
        """Lay over a directory a writable one that holds the same entries, each read-only but for copies of `own`."""
        if self.disk.entry(path).kind != "directory":
            return
        replica = self._replica(path)
        for name in self.disk.names(path, most):
            entry = self.disk.entry(f"{path}/{name}")
            if name.startswith(leave_out) or entry.kind == "other":
                continue
            if entry.kind == "symlink":
                self.disk.link(f"{replica}/{name}", entry.target)
                continue
            # A bound file cannot be replaced by a rename: EBUSY.
            if f"{path}/{name}" in own and entry.kind == "file":
                self.commands.must(["cp", "--archive", f"{path}/{name}", f"{replica}/{name}"])
                continue
            if entry.kind == "directory":
                self.disk.mkdir(f"{replica}/{name}")
            else:
                self.disk.create(f"{replica}/{name}", b"", 0o600, 0, 0)
            self._bind(f"{path}/{name}", f"{replica}/{name}")
        self.commands.must(["mount", "--bind", replica, path])

    def _bind(self, path: str, replica: str) -> None:
        """What lies there now, read-only: Asterisk may put a link in its place before mount(8) follows the path."""
        with self.disk.pinned(path) as pinned:
            self.commands.must(["mount", "--no-canonicalize", "--rbind", pinned, replica])
        self.commands.must(["mount", "-o", "remount,bind,ro", replica])

    def _empty(self, path: str) -> None:
        """Lay over a directory of Asterisk's one with the same folders and no files.

        They are Asterisk's, as systemd makes them when it starts: now they may have any mode, and one whose service
        failed before it ran is root's.
        """
        user, group = self.disk.uid("asterisk"), self.disk.gid("asterisk")
        if self.disk.entry(path).kind == "absent":
            self._mirror(existing_parent(self.disk, path), leave_out=())
            make_parents(self.disk, path)
            self.disk.make_directory(path, 0o750, user, group)
        replica = self._replica(path)
        self.disk.own(replica, 0o750, user, group)
        # The folders in it, as packages make them: what is further below, Asterisk's user makes as deep as it likes.
        for name in self.disk.names(path, MOST_NAMES):
            if FOLDER.fullmatch(name) and self.disk.entry(f"{path}/{name}").kind == "directory":
                self.disk.make_directory(f"{replica}/{name}", 0o750, user, group)
        self.commands.must(["mount", "--bind", replica, path])


def existing_parent(disk: Disk, path: str) -> str:
    """The path itself, or the nearest directory above it that exists."""
    while disk.entry(path).kind == "absent":
        path = os.path.dirname(path)
    return path


def _resolved(paths: set[str]) -> frozenset[str]:
    """The paths with every link among their directories followed."""
    return frozenset(os.path.join(os.path.realpath(os.path.dirname(p)), os.path.basename(p)) for p in paths)


def _outside_etc(disk: Disk, plan: Plan) -> list[str]:
    """Existing directories outside /etc that the plan writes in, or whose owner or mode it sets; outermost first."""
    wanted = {os.path.dirname(path) for path in plan.changed} | {d.path for d in plan.directories}
    found: set[str] = set()
    for path in wanted:
        found.add(os.path.realpath(existing_parent(disk, path)))
    return sorted(path for path in found if path != "/etc" and not path.startswith("/etc/"))
