"""Whatever step the machine is cut off before: after recovery or the next boot it is wholly old or wholly new."""

from __future__ import annotations

import unittest
from typing import Any, Callable

from simulated_host import PowerCut, SimulatedMachine
from small import activate, bundle

from hardened_asterisk_host.generations import Generations
from hardened_asterisk_host.transaction import confirm_transaction, recover, undo_transaction

Prepare = Callable[[], SimulatedMachine]
Work = Callable[[SimulatedMachine], Any]


def bare() -> SimulatedMachine:
    """A machine without asterisk."""
    return SimulatedMachine()


def confirmed() -> SimulatedMachine:
    """A machine where generation one is confirmed."""
    machine = bare()
    activate(machine, "one", bundle(1, ("gone.conf",)))
    confirm(machine)
    return machine


def armed() -> SimulatedMachine:
    """A machine where generation one is confirmed and two is armed."""
    machine = confirmed()
    activate(machine, "two", bundle(2, ("new.conf",)))
    return machine


def confirm(machine: SimulatedMachine) -> None:
    """Confirm what is armed, in a fresh process."""
    host = machine.host()
    confirm_transaction(host, Generations(host.disk))


def run_recovery(machine: SimulatedMachine) -> None:
    """What the recovery unit does."""
    host = machine.host()
    recover(host, Generations(host.disk))


def undo(machine: SimulatedMachine) -> None:
    """What the rollback timer does once it has fired."""
    machine.commands.timer = False
    host = machine.host()
    undo_transaction(host, Generations(host.disk), "test")


def update(machine: SimulatedMachine) -> None:
    """Activate generation two."""
    activate(machine, "two", bundle(2, ("new.conf",)))


def first(machine: SimulatedMachine) -> None:
    """Activate generation one, packages included."""
    activate(machine, "one", bundle(1, ("gone.conf",)))


def after_reboot(machine: SimulatedMachine) -> dict[str, Any]:
    """The picture once the machine was restarted without any cut."""
    machine.power_cut()
    run_recovery(machine)
    machine.boot()
    return machine.picture()


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

    def cut(
        self, prepare: Callable[[], SimulatedMachine], work: Work, step: int, power: bool, new_survives: bool
    ) -> bool:
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
