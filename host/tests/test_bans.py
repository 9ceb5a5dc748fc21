"""Bans on the host: what fail2ban remembers, and taking a ban back."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import unittest
from typing import Any

import location  # noqa: F401

from hardened_asterisk_host.ban_memory import restore_bans
from hardened_asterisk_host.bans import BAN, unban
from hardened_asterisk_host.commands import Commands, Result
from hardened_asterisk_host.errors import Refusal

ROWS = [
    ("hardened-asterisk-sip", "198.51.100.66", 1000, 3600),
    ("hardened-asterisk-sip", "198.51.100.67", 1000, 10),
    ("hardened-asterisk-ssh", "2001:db8:bad::66", 1000, 3600),
    ("hardened-asterisk-proof", "TLS/203.0.113.9/5061", 1000, 3600),
    ("hardened-asterisk-flow", "TLS/203.0.113.8/5061", 1000, 3600),
    ("hardened-asterisk-sip", "1.2.3.4 } ; flush ruleset", 1000, 3600),
    ("sshd", "192.0.2.9", 1000, 3600),
]


class Told(Commands):
    """Keeps what nft and fail2ban are told and answers with `status`."""

    def __init__(self, status: int = 0, out: str = "") -> None:
        self.status, self.out = status, out
        self.told: list[tuple[list[str], str | None]] = []

    def run(self, argv: Any, stdin: str | None = None, seconds: float = 60) -> Result:
        self.told.append((list(argv), stdin))
        return Result(self.status, self.out, "")


class BansTest(unittest.TestCase):
    """Cases."""

    def test_memory_is_told_in_one_transaction(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "fail2ban.sqlite3")
            with sqlite3.connect(path) as database:
                database.execute("CREATE TABLE bips(ip TEXT, jail TEXT, timeofban INTEGER, bantime INTEGER)")
                database.executemany("INSERT INTO bips(jail, ip, timeofban, bantime) VALUES(?,?,?,?)", ROWS)
            database.close()
            commands = Told()
            restore_bans(commands, 1600, path)
        [(argv, stdin)] = commands.told
        self.assertEqual(argv, ["nft", "-f", "-"])
        self.assertEqual(
            (stdin or "").splitlines(),
            [
                f"add element inet hardened_asterisk {element}"
                for element in (
                    "banned4 { 198.51.100.66 timeout 3000s }",
                    "banned_nets6 { 2001:db8:bad::/64 timeout 3000s }",
                    "proven { 203.0.113.9 }",
                    "proven_flows { 203.0.113.9 . 5061 }",
                )
            ],
        )

    def test_no_memory_is_no_error(self) -> None:
        commands = Told()
        self.assertIn("0 elements", restore_bans(commands, 0, "/nonexistent/fail2ban.sqlite3"))
        self.assertEqual(commands.told, [])

    def test_only_an_address_is_unbanned(self) -> None:
        for text in ("all", "--all", "198.51.100.0/24", "1.2.3.4 }"):
            commands = Told()
            with self.assertRaisesRegex(Refusal, "is not an address"):
                unban(commands, text)
            self.assertEqual(commands.told, [])

    def test_who_is_not_banned_is_said_so(self) -> None:
        commands = Told(out="0\n")
        commands.run = lambda argv, *_, **__: Result(0 if argv[0] == "fail2ban-client" else 1, "0\n", "")  # type: ignore[method-assign]
        with self.assertRaisesRegex(Refusal, "is not banned"):
            unban(commands, "198.51.100.66")

    def test_a_ban_is_read_as_fail2ban_prints_it(self) -> None:
        line = "198.18.0.102 \t2026-11-22 20:48:07 + 3600 = 2026-11-22 21:48:07"
        self.assertEqual(BAN.findall(line), [("198.18.0.102", "2026-11-22 20:48:07", "3600", "2026-11-22 21:48:07")])


if __name__ == "__main__":
    unittest.main()
