"""A simulated PBX: real files in a temporary folder, simulated owners, units, tables, packages, and a power switch.

Every change — of a file, a directory entry, a unit, a table — is one numbered step; the machine can be cut before any.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from typing import Any, Callable

import location  # noqa: F401

from hardened_asterisk_host.commands import Commands, Result
from hardened_asterisk_host.disk import TEMPORARY, Disk, Entry, make_parents, walk_directories, walk_files
from hardened_asterisk_host.generations import STATE
from hardened_asterisk_host.host import Host

USERS = {"root": 0, "asterisk": 101}
RECORD = f"{STATE}/transaction.json"
# Thousands of small trees are made: in memory where the machine has that.
SCRATCH = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
UNIT_FOLDERS = ("/etc/systemd/system", "/usr/lib/systemd/system")


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


class SimulatedCommands(Commands):
    """The tools a transaction uses, acting on simulated units, tables, overrides and packages."""

    def __init__(self, disk: SimulatedDisk, switch: Switch) -> None:
        self.disk = disk
        self.switch = switch
        self.active: dict[str, str] = {}
        self.tables: dict[str, str] = {}
        self.overrides: dict[str, str] = {}
        self.packages: dict[str, str] = {}
        self.timer = False
        self.calls = 0
        self.log: list[list[str]] = []
        self.broken: Callable[[list[str]], bool] = lambda argv: False
        self.when_installing: Callable[[], None] = lambda: None

    def run(self, argv: Any, stdin: str | None = None, seconds: float = 60) -> Result:
        words = list(argv)
        self.log.append(words)
        if self.broken(words):
            return Result(1, "", "broken for the test")
        tool = getattr(self, "_" + os.path.basename(words[0]).replace("-", "_"), None)
        return tool(words[1:], stdin) if tool else Result(127, "", f"{words[0]}: not simulated")

    def stream(self, argv: Any, line: Callable[[str], None], seconds: float) -> int:
        result = self.run(argv)
        for text in result.text.splitlines():
            line(text)
        return result.status

    def exists(self, path: str) -> bool:
        return self.disk.entry(path).kind != "absent"

    def boot(self) -> None:
        """What systemd does at boot once recovery is through: enabled units start with the files as they are."""
        for unit in sorted({u for p in walk_files(self.disk, "/etc/systemd/system") for u in _wanted(p)}):
            if self._enablement(unit) == "enabled":
                self._start(unit)

    def power_off(self) -> None:
        """What memory held is gone."""
        self.active.clear()
        self.tables.clear()
        self.timer = False

    def _enablement(self, unit: str) -> str:
        if self.disk.entry(f"/etc/systemd/system/{unit}").target == "/dev/null":
            return "masked"
        if all(self.disk.entry(f"{folder}/{unit}").kind != "file" for folder in UNIT_FOLDERS):
            return "not-found"
        wants = f"/etc/systemd/system/multi-user.target.wants/{unit}"
        return "enabled" if self.disk.entry(wants).kind == "symlink" else "disabled"

    def _start(self, unit: str) -> None:
        self.active[unit] = configuration(self.disk)
        if unit == "firewall.service":
            self._load(self.disk.read("/etc/nftables.d/pbx.nft").decode())

    def _systemctl(self, words: list[str], stdin: str | None) -> Result:
        verb, unit = words[0], words[-1]
        if verb == "is-enabled":
            answer = self._enablement(unit)
            return Result(0 if answer == "enabled" else 1, "" if answer == "not-found" else answer, "")
        if verb == "is-active":
            is_up = unit in self.active
            return Result(0 if is_up else 3, "active" if is_up else "inactive", "")
        if verb == "show":
            return Result(0, f"SubState={'waiting' if self.timer else 'dead'}", "")
        self.switch.step()
        return self._steer(verb, unit)

    def _steer(self, verb: str, unit: str) -> Result:
        state = self._enablement(unit)
        wants = f"/etc/systemd/system/multi-user.target.wants/{unit}"
        if unit == "hardened-asterisk-rollback-*.timer":
            self.timer = False
        elif verb in ("start", "restart"):
            if state in ("masked", "not-found"):
                return Result(1, "", f"Unit {unit} is {state}.")
            self._start(unit)
        elif verb == "stop":
            self.active.pop(unit, None)
        elif verb == "enable" and state in ("masked", "not-found"):
            return Result(1, "", f"Unit {unit} is {state}.")
        elif verb == "enable":
            make_parents(self.disk, wants)
            self.disk.symlink(wants, f"/usr/lib/systemd/system/{unit}")
        elif verb == "disable":
            self.disk.remove(wants)
        elif verb == "mask":
            make_parents(self.disk, f"/etc/systemd/system/{unit}")
            self.disk.symlink(f"/etc/systemd/system/{unit}", "/dev/null")
        elif verb == "unmask" and state == "masked":
            self.disk.remove(f"/etc/systemd/system/{unit}")
        return Result(0, "", "")

    def _systemd_run(self, words: list[str], stdin: str | None) -> Result:
        self.switch.step()
        self.timer = True
        return Result(0, "", "")

    def _asterisk(self, words: list[str], stdin: str | None) -> Result:
        if words[-1] == "core show channels count":
            return Result(0, f"{self.calls} active channels\n{self.calls} active calls\n", "")
        self.switch.step()
        self.active["asterisk.service"] = configuration(self.disk)
        return Result(0, "", "")

    def _nft(self, words: list[str], stdin: str | None) -> Result:
        if "list" in words:
            name = " ".join(words[-2:])
            return Result(0, self.tables[name], "") if name in self.tables else Result(1, "", "No such file")
        text = stdin if words[-1] == "-" else self.disk.read(words[-1]).decode()
        if "-c" in words:
            return Result(1, "", "syntax error") if "BROKEN" in (text or "") else Result(0, "", "")
        self.switch.step()
        return self._load(text or "")

    def _load(self, text: str) -> Result:
        for name in re.findall(r"^delete table (\S+ \S+)$", text, re.M):
            self.tables.pop(name, None)
        for name in re.findall(r"^table (\S+ \S+) \{", text, re.M):
            self.tables[name] = text[text.index(f"table {name} {{") :]
        return Result(0, "", "")

    def _dpkg_statoverride(self, words: list[str], stdin: str | None) -> Result:
        if "--list" in words:
            return Result(0, "".join(f"{text} {path}\n" for path, text in self.overrides.items()), "")
        self.switch.step()
        if "--remove" in words:
            del self.overrides[words[-1]]
        else:
            self.overrides[words[-1]] = " ".join(words[-4:-1])
        return Result(0, "", "")

    def _dpkg_query(self, words: list[str], stdin: str | None) -> Result:
        if "Conffiles" in " ".join(words):
            return Result(0, " /etc/asterisk/pjsip.conf 0123\n", "")
        version = self.packages.get(words[-1])
        return Result(0, f"installed {version}", "") if version else Result(1, "", "no packages found")

    def _dpkg(self, words: list[str], stdin: str | None) -> Result:
        return Result(0 if words[0] == "--audit" or words[1] >= words[3] else 1, "", "")

    def _apt_get(self, words: list[str], stdin: str | None) -> Result:
        if "install" not in words:
            return Result(0, "", "")
        self.switch.step()
        self.when_installing()
        self.packages.update({word: "9" for word in words[words.index("install") + 1 :] if not word.startswith("-")})
        write_package(self.disk)
        return Result(0, "", "")

    def _journalctl(self, words: list[str], stdin: str | None) -> Result:
        return Result(0, "the journal's last line", "")

    def _tail(self, words: list[str], stdin: str | None) -> Result:
        return Result(0, "the log's last line", "")

    def _probe(self, words: list[str], stdin: str | None) -> Result:
        return Result(0, "fine secret-user", "")


def write_package(disk: Disk) -> None:
    """What installing asterisk leaves: its unit and stock configuration."""
    for path, text in {
        "/usr/lib/systemd/system/asterisk.service": "[Service]\nExecStart=/usr/sbin/asterisk -f\n",
        "/etc/asterisk/pjsip.conf": "; stock\n",
        "/etc/asterisk/manager.conf": "; stock\n",
    }.items():
        make_parents(disk, path)
        disk.write(path, text.encode(), 0o640, USERS["asterisk"], USERS["asterisk"])


def configuration(disk: Disk) -> str:
    """Digest of what asterisk would read."""
    state = hashlib.sha256()
    for path in walk_files(disk, "/etc/asterisk"):
        if not path.endswith(TEMPORARY):
            state.update(path.encode() + disk.read(path))
    return state.hexdigest()[:12]


def _wanted(path: str) -> list[str]:
    return [os.path.basename(path)] if "/multi-user.target.wants/" in path else []


class SimulatedMachine:
    """The machine: a folder that outlives its processes, and what its memory holds."""

    def __init__(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="hardened-asterisk-test-", dir=SCRATCH)
        self.switch = Switch()
        self.disk = SimulatedDisk(self.folder, self.switch)
        self.commands = SimulatedCommands(self.disk, self.switch)
        self.boots = 1
        self.booting = False
        self.said: list[str] = []
        for path in ("/etc/systemd/system/x", "/usr/lib/systemd/system/x", "/var/lib/x"):
            make_parents(self.disk, path)

    def host(self) -> Host:
        """The machine as a fresh process sees it."""
        clock = [1000.0]

        def wait(seconds: float) -> None:
            clock[0] += seconds

        name = f"boot-{self.boots}"
        return Host(self.disk, self.commands, self.said.append, name, lambda: clock[0], wait, self.booting)

    def power_cut(self) -> None:
        """Memory is lost and another boot begins; `boot` follows after recovery."""
        self.commands.power_off()
        self.disk.volatile.clear()
        self.boots += 1
        self.booting = True

    def boot(self) -> None:
        """The rest of the boot, once recovery is through."""
        self.booting = False
        self.commands.boot()

    def picture(self) -> dict[str, Any]:
        """Everything that must be wholly old or wholly new: files, units and what they run with, tables, overrides."""
        paths = [
            p for top in ("/etc", "/usr") for p in [*walk_files(self.disk, top), *walk_directories(self.disk, top)]
        ]
        files = {p: (self.disk.entry(p), self._content(p)) for p in paths}
        units = {u: self.commands._enablement(u) for u in ("asterisk.service", "firewall.service")}
        return {
            "files": files,
            "units": units,
            "running": dict(self.commands.active),
            "tables": dict(self.commands.tables),
            "overrides": dict(self.commands.overrides),
        }

    def _content(self, path: str) -> bytes:
        return self.disk.read(path) if self.disk.entry(path).kind == "file" else b""

    def discard(self) -> None:
        """Remove its folder."""
        shutil.rmtree(self.folder)
