"""A configuration of another master secret: refused before anything changes, unless its owner says that it is new."""

from __future__ import annotations

import contextlib
import io
import json
import os
import unittest
from typing import Any
from unittest import mock

from fixture import text_of
from simulated_host import SimulatedMachine
from small import activator, bundle

from hardened_asterisk_host import activation, steps
from hardened_asterisk_host.activation import Request
from hardened_asterisk_host.bundle import digest
from hardened_asterisk_host.errors import Refusal
from hardened_asterisk_host.generations import Generations
from hardened_asterisk_host.transaction import confirm_transaction, undo_transaction

TEXT = text_of(bundle(1))


def values(master: str, **more: str) -> dict[str, str]:
    """What is derived from one master secret, or by a version without its digest when `more` says so."""
    phones = {
        "phone.hall.user": f"hall-{master}",
        "phone.hall.digest": f"MD5:{master}",
        "phone.door.user": "kept",
        "phone.door.digest": "MD5:kept",
    }
    return {"phone.user": "secret-user", **phones, "master.digest": digest(master.encode()), **more}


def of_earlier_version(master: str) -> dict[str, str]:
    """The same without the digest."""
    return {name: value for name, value in values(master).items() if name != "master.digest"}


class MasterSecret(unittest.TestCase):
    def setUp(self) -> None:
        self.machine = SimulatedMachine()
        self.addCleanup(self.machine.discard)
        self.touched: list[str] = []
        for name in ("check_platform", "check_way_back", "check_room"):
            self.patch(name, lambda *_words: None)
        for name in ("take_in", "install_units", "install_policy"):
            self.patch(name, lambda *_words, name=name: self.touched.append(name))
        self.patch("open_host", lambda _progress: (self.machine.host(), self.store))
        self.patch("submit", self.submit)
        # What ends with another password is another test's.
        ended = mock.patch.object(activation, "end_credentials")
        ended.start()
        self.addCleanup(ended.stop)

    def patch(self, name: str, replacement: Any) -> None:
        patch = mock.patch.object(steps, name, replacement)
        patch.start()
        self.addCleanup(patch.stop)

    @property
    def store(self) -> Generations:
        return Generations(self.machine.disk)

    def submit(self, _commands: Any, order: dict[str, Any]) -> dict[str, Any]:
        request = Request(order["generation"], order["bundle"], order["values"], order["secretsDigest"], "host-1")
        return activator(self.machine).activate(request)

    def deliver(self, name: str, given: dict[str, str]) -> str:
        """Deliver a configuration as `pulumi up` does; what was said beside the receipt."""
        path = os.path.join(self.machine.folder, "document")
        with open(path, "w", encoding="utf-8") as handle:
            json.dump({"bundle": TEXT, "values": given}, handle)
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            steps.activate(path, digest(TEXT.encode()), f"digest-{name}", name, "host-1")
        return said.getvalue()

    def up(self, name: str, given: dict[str, str]) -> str:
        said = self.deliver(name, given)
        confirm_transaction(self.machine.host(), self.store)
        return said

    def refused(self, name: str, given: dict[str, str]) -> str:
        before, self.touched = self.machine.picture(), []
        with self.assertRaises(Refusal) as caught:
            self.deliver(name, given)
        self.assertEqual(self.machine.picture(), before)
        self.assertEqual(self.touched, [])
        self.assertNotIn(name, self.store.names())
        for secret in {*given.values(), *values("first").values()} - {"yes"}:
            self.assertNotIn(secret, str(caught.exception))
        return str(caught.exception)

    def test_another_one_is_refused_with_the_phones_that_would_change_and_a_cure(self) -> None:
        self.assertEqual(self.up("one", values("first")), "")
        said = self.refused("two", values("other"))
        self.assertRegex(
            said, r"^masterSecret: is not the one .* 1 of 2 phones \(hall\) would change; nothing was changed"
        )
        self.assertIn("newMasterSecret: true", said)
        self.assertEqual(self.up("three", values("first", more="x")), "")

    def test_a_new_one_is_taken_when_its_owner_says_so_and_is_then_the_one_that_counts(self) -> None:
        self.up("one", values("first"))
        said = self.up("two", {**values("other"), "master.new": "yes"})
        self.assertRegex(said, r"masterSecret: is a new one, as its owner says; .* 1 of 2 phones \(hall\) changes")
        self.assertEqual(self.up("three", values("other")), "")
        self.refused("four", values("first"))

    def test_a_new_one_that_was_undone_is_not_known(self) -> None:
        self.up("one", values("first"))
        self.deliver("two", {**values("other"), "master.new": "yes"})
        undo_transaction(self.machine.host(), self.store, "nobody confirmed it")
        self.refused("three", values("other"))
        self.assertEqual(self.up("four", values("first")), "")

    def test_one_whose_confirmation_was_cut_after_its_commit_is_known(self) -> None:
        self.up("one", values("first"))
        self.deliver("two", {**values("other"), "master.new": "yes"})
        self.store.save_transaction({**(self.store.transaction or {}), "phase": "confirmed"})
        self.refused("three", values("first"))

    def test_a_host_of_an_earlier_version_learns_it(self) -> None:
        self.up("one", of_earlier_version("first"))
        self.assertEqual(self.up("two", values("first")), "")
        self.refused("three", values("other"))

    def test_values_that_do_not_say_whose_they_are_are_refused_once_it_is_known(self) -> None:
        self.up("one", values("first"))
        self.assertIn("hardened-asterisk secrets", self.refused("two", of_earlier_version("other")))

    def test_going_back_by_hand_brings_its_master_secret_back(self) -> None:
        self.up("one", values("first"))
        self.up("two", {**values("other"), "master.new": "yes"})
        activator(self.machine).reactivate("one")
        confirm_transaction(self.machine.host(), self.store)
        self.assertEqual(self.up("three", values("first")), "")


if __name__ == "__main__":
    unittest.main()
