"""The simulated PBX's tools: units, tables, overrides and packages, each change one numbered step."""

from __future__ import annotations

import hashlib
import os
import re
from typing import Any, Callable

from simulated_disk import USERS, SimulatedDisk, Switch

from hardened_asterisk_host.commands import Commands, Result
from hardened_asterisk_host.disk import TEMPORARY, Disk, make_parents, walk_files

UNIT_FOLDERS = ("/etc/systemd/system", "/usr/lib/systemd/system")


class SimulatedCommands(Commands):
    """The tools a transaction uses, acting on simulated units, tables, overrides and packages."""

    def __init__(self, disk: SimulatedDisk, switch: Switch) -> None:
        self.disk = disk
        self.switch = switch
        self.active: dict[str, str] = {}
        self.tables: dict[str, str] = {}
        self.overrides: dict[str, str] = {}
        self.packages: dict[str, str] = {}
        # What lies at a web address.
        self.web: dict[str, bytes] = {}
        # Units that end as soon as they start, and are started again.
        self.failing: set[str] = set()
        # Units whose program was replaced on the disk while it ran.
        self.replaced: set[str] = set()
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
        self.replaced.discard(unit)
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
        if "--property=MainPID" in words:
            return Result(0, "0" if unit in self.failing else "4711", "")
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
        for word in words[words.index("install") + 1 :]:
            if word.startswith("/"):
                self.packages.update([self._identity(word)])
            elif not word.startswith("-"):
                self.packages[word] = "9"
        # An upgrade leaves configuration files as they are.
        if self.disk.entry("/usr/lib/systemd/system/asterisk.service").kind == "absent":
            write_package(self.disk)
        self.replaced |= {"asterisk.service"} & self.active.keys()
        return Result(0, "", "")

    def _cat(self, words: list[str], stdin: str | None) -> Result:
        program = "/usr/sbin/asterisk (deleted)" if self.replaced else "/usr/sbin/asterisk"
        return Result(0, f"5a-5b r-xp 0 00:2a 12 {program}\n", "")

    def _identity(self, path: str) -> tuple[str, str]:
        """Name and version of a simulated package file: `deb NAME VERSION …`."""
        words = self.disk.read(path).decode().split()
        return (words[1], words[2]) if words[0] == "deb" else ("", "")

    def _dpkg_deb(self, words: list[str], stdin: str | None) -> Result:
        name, version = self._identity(words[-1])
        return Result(0, f"{name} {version}", "") if name else Result(2, "", "is not a Debian format archive")

    def _apt_helper(self, words: list[str], stdin: str | None) -> Result:
        address, target, wanted = words[-3:]
        if address not in self.web:
            return Result(100, "", "E: 404 Not Found")
        right = f"SHA256:{hashlib.sha256(self.web[address]).hexdigest()}" == wanted
        with open(target if right else f"{target}.FAILED", "wb") as handle:
            handle.write(self.web[address])
        return Result(0 if right else 100, "", "" if right else "E: Hash Sum mismatch")

    def _journalctl(self, words: list[str], stdin: str | None) -> Result:
        return Result(0, "the journal's last line", "")

    def _tail(self, words: list[str], stdin: str | None) -> Result:
        return Result(0, "the log's last line", "")

    def _probe(self, words: list[str], stdin: str | None) -> Result:
        """Agrees while the table is loaded and asterisk runs."""
        if "inet pbx" not in self.tables or "asterisk.service" not in self.active:
            return Result(1, "", "not in effect")
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
