"""Every look at the host's files and every change goes through one small layer: atomic, synced, replaceable in tests.

No path leads it over a link that another user than root may have placed (`safe_path`), whoever owns the folder.
"""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
import stat
from collections.abc import Iterator
from dataclasses import dataclass

from . import safe_path
from .errors import Refusal

TEMPORARY = ".hardened-asterisk-new"


@dataclass(frozen=True)
class Entry:
    """What lies at a path: kind `file`, `symlink`, `directory`, `other` or `absent`; owner and mode; link target."""

    kind: str
    uid: int = 0
    gid: int = 0
    mode: int = 0
    target: str = ""


ABSENT = Entry("absent")


class Disk:
    """The host's files below `root` (default the real ones). Paths given are absolute paths as the host sees them."""

    def __init__(self, root: str = "") -> None:
        """Look below `root`; the empty string is the machine itself."""
        self.root = root

    def real(self, path: str) -> str:
        """Where a path of the host lies for this process."""
        return self.root + path

    def entry(self, path: str) -> Entry:
        """What lies at a path, not following a link there."""
        try:
            with safe_path.located(self.root, path) as (folder, name):
                found = os.lstat(name, dir_fd=folder)
                target = os.readlink(name, dir_fd=folder) if stat.S_ISLNK(found.st_mode) else ""
        except (FileNotFoundError, NotADirectoryError):
            return ABSENT
        mode = stat.S_IMODE(found.st_mode)
        if target:
            return Entry("symlink", found.st_uid, found.st_gid, mode, target)
        is_file, is_directory = stat.S_ISREG(found.st_mode), stat.S_ISDIR(found.st_mode)
        kind = "file" if is_file else "directory" if is_directory else "other"
        return Entry(kind, found.st_uid, found.st_gid, mode)

    def read(self, path: str, most: int = safe_path.MOST_BYTES) -> bytes:
        """A plain file's bytes; raises Refusal when it has more than `most`, or is none."""
        return safe_path.read(self.root, path, most)

    def tail(self, path: str, size: int) -> bytes:
        """The last bytes of a plain file, at most `size`; raises Refusal when something else lies there."""
        return safe_path.read(self.root, path, size, last=True)

    def names(self, path: str, most: int = safe_path.MOST_NAMES) -> list[str]:
        """Names in a directory, sorted; empty when it is absent. Raises Refusal beyond `most`."""
        try:
            return safe_path.names_in(self.root, path, most)
        except (FileNotFoundError, NotADirectoryError):
            return []

    @contextlib.contextmanager
    def pinned(self, path: str) -> Iterator[str]:
        """A path that leads this process's children to what lies at `path` now, whatever takes its place meanwhile."""
        with safe_path.located(self.root, path) as (folder, name):
            handle = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
            try:
                if stat.S_ISLNK(os.fstat(handle).st_mode):
                    raise Refusal(f"{path} became a link while it was looked at: it is not followed; remove it")
                yield f"/proc/{os.getpid()}/fd/{handle}"
            finally:
                os.close(handle)

    def uid(self, name: str) -> int:
        """A user's number; raises Refusal when the host does not know the user."""
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            raise Refusal(
                f"user {name} does not exist here; the package that creates it is not in the bundle"
            ) from None

    def gid(self, name: str) -> int:
        """A group's number; raises Refusal when the host does not know the group."""
        try:
            return grp.getgrnam(name).gr_gid
        except KeyError:
            raise Refusal(f"group {name} does not exist here; its package is not in the bundle") from None

    def write(self, path: str, content: bytes, mode: int, uid: int = 0, gid: int = 0) -> None:
        """Replace a file atomically: temporary beside it, fsync, owner and mode, rename, fsync of the directory."""
        temporary = path + TEMPORARY
        self.remove(temporary)
        self.create(temporary, content, mode, uid, gid)
        self.rename(temporary, path)
        self.sync(os.path.dirname(path))

    def create(self, path: str, content: bytes, mode: int, uid: int, gid: int) -> None:
        """Create a file that must not exist, durable before anything names it otherwise."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with safe_path.located(self.root, path) as (folder, name):
            handle = os.open(name, flags, 0o600, dir_fd=folder)
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fchown(handle, uid, gid)
                os.fchmod(handle, mode)
                os.fsync(handle)

    def symlink(self, path: str, target: str) -> None:
        """Replace what lies at a path by a symbolic link, atomically."""
        temporary = path + TEMPORARY
        self.remove(temporary)
        self.link(temporary, target)
        self.rename(temporary, path)
        self.sync(os.path.dirname(path))

    def link(self, path: str, target: str) -> None:
        """Create a symbolic link that must not exist."""
        with safe_path.located(self.root, path) as (folder, name):
            os.symlink(target, name, dir_fd=folder)

    def rename(self, old: str, new: str) -> None:
        """Rename, replacing what lies at `new`."""
        with safe_path.located(self.root, old) as (folder, name), safe_path.located(self.root, new) as (into, wanted):
            os.rename(name, wanted, src_dir_fd=folder, dst_dir_fd=into)

    def remove(self, path: str) -> None:
        """Remove a file or link; fine when absent."""
        if self.entry(path).kind == "absent":
            return
        self.unlink(path)
        self.sync(os.path.dirname(path))

    def unlink(self, path: str) -> None:
        """Remove a file or link that exists."""
        with safe_path.located(self.root, path) as (folder, name):
            os.unlink(name, dir_fd=folder)

    def make_directory(self, path: str, mode: int, uid: int = 0, gid: int = 0) -> None:
        """Create one directory with exactly this owner and mode; its parent exists."""
        self.mkdir(path)
        self.own(path, mode, uid, gid)
        self.sync(os.path.dirname(path))

    def mkdir(self, path: str) -> None:
        """Create a directory that only this process may enter."""
        with safe_path.located(self.root, path) as (folder, name):
            os.mkdir(name, 0o700, dir_fd=folder)

    def remove_directory(self, path: str) -> None:
        """Remove a directory when it is there and empty; anything left in it keeps it."""
        if self.entry(path).kind != "directory" or self.names(path):
            return
        self.rmdir(path)
        self.sync(os.path.dirname(path))

    def rmdir(self, path: str) -> None:
        """Remove an empty directory."""
        with safe_path.located(self.root, path) as (folder, name):
            os.rmdir(name, dir_fd=folder)

    def own(self, path: str, mode: int, uid: int, gid: int) -> None:
        """Set owner and mode of a directory or a plain file; raises Refusal for anything else that lies there."""
        with safe_path.located(self.root, path) as (folder, name):
            handle = os.open(name, safe_path.FILE, dir_fd=folder)
        try:
            found = os.fstat(handle)
            if not stat.S_ISDIR(found.st_mode) and (not stat.S_ISREG(found.st_mode) or found.st_nlink > 1):
                raise Refusal(f"{path} is neither a directory nor a file of one name: its owner stays; remove it")
            os.fchown(handle, uid, gid)
            os.fchmod(handle, mode)
        finally:
            os.close(handle)

    def sync(self, path: str) -> None:
        """Make a directory's entries durable."""
        handle = self._directory(path, follow=True)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def _directory(self, path: str, follow: bool) -> int:
        with safe_path.located(self.root, path, follow) as (folder, name):
            return os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)

    def sync_everything(self) -> None:
        """Make durable what the host's own tools wrote (unit links, dpkg's override list)."""
        os.sync()


