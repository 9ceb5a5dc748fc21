"""Bans on the host: what the setter saves, what a power cut leaves of it, and taking a ban back."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import unittest
from typing import Any

import location  # noqa: F401

from hardened_asterisk_host.ban_database import put_aside_if_damaged
from hardened_asterisk_host.ban_memory import forget_ban, restore_bans
from hardened_asterisk_host.bans import BAN, unban
from hardened_asterisk_host.commands import Commands, Result
from hardened_asterisk_host.errors import Refusal
from hardened_asterisk_host.saved_bans import FLOW_SECONDS, PROVEN_SECONDS, RECENT_BYTES, SavedBans

RECORDS = [
    "ban 198.51.100.66 0 4600",
    "ban 198.51.100.67 0 1010",
    "ban 2001:db8:bad::/64 0 4600",
    f"proven 203.0.113.9 0 {1000 + PROVEN_SECONDS}",
    f"flow 203.0.113.9 5061 {1000 + FLOW_SECONDS}",
    f"proven 203.0.113.8 0 {1000 + PROVEN_SECONDS}",
    f"flow 203.0.113.8 5061 {1000 + FLOW_SECONDS}",
    "end 203.0.113.8 5061 0",
]
ELEMENTS = [
    "banned4 { 198.51.100.66 timeout 3001s }",
    "banned_nets6 { 2001:db8:bad::/64 timeout 3001s }",
    f"proven {{ 203.0.113.9 timeout {PROVEN_SECONDS - 600 + 1}s }}",
    f"proven {{ 203.0.113.8 timeout {PROVEN_SECONDS - 600 + 1}s }}",
    f"proven_flows {{ 203.0.113.9 . 5061 timeout {FLOW_SECONDS - 600 + 1}s }}",
]


class Told(Commands):
    """Keeps what nft and fail2ban are told and answers with `status`."""

    def __init__(self, status: int = 0, out: str = "") -> None:
        self.status, self.out = status, out
        self.told: list[tuple[list[str], str | None]] = []

    def run(self, argv: Any, stdin: str | None = None, seconds: float = 60) -> Result:
        self.told.append((list(argv), stdin))
        return Result(self.status, self.out, "")


class SavedBansTest(unittest.TestCase):
    """What is saved, in a folder of its own."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.saved = SavedBans(folder.name)

    def restored(self, now: float = 1600) -> list[str]:
        commands = Told()
        restore_bans(commands, now, self.saved)
        lines = [line for _, stdin in commands.told for line in (stdin or "").splitlines()]
        self.assertLessEqual(len(commands.told), 1, "not in one transaction")
        return [line.removeprefix("add element inet hardened_asterisk ") for line in lines]

    def test_what_has_not_ended_is_told_in_one_transaction(self) -> None:
        self.saved.add(RECORDS, 1000)
        self.assertEqual(self.restored(), ELEMENTS)

    def test_putting_records_together_loses_none(self) -> None:
        self.saved.add(RECORDS, 1000)
        self.saved.replace(self.saved.read(), 1000)
        self.assertEqual(os.listdir(self.saved.folder).count("recent"), 0)
        self.assertEqual(sorted(self.restored()), sorted(ELEMENTS))

    def test_many_records_are_put_together(self) -> None:
        for number in range(4):
            hosts = range(number * 3000, (number + 1) * 3000)
            self.saved.add([f"ban 10.0.{n // 250}.{n % 250 + 1} 0 4600" for n in hosts], 1000)
        recent = os.path.join(self.saved.folder, "recent")
        self.assertLess(os.path.getsize(recent) if os.path.exists(recent) else 0, RECENT_BYTES)
        self.assertEqual(len(self.restored()), 12000)

    def test_nothing_saved_is_no_error(self) -> None:
        self.assertEqual(self.restored(), [])

    def test_a_torn_or_foreign_line_is_no_ban_and_spoils_none(self) -> None:
        self.saved.add(RECORDS[:1], 1000)
        with open(os.path.join(self.saved.folder, "recent"), "ab") as recent:
            recent.write(
                b"\0\0\0\0\nban 1.2.3.4 } ; flush ruleset 0 4600\nban 999.1.1.1 0 4600\n\xff\xfe\nban 5.6.7.8 0 46"
            )
        self.assertEqual(self.restored(), ELEMENTS[:1])

    def test_a_power_cut_at_any_byte_loses_only_what_was_not_written(self) -> None:
        self.saved.add(RECORDS[:3], 1000)
        recent = os.path.join(self.saved.folder, "recent")
        with open(recent, "rb") as stream:
            whole = stream.read()
        for size in range(len(whole) + 1):
            with open(recent, "wb") as stream:
                stream.write(whole[:size])
            lines = whole[:size].decode().count("\n")
            self.assertEqual(len(self.restored()), [0, 1, 1, 2][lines], size)

    def test_a_power_cut_while_records_are_put_together_loses_none(self) -> None:
        self.saved.add(RECORDS, 1000)
        for fails in ("rename", "unlink", "fsync"):
            original = getattr(os, fails)

            def power_cut(*_: Any, **__: Any) -> None:
                raise KeyboardInterrupt

            setattr(os, fails, power_cut)
            try:
                with self.assertRaises(KeyboardInterrupt):
                    self.saved.replace(self.saved.read(), 1000)
            finally:
                setattr(os, fails, original)
            self.assertEqual(sorted(self.restored()), sorted(ELEMENTS), fails)

    def test_a_ban_taken_back_stays_away(self) -> None:
        self.saved.add(RECORDS[:1], 1000)
        forget_ban("198.51.100.66", 1000, self.saved)
        self.assertEqual(self.restored(), [])
        with self.assertRaisesRegex(Refusal, "is no address"):
            forget_ban("1.2.3.4 0 99999\nban 9.9.9.9", 1000, self.saved)

    def test_files_that_are_links_are_not_followed(self) -> None:
        os.symlink("/etc/hostname", os.path.join(self.saved.folder, "recent"))
        with self.assertRaises(OSError):
            self.saved.add(RECORDS, 1000)


