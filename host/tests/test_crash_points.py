"""Whatever step the machine is cut off before: after recovery or the next boot it is wholly old or wholly new."""

from __future__ import annotations

import unittest
from typing import Any

from histories import Prepare, Work, after_reboot, armed, confirm, confirmed, run_recovery, undo, update
from simulated_disk import PowerCut
from simulated_host import SimulatedMachine

from hardened_asterisk_host.generations import Generations


class CrashPoints(unittest.TestCase):
    """Each test cuts a piece of work before each of its steps, in two ways."""

    def whole(self, prepare: Prepare, work: Work, new_survives: bool) -> int:
        """Cut before each step; returns how many cuts were made. `new_survives`: the new one may outlive a reboot."""
        step = cuts = 0
        while True:
            step += 1
            if not self.cut(prepare, work, step, power=False, new_survives=True):
                break
            self.cut(prepare, work, step, power=True, new_survives=new_survives)
            cuts += 1
        self.assertGreater(cuts, 3, "the work has steps")
        return cuts

    def cut(self, prepare: Prepare, work: Work, step: int, power: bool, new_survives: bool) -> bool:
        """Cut before one step, recover, compare. False when the work ended before that step."""
        old, new = self.pictures(prepare, work, power)
        machine = prepare()
        self.addCleanup(machine.discard)
        machine.switch.steps, machine.switch.cut_at = 0, step
        try:
            work(machine)
            return False
        except PowerCut:
            machine.switch.cut_at = 0
        if power:
            machine.power_cut()
        run_recovery(machine)
        if power:
            machine.boot()
        found = machine.picture()
        allowed = [old, new] if new_survives else [old]
        for key in found:
            self.assertIn(found[key], [picture[key] for picture in allowed], f"{key} after a cut before step {step}")
        self.assertIn(found, allowed, f"mixed after a cut before step {step}")
        return True

    def pictures(self, prepare: Prepare, work: Work, power: bool) -> tuple[Any, Any]:
        """The wholly old and the wholly new picture, after a reboot when `power`; made once."""
        known = self.__dict__.setdefault("known", {})
        if (prepare, work, power) not in known:
            old, new = prepare(), prepare()
            self.addCleanup(old.discard)
            self.addCleanup(new.discard)
            work(new)
            look = after_reboot if power else SimulatedMachine.picture
            known[(prepare, work, power)] = (look(old), look(new))
        return known[(prepare, work, power)]

    def test_an_update(self) -> None:
        self.whole(confirmed, update, new_survives=False)

    def test_confirming(self) -> None:
        for step in range(1, 200):
            machine = armed()
            self.addCleanup(machine.discard)
            new = machine.picture()
            machine.switch.steps, machine.switch.cut_at = 0, step
            try:
                confirm(machine)
                break
            except PowerCut:
                machine.switch.cut_at = 0
            machine.power_cut()
            run_recovery(machine)
            machine.boot()
            store = Generations(machine.disk)
            self.assertIsNone(store.transaction)
            self.assertEqual(store.current == "two", machine.picture()["files"] == new["files"])
        else:
            self.fail("confirming never ended")
        self.assertGreater(step, 3)

    def test_a_rollback(self) -> None:
        for power in (False, True):
            step = 0
            while True:
                step += 1
                machine, old = armed(), confirmed()
                self.addCleanup(machine.discard)
                self.addCleanup(old.discard)
                machine.switch.steps, machine.switch.cut_at = 0, step
                try:
                    undo(machine)
                    break
                except PowerCut:
                    machine.switch.cut_at = 0
                if power:
                    machine.power_cut()
                run_recovery(machine)
                if power:
                    machine.boot()
                expected = after_reboot(old) if power else old.picture()
                self.assertEqual(machine.picture(), expected, f"after a cut before step {step} of a rollback")
            self.assertGreater(step, 10)

    def test_recovery_that_is_itself_cut(self) -> None:
        old = confirmed()
        self.addCleanup(old.discard)
        expected = after_reboot(old)
        counted = confirmed()
        self.addCleanup(counted.discard)
        counted.switch.steps = 0
        update(counted)
        total = counted.switch.steps
        for step in range(total // 2, total, 9):
            for second in range(1, 60, 3):
                machine = confirmed()
                self.addCleanup(machine.discard)
                for work, at in ((update, step), (run_recovery, second)):
                    machine.switch.steps, machine.switch.cut_at = 0, at
                    try:
                        work(machine)
                    except PowerCut:
                        machine.power_cut()
                    machine.switch.cut_at = 0
                run_recovery(machine)
                machine.boot()
                self.assertEqual(machine.picture(), expected, f"cuts before {step} and {second}")


if __name__ == "__main__":
    unittest.main()
