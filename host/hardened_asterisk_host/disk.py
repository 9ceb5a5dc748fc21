"""Every change to the host's files goes through one small layer: atomic, synced, and replaceable in tests."""

from __future__ import annotations

import grp
import os
import pwd
import stat
from dataclasses import dataclass

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
            found = os.lstat(self.real(path))
        except (FileNotFoundError, NotADirectoryError):
            return ABSENT
        mode = stat.S_IMODE(found.st_mode)
        if stat.S_ISLNK(found.st_mode):
            return Entry("symlink", found.st_uid, found.st_gid, mode, os.readlink(self.real(path)))
        is_file, is_directory = stat.S_ISREG(found.st_mode), stat.S_ISDIR(found.st_mode)
        kind = "file" if is_file else "directory" if is_directory else "other"
        return Entry(kind, found.st_uid, found.st_gid, mode)

    def read(self, path: str) -> bytes:
        """A file's bytes."""
        with open(self.real(path), "rb") as handle:
            return handle.read()

    def names(self, path: str) -> list[str]:
        """Names in a directory, sorted; empty when it is absent."""
        try:
            return sorted(os.listdir(self.real(path)))
        except (FileNotFoundError, NotADirectoryError):
            return []

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
        handle = os.open(self.real(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fchown(handle, uid, gid)
                os.fchmod(handle, mode)
                os.fsync(handle)
        except OSError as problem:
            # The kernel's answer to a write names no file.
            problem.filename = path
            raise

    def symlink(self, path: str, target: str) -> None:
        """Replace what lies at a path by a symbolic link, atomically."""
        temporary = path + TEMPORARY
        self.remove(temporary)
        self.link(temporary, target)
        self.rename(temporary, path)
        self.sync(os.path.dirname(path))

    def link(self, path: str, target: str) -> None:
        """Create a symbolic link that must not exist."""
        os.symlink(target, self.real(path))

    def rename(self, old: str, new: str) -> None:
        """Rename, replacing what lies at `new`."""
        os.rename(self.real(old), self.real(new))

    def remove(self, path: str) -> None:
        """Remove a file or link; fine when absent."""
        if self.entry(path).kind == "absent":
            return
        self.unlink(path)
        self.sync(os.path.dirname(path))

    def unlink(self, path: str) -> None:
        """Remove a file or link that exists."""
        os.unlink(self.real(path))

    def make_directory(self, path: str, mode: int, uid: int = 0, gid: int = 0) -> None:
        """Create one directory with exactly this owner and mode; its parent exists."""
        self.mkdir(path)
        self.own(path, mode, uid, gid)
        self.sync(os.path.dirname(path))

    def mkdir(self, path: str) -> None:
        """Create a directory that only this process may enter."""
        os.mkdir(self.real(path), 0o700)

    def remove_directory(self, path: str) -> None:
        """Remove a directory when it is there and empty; anything left in it keeps it."""
        if self.entry(path).kind != "directory" or self.names(path):
            return
        self.rmdir(path)
        self.sync(os.path.dirname(path))

    def rmdir(self, path: str) -> None:
        """Remove an empty directory."""
        os.rmdir(self.real(path))

    def own(self, path: str, mode: int, uid: int, gid: int) -> None:
        """Set owner and mode of what lies at a path (not a link)."""
        os.chown(self.real(path), uid, gid, follow_symlinks=False)
        os.chmod(self.real(path), mode)

    def sync(self, path: str) -> None:
        """Make a directory's entries durable."""
        handle = os.open(self.real(path) or "/", os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

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
