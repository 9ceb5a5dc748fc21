"""Lists of addresses: what a file may say, what stays when it cannot be read, and what the firewall is told."""

from __future__ import annotations

import json
import os
import tempfile
import unittest
from typing import Any
from unittest import mock

import location  # noqa: F401

from hardened_asterisk_host import countries
from hardened_asterisk_host.address_lists import CONFIGURATION, FEEDS, STATE, elements, read_lists, wanted_lists
from hardened_asterisk_host.commands import Commands, Result
from hardened_asterisk_host.disk import Disk
from hardened_asterisk_host.errors import Refusal
from hardened_asterisk_host.feed_file import LARGEST_BYTES, MOST_NETWORKS, read_feed
from hardened_asterisk_host.host import Host
from hardened_asterisk_host.list_report import lists_report
from hardened_asterisk_host.list_setter import load_lists, message_of

DAY = 86400
MADE = "Sat, 22 Aug 2026 04:36:09 GMT"
MADE_AT = 1787373369


class Tools(Commands):
    """nft that keeps what it is told, and location with a database of two countries."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.signed = True
        self.holds = True
        self.exports = 0

    def run(self, argv: Any, stdin: str | None = None, seconds: float = 60) -> Result:
        words = list(argv)
        if words[:2] == ["nft", "-f"]:
            self.told.append(stdin or "")
        if words[:2] == ["nft", "get"]:
            return Result(0 if self.holds else 1, "", "")
        if words[:2] == ["location", "verify"]:
            return Result(0 if self.signed else 1, "", "")
        if words[:2] == ["location", "export"]:
            self.exports += 1
            folder = words[words.index("--directory") + 1]
            for code, text in {"DE": "192.0.2.0/25\n192.0.2.128/25\n", "AQ": ""}.items():
                with open(f"{folder}/{code}v4.networks", "w", encoding="ascii") as file:
                    file.write(text)
        return Result(0, MADE, "")


class AddressListsTest(unittest.TestCase):
    """Cases."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = folder.name
        for path in (FEEDS, STATE):
            os.makedirs(self.root + path)
        self.tools = Tools()
        self.host = Host(Disk(self.root), self.tools, lambda _: None, "boot", now=lambda: MADE_AT + 10 * DAY)
        self.source = [1, 2]
        patch = mock.patch.object(countries, "fingerprint", lambda: self.source)
        patch.start()
        self.addCleanup(patch.stop)
        also = mock.patch("hardened_asterisk_host.address_lists.fingerprint", lambda: self.source)
        also.start()
        self.addCleanup(also.stop)
        handed = mock.patch(
            "hardened_asterisk_host.address_lists.hand_over", lambda _, message: load_lists(self.tools, message)
        )
        handed.start()
        self.addCleanup(handed.stop)

    def configure(self, text: str) -> None:
        with open(self.root + CONFIGURATION, "w", encoding="ascii") as file:
            file.write("# Written by hardened-asterisk\n" + text)

    def feed(self, name: str, text: str | bytes) -> str:
        path = f"{self.root}{FEEDS}/{name}"
        with open(path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        return path

    def read(self) -> str:
        """What nft is told last, when everything is read."""
        wanted = wanted_lists(self.host.disk)
        assert wanted is not None
        read_lists(self.host, wanted)
        return self.tools.told[-1]

    def problems(self) -> str:
        return "; ".join(text for well, text in lists_report(self.host) if not well)

    def test_networks_are_read_strictly_and_joined(self) -> None:
        lines = [
            "; Spamhaus' way of comments",
            "192.0.2.0/25 ; SBL1",
            "192.0.2.128/25",
            "198.51.100.7 # an address",
            "2001:db8::/33",
            "2001:db8:8000::/33\r",
            "",
        ]
        feed = read_feed(self.feed("a", "\n".join(lines)))
        self.assertEqual((feed.networks, feed.bad), (["192.0.2.0/24", "198.51.100.7/32", "2001:db8::/32"], 0))

    def test_lines_that_are_no_network_are_counted_and_go_nowhere(self) -> None:
        bad = [
            "192.0.2.1/24",
            "0.0.0.0/0",
            "::/0",
            "10.0.0.0/7",
            "fe80::1%eth0",
            "192.0.2.1 }; flush ruleset",
            "ä",
            "1.2.3",
        ]
        good = [f"198.51.100.{n}" for n in range(0, 18, 2)]
        feed = read_feed(self.feed("a", "\n".join(bad + good)))
        self.assertEqual((feed.networks, feed.bad), ([f"{address}/32" for address in good], len(bad)))

    def test_what_is_no_list_is_refused(self) -> None:
        os.mkfifo(f"{self.root}{FEEDS}/pipe")
        os.mkdir(f"{self.root}{FEEDS}/folder")
        many = "\n".join(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}" for n in range(MOST_NETWORKS + 1))
        for path, words in (
            (f"{self.root}{FEEDS}/none", "is missing"),
            (f"{self.root}{FEEDS}/pipe", "is not a file"),
            (f"{self.root}{FEEDS}/folder", "is not a file"),
            (self.feed("empty", "# nothing\n"), "is no list of addresses"),
            (
                self.feed("page", "<html>\n<b>404</b>\n192.0.2.1\n"),
                "is no list of addresses: 1 lines are networks, 2 are not",
            ),
            (self.feed("large", b"#" * (LARGEST_BYTES + 1)), "is larger than 8 MiB"),
            (self.feed("many", many), "more than 100000"),
        ):
            with self.subTest(path), self.assertRaisesRegex(Refusal, words):
                read_feed(path)

    def test_feeds_are_told_in_one_transaction_without_overlaps(self) -> None:
        self.configure("feed a\nfeed b\n")
        self.feed("a", "192.0.2.0/24\n2001:db8::1\n")
        self.feed("b", "192.0.2.7\n198.51.100.0/24\n")
        self.assertEqual(
            self.read().splitlines(),
            [
                "flush set inet hardened_asterisk fed4",
                "add element inet hardened_asterisk fed4 { 192.0.2.0/24, 198.51.100.0/24 }",
                "flush set inet hardened_asterisk fed6",
                "add element inet hardened_asterisk fed6 { 2001:db8::1/128 }",
                "flush set inet hardened_asterisk allowed4",
                "flush set inet hardened_asterisk blocked4",
            ],
        )
        self.assertEqual(self.problems(), "")

    def test_a_broken_feed_keeps_what_was_read_before_and_is_told_of(self) -> None:
        self.configure("feed a\n")
        self.assertNotIn("add element", self.read())
        self.assertRegex(self.problems(), "feed a: 0 networks; .* is missing")
        path = self.feed("a", "192.0.2.0/24\n")
        self.assertIn("fed4 { 192.0.2.0/24 }", self.read())
        self.feed("a", "<html>\n")
        self.assertIn("fed4 { 192.0.2.0/24 }", self.read())
        self.assertRegex(self.problems(), f"feed a: 1 networks, written .*; {path} is no list")
        self.feed("a", "198.51.100.0/24\n")
        self.assertIn("fed4 { 198.51.100.0/24 }", self.read())
        self.assertEqual(self.problems(), "")

    def test_only_networks_leave_the_memory(self) -> None:
        self.configure("feed a\n")
        with open(f"{self.root}{STATE}/feed-a.json", "w", encoding="ascii") as file:
            json.dump({"networks": ["192.0.2.0/24", "1.2.3.4 }; flush ruleset", 7], "of": 0, "problem": ""}, file)
        wanted = wanted_lists(self.host.disk)
        assert wanted is not None
        load_lists(self.tools, message_of(elements(self.host.disk, wanted)))
        self.assertIn("fed4 { 192.0.2.0/24 }", self.tools.told[-1])
        self.assertNotIn("ruleset", self.tools.told[-1])

    def test_root_is_not_led_astray_in_the_folder_of_the_readers(self) -> None:
        self.configure("feed a\n")
        path = f"{self.root}{STATE}/feed-a.json"
        secret = f"{self.root}/secret"
        with open(secret, "w", encoding="ascii") as file:
            json.dump({"networks": ["192.0.2.0/24"], "problem": "taken from elsewhere"}, file)
        for make in (lambda: os.symlink(secret, path), lambda: os.mkfifo(path), lambda: os.mkdir(path)):
            make()
            self.assertIn("not read yet", self.problems())
            os.rmdir(path) if os.path.isdir(path) else os.unlink(path)
        for record in ({"of": "soon"}, {"networks": 7, "of": {}}, [1], {"problem": "\x1b]0;title\x07"}):
            with open(path, "w", encoding="ascii") as file:
                json.dump(record, file)
            self.assertTrue(self.problems().isprintable())

    def test_countries_fill_the_set_of_their_kind(self) -> None:
        self.configure("allow DE\n")
        self.assertIn("allowed4 { 192.0.2.0/24 }\nflush set inet hardened_asterisk blocked4\n", self.read())
        self.configure("block DE\n")
        self.assertIn("allowed4\nflush set inet hardened_asterisk blocked4\nadd element", self.read())
        self.assertEqual(self.tools.exports, 2)
        self.read()
        self.assertEqual(self.tools.exports, 2, "an unchanged database is not read again")
        self.source = [3, 4]
        self.read()
        self.assertEqual(self.tools.exports, 3)

    def test_an_unsigned_database_changes_nothing_and_another_country_starts_from_none(self) -> None:
        self.configure("allow DE\n")
        self.read()
        self.tools.signed, self.source = False, [3, 4]
        self.assertIn("allowed4 { 192.0.2.0/24 }", self.read())
        self.assertIn("does not bear its maker's signature", self.problems())
        self.configure("allow AQ\n")
        self.assertNotIn("add element", self.read())

    def test_old_data_an_empty_country_and_an_empty_set_are_told_of(self) -> None:
        self.configure("allow DE\nallow AQ\n")
        self.read()
        self.assertIn("no network is known of AQ", self.problems())
        self.configure("allow DE\n")
        self.read()
        self.host.now = lambda: MADE_AT + 46 * DAY - 1
        self.assertEqual(self.problems(), "")
        self.host.now = lambda: MADE_AT + 46 * DAY
        self.assertIn("the data is 46 days old", self.problems())
        self.tools.holds = False
        self.assertIn("firewall: allowed4 is not filled", self.problems())


if __name__ == "__main__":
    unittest.main()
