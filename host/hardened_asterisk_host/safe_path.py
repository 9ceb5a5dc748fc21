"""Opening a path so that only root chooses what is opened: a link that another user may have placed is not followed.

Asterisk, fail2ban, the ACME client and an owner's own programs write below folders that this program reads. Each of
them may put a link to /etc/shadow, a FIFO, a directory or an endless file in the place of what is expected there.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator

from .errors import Refusal

FOLDER = os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC
# A FIFO without a writer answers at once, and a link in the last place is never followed by the kernel.
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
MOST_LINKS = 40
# As large as a package file may be; what other users write is read with a bound of its own.
MOST_BYTES = 256 * 1024 * 1024
MOST_NAMES = 100_000
KINDS = {
    stat.S_IFLNK: "a link",
    stat.S_IFDIR: "a directory",
    stat.S_IFIFO: "a FIFO",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


@contextlib.contextmanager
def located(root: str, path: str, follow: bool = False) -> Iterator[tuple[int, str]]:
    """Handle of the folder that holds a path's last name, and that name, with no link followed but root's own.

    `follow`: also a link in the last place. Raises Refusal for a link in a folder where another user may write.
    """
    handle, names, links = os.open(root or "/", FOLDER), _names(path), 0
    try:
        while names:
            name = names.pop(0)
            target = _target(handle, name) if names or follow else None
            if target is None and not names:
                yield handle, name
                return
            if target is None:
                handle = _into(handle, os.open(name, FOLDER | os.O_NOFOLLOW, dir_fd=handle))
                continue
            links += 1
            _may_follow(handle, path, links)
            if target.startswith("/"):
                handle = _into(handle, os.open(root or "/", FOLDER))
            names = _names(target) + names
        yield handle, "."
    except OSError as problem:
        # The kernel's answer names the last part of the path only, or nothing.
        problem.filename = path
        raise
    finally:
        os.close(handle)


def open_file(root: str, path: str, follow: bool = True) -> int:
    """Handle of a plain file, to read; raises Refusal when something else lies there or another user's link leads."""
    with located(root, path, follow) as (folder, name):
        try:
            handle = os.open(name, FILE, dir_fd=folder)
        except OSError as problem:
            if problem.errno not in (errno.ELOOP, errno.ENXIO):
                raise
            raise Refusal(_no_file(path, os.lstat(name, dir_fd=folder))) from None
        found = os.fstat(handle)
        # A second name of a file of root's, where the kernel lets others make one.
        linked = found.st_nlink > 1 and not only_roots(folder)
    if not stat.S_ISREG(found.st_mode) or linked:
        os.close(handle)
        raise Refusal(_no_file(path, found))
    return handle


def read(root: str, path: str, most: int = MOST_BYTES, last: bool = False, follow: bool = True) -> bytes:
    """A plain file's bytes, at most `most`: of a larger one the `last`, or a Refusal."""
    handle = open_file(root, path, follow)
    try:
        if last:
            os.lseek(handle, max(0, os.fstat(handle).st_size - most), os.SEEK_SET)
        content = _read(handle, most if last else most + 1)
    finally:
        os.close(handle)
    if len(content) > most:
        raise Refusal(f"{path} is larger than {max(1, most >> 20)} MiB: it is not read; move it away")
    return content


def only_roots(folder: int) -> bool:
    """Whether nobody but root (or who runs this, in a test) can change what a folder holds."""
    found = os.fstat(folder)
    group = bool(found.st_mode & stat.S_IWGRP) and found.st_gid not in (0, os.getegid())
    return found.st_uid in (0, os.geteuid()) and not group and not found.st_mode & stat.S_IWOTH


def names_in(root: str, path: str, most: int = MOST_NAMES) -> list[str]:
    """Names in a directory, sorted; raises Refusal beyond `most`."""
    with located(root, path, follow=True) as (folder, name):
        handle = os.open(name, FILE | os.O_DIRECTORY, dir_fd=folder)
    try:
        found: list[str] = []
        with os.scandir(handle) as entries:
            for entry in entries:
                found.append(entry.name)
                if len(found) > most:
                    raise Refusal(f"{path} holds more than {most} names: it is not read; remove what does not belong")
    finally:
        os.close(handle)
    return sorted(found)


def _names(path: str) -> list[str]:
    return [name for name in path.split("/") if name not in ("", ".")]


def _into(old: int, new: int) -> int:
    os.close(old)
    return new


def _target(folder: int, name: str) -> str | None:
    """Where a link leads; None for anything else, also for nothing."""
    try:
        return os.readlink(name, dir_fd=folder)
    except OSError as problem:
        if problem.errno in (errno.EINVAL, errno.ENOENT):
            return None
        raise


def _may_follow(folder: int, path: str, links: int) -> None:
    if links > MOST_LINKS:
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
    if not only_roots(folder):
        raise Refusal(f"{path} leads over a link that not only root may have placed: it is not followed; remove it")


def _no_file(path: str, found: os.stat_result) -> str:
    what = KINDS.get(stat.S_IFMT(found.st_mode), f"one of {found.st_nlink} names of a file")
    return f"{path} is not a file but {what}: it is not read; remove it"


def _read(handle: int, most: int) -> bytes:
    parts: list[bytes] = []
    while most > 0:
        part = os.read(handle, min(most, 1 << 20))
        if not part:
            break
        parts.append(part)
        most -= len(part)
    return b"".join(parts)