class DatabaseTest(unittest.TestCase):
    """fail2ban's database."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "fail2ban.sqlite3")

    def test_a_whole_one_stays(self) -> None:
        with sqlite3.connect(self.path) as database:
            database.execute("CREATE TABLE bips(ip TEXT)")
        database.close()
        self.assertIn("is whole", put_aside_if_damaged(self.path))
        self.assertTrue(os.path.exists(self.path))

    def test_none_is_no_error(self) -> None:
        self.assertIn("is whole", put_aside_if_damaged(self.path))

    def test_a_damaged_one_is_put_aside(self) -> None:
        with open(self.path, "wb") as database:
            database.write(b"garbage" * 1000)
        self.assertIn("put aside", put_aside_if_damaged(self.path))
        self.assertEqual(sorted(os.listdir(os.path.dirname(self.path))), ["fail2ban.sqlite3.damaged"])


class BansTest(unittest.TestCase):
    """Cases."""

    def test_only_an_address_is_unbanned(self) -> None:
        for text in ("all", "--all", "198.51.100.0/24", "1.2.3.4 }"):
            commands = Told()
            with self.assertRaisesRegex(Refusal, "is not an address"):
                unban(commands, text)
            self.assertEqual(commands.told, [])

    def test_who_is_not_banned_is_said_so(self) -> None:
        commands = Told()
        commands.run = lambda argv, *_, **__: Result(0 if "unban" in argv else 1, "0\n", "")  # type: ignore[method-assign]
        with self.assertRaisesRegex(Refusal, "is not banned"):
            unban(commands, "198.51.100.66")

    def test_fail2ban_is_never_asked_by_root(self) -> None:
        commands = Told(out="1\n")
        unban(commands, "198.51.100.66")
        clients = [argv for argv, _ in commands.told if "/usr/bin/fail2ban-client" in argv]
        self.assertEqual([argv[:2] for argv in clients], [["/usr/bin/setpriv", "--reuid=hardened-asterisk-fail2ban"]])

    def test_a_ban_is_read_as_fail2ban_prints_it(self) -> None:
        line = "198.18.0.102 \t2026-11-22 20:48:07 + 3600 = 2026-11-22 21:48:07"
        self.assertEqual(BAN.findall(line), [("198.18.0.102", "2026-11-22 20:48:07", "3600", "2026-11-22 21:48:07")])


if __name__ == "__main__":
    unittest.main()
