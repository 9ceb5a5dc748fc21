"""The simulated PBX's files: real ones in a folder, with remembered owners, and a power switch before every change."""

from __future__ import annotations

import json
import os

import location  # noqa: F401

from hardened_asterisk_host.disk import Disk, Entry
from hardened_asterisk_host.generations import STATE

USERS = {"root": 0, "_apt": 42, "asterisk": 101}
RECORD = f"{STATE}/transaction.json"


class PowerCut(BaseException):
    """The process is gone: nothing after this point runs, not even an `except Exception`."""


class Switch:
    """Counts steps and cuts before the one asked for (counted from 1; 0 never)."""

    def __init__(self) -> None:
        self.steps = 0
        self.cut_at = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.cut_at:
            raise PowerCut


class SimulatedDisk(Disk):
    """Real files with remembered owners; knows which directories are not yet durable."""

    def __init__(self, root: str, switch: Switch) -> None:
        super().__init__(root)
        self.switch = switch
        self.owners: dict[str, tuple[int, int]] = {}
        self.volatile: set[str] = set()

    def uid(self, name: str) -> int:
        return USERS[name]

    def gid(self, name: str) -> int:
        return USERS[name]

    def entry(self, path: str) -> Entry:
        found = super().entry(path)
        if found.kind == "absent":
            return found
        uid, gid = self.owners.get(path, (0, 0))
        return Entry(found.kind, uid, gid, found.mode, found.target)

    def create(self, path: str, content: bytes, mode: int, uid: int, gid: int) -> None:
        self._change(path)
        with open(self.real(path), "xb") as handle:
            handle.write(content)
        os.chmod(self.real(path), mode)
        self.owners[path] = (uid, gid)

    def link(self, path: str, target: str) -> None:
        self._change(path)
        super().link(path, target)

    def rename(self, old: str, new: str) -> None:
        if new == RECORD and json.loads(self.read(old))["phase"] in ("open", "armed", "confirmed"):
            self._must_be_durable()
        self._change(new)
        super().rename(old, new)
        self.owners[new] = self.owners.pop(old, (0, 0))

    def unlink(self, path: str) -> None:
        if path == RECORD:
            self._must_be_durable()
        self._change(path)
        super().unlink(path)
        self.owners.pop(path, None)

    def mkdir(self, path: str) -> None:
        self._change(path)
        super().mkdir(path)

    def rmdir(self, path: str) -> None:
        self._change(path)
        super().rmdir(path)
        self.owners.pop(path, None)

    def own(self, path: str, mode: int, uid: int, gid: int) -> None:
        self.switch.step()
        os.chmod(self.real(path), mode)
        self.owners[path] = (uid, gid)

    def sync(self, path: str) -> None:
        self.switch.step()
        self.volatile.discard(path)

    def sync_everything(self) -> None:
        self.volatile.clear()

    def _must_be_durable(self) -> None:
        assert self.volatile <= {STATE}, f"a commit point before {self.volatile} is durable"

    def _change(self, path: str) -> None:
        self.switch.step()
        self.volatile.add(os.path.dirname(path))
