"""A simulated PBX: real files in a temporary folder, simulated owners, units, tables, packages, and a power switch.

Every change — of a file, a directory entry, a unit, a table — is one numbered step; the machine can be cut before any.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from typing import Any

from simulated_commands import SimulatedCommands
from simulated_disk import SimulatedDisk, Switch

from hardened_asterisk_host.disk import make_parents, walk_directories, walk_files
from hardened_asterisk_host.host import Host

# Thousands of small trees are made: in memory where the machine has that.
SCRATCH = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


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
        return Host(
            self.disk, self.commands, self.said.append, name, lambda: clock[0], wait, self.booting, lambda: clock[0]
        )

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
