"""What activate does in each state, on a simulated machine."""

from __future__ import annotations

import json
import unittest
from typing import Any

from simulated_host import SimulatedMachine
from small import VALUES, activate, activator, bundle, request

from hardened_asterisk_host.disk import make_parents
from hardened_asterisk_host.errors import Refusal
from hardened_asterisk_host.generations import KEPT, STATE, Generation, Generations, printed_receipt
from hardened_asterisk_host.report import generations_text, status_text, verify_text
from hardened_asterisk_host.transaction import confirm_transaction, undo_transaction


class Activation(unittest.TestCase):
    def setUp(self) -> None:
        self.machine = SimulatedMachine()
        self.addCleanup(self.machine.discard)

    @property
    def store(self) -> Generations:
        return Generations(self.machine.disk)

    def confirm(self) -> None:
        confirm_transaction(self.machine.host(), self.store)

    def confirmed(self, number: int = 1, name: str = "one") -> None:
        activate(self.machine, name, bundle(number))
        self.confirm()

    def refused(self, words: str, name: str, document: dict[str, Any], examine: Any = None) -> str:
        before = self.machine.picture()
        with self.assertRaisesRegex(Refusal, words) as caught:
            activate(self.machine, name, document, examine)
        self.assertEqual(self.machine.picture(), before)
        self.assertIsNone(self.store.transaction)
        return str(caught.exception)

    def test_the_first_makes_everything_true(self) -> None:
        receipt = activate(self.machine, "one", bundle(1))
        self.assertEqual(receipt["state"], "armed")
        self.assertIn("/etc/asterisk/manager.conf", receipt["changed"], "exclusive: stock files go away")
        self.assertEqual(self.machine.disk.read("/etc/asterisk/pjsip.conf"), b"; 1\nusername = secret-user\n")
        self.assertEqual(self.machine.disk.entry("/etc/asterisk/pjsip.conf").mode, 0o640)
        self.assertEqual(self.machine.commands.overrides["/etc/asterisk"], "root asterisk 0750")
        self.assertEqual(self.machine.commands.overrides["/etc/asterisk/pjsip.conf"], "root asterisk 0640")
        self.assertTrue(self.machine.commands.timer)

    def test_room_for_putting_back_is_kept_until_the_confirmation(self) -> None:
        room = f"{STATE}/generations/one/undo/room"
        activate(self.machine, "one", bundle(1))
        self.assertGreaterEqual(len(self.machine.disk.read(room)), 256 * 1024)
        self.confirm()
        self.assertEqual(self.machine.disk.entry(room).kind, "absent")

    def test_half_a_stage_is_forgotten_by_the_next_confirmation(self) -> None:
        half = f"{STATE}/generations/half/root"
        make_parents(self.machine.disk, f"{half}/x", 0o700)
        self.machine.disk.write(f"{half}/x", b"cut short", 0o600)
        self.confirmed()
        self.assertEqual(self.machine.disk.names(f"{STATE}/generations"), ["one"])

    def test_the_same_again_while_armed_only_rearms(self) -> None:
        activate(self.machine, "one", bundle(1))
        self.machine.commands.log.clear()
        before = self.machine.picture()
        self.assertEqual(activate(self.machine, "one", bundle(1))["state"], "armed")
        self.assertEqual(self.machine.picture(), before)
        verbs = [words[:2] for words in self.machine.commands.log if words[0] in ("nft", "systemctl", "probe")]
        self.assertEqual([words for words in verbs if words[1] not in ("show", "stop")], [])

    def test_an_unconfirmed_predecessor_is_undone_first(self) -> None:
        self.confirmed()
        activate(self.machine, "two", bundle(2))
        receipt = activate(self.machine, "three", bundle(3))
        self.assertEqual(receipt["previous"], "one")
        self.assertEqual((self.store.receipt("two") or {})["state"], "rolled-back")

    def test_a_name_cannot_be_given_to_another_configuration(self) -> None:
        self.confirmed()
        self.refused("use a new generation", "one", bundle(2))

    def test_a_failed_examination_touches_nothing(self) -> None:
        self.confirmed()

        def examine(generation: Generation) -> None:
            raise Refusal(f"the isolated boot says {VALUES['phone.user']}")

        text = self.refused("<phone.user>", "two", bundle(2), examine)
        self.assertNotIn(VALUES["phone.user"], text)
        self.assertEqual((self.store.receipt("two") or {})["state"], "failed")

    def test_every_later_failure_is_undone_with_its_cause(self) -> None:
        self.confirmed()
        for number, (name, words) in enumerate(
            {
                "probe": "probe fine: `probe` exits 1",
                "restart": "action restart failed .* the log's last line|the journal's last line",
                "daemon-reload": "daemon-reload failed",
                "--add": "dpkg-statoverride",
                "systemd-run": "systemd-run",
            }.items()
        ):
            failing = [False]

            def broken(argv: list[str], name: str = name, failing: list[bool] = failing) -> bool:
                failing[0] = failing[0] or name in argv
                return name in argv and argv.count("dpkg-query") == 0

            if name == "--add":
                self.machine.commands.overrides.pop("/etc/asterisk")
            self.machine.commands.broken = broken
            before = self.machine.picture()["files"]
            with self.assertRaisesRegex(Refusal, words):
                activate(self.machine, f"bad{number}", bundle(number + 5))
            self.machine.commands.broken = lambda argv: False
            self.assertTrue(failing[0], name)
            self.assertEqual(self.machine.picture()["files"], before, name)
            self.assertIsNone(self.store.transaction, name)

    def test_unexpected_trouble_is_undone_too(self) -> None:
        self.confirmed()

        def full(argv: list[str]) -> bool:
            if "restart" in argv:
                raise OSError(28, "No space left on device")
            return False

        before = self.machine.picture()["files"]
        self.machine.commands.broken = full
        with self.assertRaisesRegex(OSError, "No space"):
            activate(self.machine, "two", bundle(2))
        self.machine.commands.broken = lambda argv: False
        activator(self.machine)._recover_predecessor("other")
        self.assertEqual(self.machine.picture()["files"], before)

    def test_calls_forbid_a_restart_before_anything_changes(self) -> None:
        self.confirmed()
        self.machine.commands.calls = 2
        self.refused("2 channels are up", "two", bundle(2))
        receipt = activate(self.machine, "three", bundle(3, restartWithCalls=True))
        self.assertEqual(receipt["state"], "armed")

    def test_an_asterisk_that_cannot_start_has_no_calls_to_wait_for(self) -> None:
        self.confirmed()
        commands = self.machine.commands
        commands.broken = lambda argv: argv[:2] == ["asterisk", "-rx"]
        self.refused("does not say whether calls are up", "two", bundle(2))
        commands.failing.add("asterisk.service")
        self.assertEqual(activate(self.machine, "three", bundle(3))["state"], "armed")

    def test_a_broken_firewall_stops_a_first_installation(self) -> None:
        document = bundle(1)
        document["files"][1]["content"] = ["BROKEN"]
        text = self.refused("nft refuses", "one", document)
        self.assertIn("syntax error", text)
        self.assertEqual(self.machine.commands.packages, {})

    def test_an_unreachable_package_source_leaves_all_as_it_was(self) -> None:
        self.machine.commands.broken = lambda argv: argv[0] == "apt-get"
        self.refused("until `apt-get update` succeeds", "one", bundle(1))

    def test_the_receipt_holds_no_value(self) -> None:
        receipt = activate(self.machine, "one", bundle(1))
        text = printed_receipt(receipt)
        self.assertNotIn(VALUES["phone.user"], text)
        self.assertNotIn("\n", text)
        keys = [
            "generation",
            "bundle",
            "secretsDigest",
            "state",
            "changed",
            "actions",
            "probes",
            "drift",
            "previous",
            "at",
        ]
        self.assertEqual(list(json.loads(text)), keys)
        self.assertNotIn(VALUES["phone.user"], "\n".join(self.machine.said))

    def test_only_the_last_generations_are_kept(self) -> None:
        for number in range(1, KEPT + 4):
            self.confirmed(number, f"g{number}")
        self.assertEqual(self.store.names(), [f"g{n}" for n in range(4, KEPT + 4)])
        self.assertEqual(self.machine.disk.names(f"{STATE}/generations"), [f"g{n}" for n in range(4, KEPT + 4)])

    def test_a_kept_generation_comes_back(self) -> None:
        self.confirmed()
        picture = self.machine.picture()
        self.confirmed(2, "two")
        self.assertEqual(activator(self.machine).reactivate("one")["previous"], "two")
        self.assertEqual(self.machine.picture()["files"], picture["files"])
        with self.assertRaisesRegex(Refusal, "not known here"):
            activator(self.machine).reactivate("none")

    def test_an_altered_stage_is_refused(self) -> None:
        self.confirmed()
        self.machine.disk.write(f"{STATE}/generations/one/bundle.json", b"{}", 0o600)
        with self.assertRaisesRegex(Refusal, "was altered"):
            activator(self.machine).activate(request("one", bundle(1)))

    def test_reports_say_what_is(self) -> None:
        host = self.machine.host()
        self.assertIn("no configuration", status_text(host, self.store))
        activate(self.machine, "one", bundle(1))
        self.assertRegex(status_text(host, self.store), "rollback +in 60 s")
        self.confirm()
        self.assertIn("* one  confirmed", generations_text(self.store))
        self.assertTrue(verify_text(host, self.store)[1])
        self.machine.disk.write("/etc/asterisk/extra.conf", b"", 0o644)
        text, agrees = verify_text(host, self.store)
        self.assertFalse(agrees)
        self.assertIn("FAIL file /etc/asterisk/extra.conf  does not belong here", text)

    def test_a_rollback_restores_the_exact_table(self) -> None:
        self.confirmed()
        self.machine.commands.tables["inet pbx"] = "table inet pbx {\n elements = { 192.0.2.9 }\n}\n"
        activate(self.machine, "two", bundle(2))
        undo_transaction(self.machine.host(), self.store, "test")
        self.assertIn("192.0.2.9", self.machine.commands.tables["inet pbx"])


if __name__ == "__main__":
    unittest.main()