def make_parents(disk: Disk, path: str, mode: int = 0o755) -> list[str]:
    """Create the missing parents of a path, root-owned; returns those created, outermost first."""
    missing: list[str] = []
    parent = os.path.dirname(path)
    while disk.entry(parent).kind == "absent":
        missing.insert(0, parent)
        parent = os.path.dirname(parent)
    for directory in missing:
        disk.make_directory(directory, mode)
    return missing


def same(disk: Disk, path: str, entry: Entry, content: bytes | None) -> bool:
    """Whether a path holds exactly this entry and, for a file, this content."""
    return disk.entry(path) == entry and (content is None or disk.read(path) == content)


def walk_files(disk: Disk, directory: str) -> list[str]:
    """Every path below a directory that is not itself a directory, sorted."""
    found: list[str] = []
    for name in disk.names(directory):
        path = f"{directory}/{name}"
        found.extend(walk_files(disk, path) if disk.entry(path).kind == "directory" else [path])
    return found


def walk_directories(disk: Disk, directory: str) -> list[str]:
    """A directory and every one below it, outermost first; empty when it is absent."""
    if disk.entry(directory).kind != "directory":
        return []
    below = [walk_directories(disk, f"{directory}/{name}") for name in disk.names(directory)]
    return [directory, *[path for paths in below for path in paths]]
