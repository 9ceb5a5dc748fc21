"""A machine without asterisk, cut at every step of its first activation."""

from __future__ import annotations

import unittest
from typing import Any

from histories import bare, first, run_recovery, undo
from simulated_commands import write_package
from simulated_disk import PowerCut

from hardened_asterisk_host.generations import Generations


class FirstInstallation(unittest.TestCase):
    """A machine without asterisk: it must never run unhardened, and a cut installation leaves no firewall behind."""

    def test_every_cut(self) -> None:
        step = 0
        while True:
            step += 1
            machine = bare()
            self.addCleanup(machine.discard)
            machine.switch.cut_at = machine.switch.steps + step
            try:
                first(machine)
                break
            except PowerCut:
                machine.switch.cut_at = 0
            running = machine.commands.active.get("asterisk.service")
            stock = "/usr/lib/systemd/system/asterisk.service"
            run_recovery(machine)
            if Generations(machine.disk).transaction is not None:
                continue
            self.assertNotIn("asterisk.service", machine.commands.active, f"before step {step} (ran: {running})")
            self.assertEqual(machine.commands.tables, {}, f"before step {step}")
            expected = "masked" if machine.disk.entry(stock).kind == "file" else "not-found"
            self.assertEqual(machine.commands._enablement("asterisk.service"), expected, f"before step {step}")
        self.assertGreater(step, 50)

    def test_undone_it_leaves_the_packages_and_nothing_else(self) -> None:
        machine, packages = bare(), bare()
        for one in (machine, packages):
            self.addCleanup(one.discard)
        first(machine)
        undo(machine)
        write_package(packages.disk)
        packages.commands.run(["systemctl", "mask", "asterisk.service"])
        expected, found = packages.picture(), machine.picture()
        kept = [path for path in found["files"] if path not in expected["files"]]
        self.assertEqual(kept, ["/etc/systemd/system/multi-user.target.wants"], "an empty folder of systemd's own")
        del found["files"][kept[0]]
        self.assertEqual(found, expected)

    def test_firewall_and_mask_come_first(self) -> None:
        machine = bare()
        self.addCleanup(machine.discard)
        seen: list[Any] = []
        commands = machine.commands
        commands.when_installing = lambda: seen.append(
            (dict(commands.tables), commands._enablement("asterisk.service"))
        )
        first(machine)
        self.assertEqual(seen[0][1], "masked")
        self.assertIn("inet pbx", seen[0][0])


if __name__ == "__main__":
    unittest.main()
