"""The same configuration again: nothing is done where nothing drifted, and what drifted is repaired and named."""

from __future__ import annotations

import unittest

from histories import ONE, confirm, confirmed, undo
from small import activate, bundle

from hardened_asterisk_host.errors import Refusal
from hardened_asterisk_host.generations import Generations


class Drift(unittest.TestCase):
    def setUp(self) -> None:
        self.machine = confirmed()
        self.addCleanup(self.machine.discard)

    def test_the_same_again_once_confirmed_does_nothing(self) -> None:
        before, steps = self.machine.picture(), self.machine.switch.steps
        receipt = activate(self.machine, "one", ONE)
        self.assertEqual((receipt["state"], receipt["changed"], receipt["actions"]), ("confirmed", [], []))
        self.assertEqual(self.machine.picture(), before)
        self.assertLess(self.machine.switch.steps - steps, 4, "no more than the state folder's own modes")

    def test_drift_of_content_owner_or_service_is_repaired(self) -> None:
        good = self.machine.picture()
        disk, path = self.machine.disk, "/etc/asterisk/pjsip.conf"
        for spoil, words in (
            (
                lambda: disk.write(path, b"; drift\n", 0o640, 0, 101),
                "^file .*pjsip.conf: content, owner or mode differs$",
            ),
            (lambda: disk.own(path, 0o644, 101, 101), "^file .*pjsip.conf: content, owner or mode differs$"),
            (lambda: disk.remove(path), "^file .*pjsip.conf: missing$"),
            (
                lambda: disk.write("/etc/asterisk/extra.conf", b"; stranger\n", 0o644),
                "extra.conf: does not belong here$",
            ),
            (lambda: self.machine.commands.active.pop("asterisk.service"), "service asterisk.service: not running"),
            (self.machine.commands.overrides.clear, "not kept through package upgrades"),
            (self.machine.commands.tables.clear, "^probe fine: `probe` exits 1: not in effect$"),
        ):
            spoil()
            receipt = activate(self.machine, "one", ONE)
            self.assertEqual(receipt["state"], "armed")
            self.assertRegex(" | ".join(receipt["drift"]), words)
            confirm(self.machine)
            self.assertEqual(self.machine.picture(), good)
            self.assertEqual(activate(self.machine, "one", ONE)["drift"], [])
            self.assertEqual((Generations(self.machine.disk).receipt("one") or {})["drift"], [])

    def test_what_no_reload_repairs_restarts_asterisk_unless_calls_are_up(self) -> None:
        commands = self.machine.commands
        commands.broken = lambda argv: (
            argv == ["probe"] and ["systemctl", "restart", "asterisk.service"] not in commands.log
        )
        commands.log.clear()
        commands.calls = 1
        with self.assertRaisesRegex(Refusal, "1 channels are up"):
            activate(self.machine, "one", ONE)
        commands.calls = 0
        receipt = activate(self.machine, "one", ONE)
        self.assertEqual([row["id"] for row in receipt["actions"]], ["load", "restart"])

    def test_what_was_changed_by_hand_is_named_when_another_configuration_replaces_it(self) -> None:
        self.machine.disk.write("/etc/asterisk/pjsip.conf", b"; by hand\n", 0o640, 0, 101)
        receipt = activate(self.machine, "two", bundle(2))
        self.assertEqual(receipt["drift"], ["file /etc/asterisk/pjsip.conf: content, owner or mode differs"])

    def test_a_service_that_the_next_generation_lacks_is_retired_and_comes_back_with_a_rollback(self) -> None:
        before = self.machine.picture()
        self.assertIn("gone.service", before["running"])
        activate(self.machine, "two", bundle(2))
        self.assertNotIn("gone.service", self.machine.picture()["running"])
        self.assertEqual([path for path in self.machine.picture()["files"] if "gone" in path], [])
        undo(self.machine)
        self.assertEqual(self.machine.picture(), before)


if __name__ == "__main__":
    unittest.main()
