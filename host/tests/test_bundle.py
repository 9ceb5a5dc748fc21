"""The bundle's shape, its values, and what may be shown of them."""

from __future__ import annotations

import unittest
from typing import Any

from fixture import VALUES, text_of
from fixture import bundle as real_bundle
from small import bundle, file

from hardened_asterisk_host.bundle import actions_due, check_values, parse_bundle, redact, references, resolve
from hardened_asterisk_host.errors import Refusal


class Shape(unittest.TestCase):
    def refuses(self, document: dict[str, Any], words: str) -> None:
        with self.assertRaisesRegex(Refusal, words):
            parse_bundle(text_of(document))

    def test_the_real_fixture_is_accepted(self) -> None:
        parsed = parse_bundle(text_of(real_bundle()))
        self.assertEqual(references(parsed), set(VALUES))
        check_values(parsed, VALUES)

    def test_wrong_shapes_are_named(self) -> None:
        self.refuses({**bundle(1), "format": 2}, "format 2")
        self.refuses({key: value for key, value in bundle(1).items() if key != "services"}, "services")
        self.refuses({**bundle(1), "firewall": "/etc/none"}, "firewall '/etc/none' is not one of its files")
        self.refuses({**bundle(1), "rollbackSeconds": 5}, "rollbackSeconds 5")
        self.refuses({**bundle(1), "services": ["asterisk"]}, "'asterisk' is not a unit name")
        self.refuses({**bundle(1), "packages": [{"name": "-o=Evil"}]}, "'-o=Evil' is not a package name")

    def test_paths_that_leave_their_place_are_refused(self) -> None:
        for path in ("etc/x", "/etc/../x", "/etc//x", "/etc/.x", "/etc/x\n", "/etc/a b"):
            document = bundle(1)
            document["files"].append(file(path, "x"))
            self.refuses(document, "not a plain absolute path")

    def test_a_file_named_twice_is_refused(self) -> None:
        document = bundle(1)
        document["files"].append(file("/etc/asterisk/pjsip.conf", "x"))
        self.refuses(document, "twice: /etc/asterisk/pjsip.conf")

    def test_a_mode_must_be_octal_and_without_special_bits(self) -> None:
        for mode in ("640", "4755", "0648", "rw"):
            document = bundle(1)
            document["files"].append(file("/etc/asterisk/x.conf", "x", mode=mode))
            self.refuses(document, "four octal digits")


class Values(unittest.TestCase):
    def test_a_missing_value_is_named(self) -> None:
        with self.assertRaisesRegex(Refusal, "phone.user"):
            check_values(parse_bundle(text_of(bundle(1))), {})

    def test_a_bad_value_is_refused_and_not_shown(self) -> None:
        for value in ("line\nbreak", "semi;colon", "", "x" * 257, "quote'", "ünicode"):
            with self.assertRaises(Refusal) as caught:
                check_values(parse_bundle(text_of(bundle(1))), {"phone.user": value})
            self.assertIn("phone.user", str(caught.exception))
            if value:
                self.assertNotIn(value, str(caught.exception))

    def test_resolving_and_hiding_are_inverse(self) -> None:
        text = resolve(("user=", {"ref": "a"}, ";", {"ref": "b"}), {"a": "secret-one", "b": "secret-one-longer"})
        self.assertEqual(text, "user=secret-one;secret-one-longer")
        self.assertEqual(redact(text, {"a": "secret-one", "b": "secret-one-longer"}), "user=<a>;<b>")


class Actions(unittest.TestCase):
    def test_a_restart_replaces_the_reloads_of_its_service_only(self) -> None:
        parsed = parse_bundle(text_of(real_bundle()))
        only_reload = actions_due(parsed, {"/etc/asterisk/pjsip.conf"})
        self.assertEqual([action.id for action in only_reload], ["pjsip"])
        changed = {"/etc/asterisk/pjsip.conf", "/etc/asterisk/rtp.conf", parsed.firewall}
        self.assertEqual([action.id for action in actions_due(parsed, changed)], ["firewall", "asterisk"])
        self.assertEqual(actions_due(parsed, {"/etc/elsewhere"}), [])


if __name__ == "__main__":
    unittest.main()
