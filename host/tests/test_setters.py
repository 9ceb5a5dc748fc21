"""Hostile input to the setters: what a broken-in reader may write into their sockets."""

from __future__ import annotations

import json
import os
import socket
import tempfile
import threading
import unittest
from typing import Any

import location  # noqa: F401

from hardened_asterisk_host.ban_setter import BanSetter, in_firewall, seconds_left
from hardened_asterisk_host.commands import Commands, Result
from hardened_asterisk_host.disk import Disk
from hardened_asterisk_host.errors import Refusal
from hardened_asterisk_host.list_setter import message_of, parse_lists
from hardened_asterisk_host.saved_bans import SavedBans
from hardened_asterisk_host.setter_orders import LARGEST_ORDER, parse_listed, parse_order
from hardened_asterisk_host.setter_socket import _answer_one

LISTED = """# a comment
trusted 198.51.100.0/24
trusted 192.0.2.0/28
spared 203.0.113.7/32
spared 2001:db8:51::7/128
port 5060
port 5061
"""
HOSTILE = [
    b"",
    b"\n",
    b"ban 1.2.3.4 60",
    b"ban 1.2.3.4 60\n\n",
    b"ban 1.2.3.4 60\nban 5.6.7.8 60\n",
    b"ban 1.2.3.4 60\r\n",
    b"ban 1.2.3.4 60\0\n",
    b" ban 1.2.3.4 60\n",
    b"ban  1.2.3.4 60\n",
    b"ban\t1.2.3.4\t60\n",
    b"BAN 1.2.3.4 60\n",
    b"unban 1.2.3.4 60\n",
    b"ban 1.2.3.4 0\n",
    b"ban 1.2.3.4 -1\n",
    b"ban 1.2.3.4 +60\n",
    b"ban 1.2.3.4 060\n",
    b"ban 1.2.3.4 6e1\n",
    b"ban 1.2.3.4 604801\n",
    b"ban 1.2.3.4 99999999999999999999\n",
    b"ban 1.2.3.0/24 60\n",
    b"ban 0.0.0.0/0 60\n",
    b"ban 1.2.3.4,5.6.7.8 60\n",
    b"ban 1.2.3.4-1.2.3.9 60\n",
    b"ban 1.2.3.4 } ; flush ruleset 60\n",
    b"ban localhost 60\n",
    b"ban @admins4 60\n",
    b"ban 1.2.3.04 60\n",
    b"ban 0x1.2.3.4 60\n",
    b"ban 16909060 60\n",
    b"ban 1.2.3 60\n",
    b"ban \xd9\xa1.2.3.4 60\n",
    b"ban \xff\xfe 60\n",
    b"ban 127.0.0.1 60\n",
    b"ban 0.0.0.0 60\n",
    b"ban 224.0.0.1 60\n",
    b"ban 169.254.169.254 60\n",
    b"ban 255.255.255.255 60\n",
    b"ban ::1 60\n",
    b"ban :: 60\n",
    b"ban ::ffff:1.2.3.4 60\n",
    b"ban ::ffff:c633:6407 60\n",
    b"ban 64:ff9b::1.2.3.4 60\n",
    b"ban fe80::1 60\n",
    b"ban fe80::1%eth0 60\n",
    b"ban ff02::1 60\n",
    b"ban [2001:db8::1] 60\n",
    b"ban 2001:db8:::1 60\n",
    b"ban 2001:db8::1::2 60\n",
    b"prove 1.2.3.4 0\n",
    b"prove 1.2.3.4 65536\n",
    b"prove 1.2.3.4 05061\n",
    b"prove 2001:db8::1 5061\n",
    b"prove 127.0.0.1 5061\n",
    b"end 1.2.3.4 5061 60\n",
    b"end 1.2.3.4\n",
    b"flush\n",
    b"add element inet hardened_asterisk admins4 { 1.2.3.4 }\n",
    b"ban 1.2.3.4 " + b"6" * 60 + b"\n",
]


class Recorded(Commands):
    """Keeps what is run; `elements` are in their sets, with nft's text behind."""

    def __init__(self, elements: dict[tuple[str, str], str] | None = None) -> None:
        self.elements = elements or {}
        self.told: list[tuple[list[str], str | None]] = []

    def run(self, argv: Any, stdin: str | None = None, seconds: float = 60) -> Result:
        self.told.append((list(argv), stdin))
        if argv[:3] == ["nft", "get", "element"]:
            found = self.elements.get((argv[5], argv[7]))
            return Result(1, "", "") if found is None else Result(0, found, "")
        if stdin and stdin.startswith("create element") and self.elements:
            return Result(1, "", "File exists")
        return Result(0, "", "")

    @property
    def scripts(self) -> list[str]:
        return [stdin for _, stdin in self.told if stdin]


class BanSetterTest(unittest.TestCase):
    """Lines that fail2ban's unit may write."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        os.makedirs(f"{folder.name}/etc/hardened-asterisk")
        with open(f"{folder.name}/etc/hardened-asterisk/setter.conf", "w", encoding="ascii") as file:
            file.write(LISTED)
        self.disk, self.saved = Disk(folder.name), SavedBans(folder.name)

    def answer(self, message: bytes, elements: dict[tuple[str, str], str] | None = None) -> tuple[str, Recorded]:
        commands = Recorded(elements)
        try:
            return BanSetter(commands, self.disk, self.saved).answer(message), commands
        except Refusal as problem:
            return f"refused: {problem}", commands

    def test_nothing_hostile_reaches_the_firewall(self) -> None:
        for message in HOSTILE:
            with self.subTest(message):
                said, commands = self.answer(message)
                self.assertRegex(said, "^refused: ")
                self.assertEqual(commands.told, [])

    def test_a_refusal_repeats_nothing_that_was_sent(self) -> None:
        for message in HOSTILE:
            with self.assertRaises(Refusal) as raised:
                parse_order(message)
            self.assertNotIn("1.2.3", str(raised.exception))

    def test_what_the_spec_lists_is_refused(self) -> None:
        for message in (
            b"ban 198.51.100.20 60\n",
            b"ban 192.0.2.15 60\n",
            b"ban 203.0.113.7 60\n",
            b"ban 2001:db8:51::7 60\n",
            # Its /64 would be banned, and an admin's address lies in it.
            b"ban 2001:db8:51::9999 60\n",
            b"prove 198.51.100.20 5061\n",
            b"end 192.0.2.1 5060\n",
        ):
            with self.subTest(message):
                said, commands = self.answer(message)
                self.assertRegex(said, "^refused: the spec lists it")
                self.assertEqual(commands.told, [])

    def test_a_ban_is_set_and_its_sockets_are_closed(self) -> None:
        said, commands = self.answer(b"ban 240.1.2.3 3600\n")
        self.assertEqual(said, "ok")
        self.assertEqual(
            commands.scripts, ["create element inet hardened_asterisk banned4 { 240.1.2.3 timeout 3600s }\n"]
        )
        self.assertEqual(commands.told[-1][0], ["ss", "-K", "dst", "[240.1.2.3]"])
        _, commands = self.answer(b"ban 2001:db8:9::7 604800\n")
        self.assertIn("banned_nets6 { 2001:db8:9::/64 timeout 604800s }", commands.scripts[0])

    def test_a_proven_address_keeps_its_sockets(self) -> None:
        _, commands = self.answer(b"ban 203.0.113.9 60\n", {("proven", "203.0.113.9"): ""})
        self.assertNotIn("ss", [argv[0] for argv, _ in commands.told])

    def test_a_ban_is_never_made_shorter_and_may_be_made_longer(self) -> None:
        banned = {("banned4", "203.0.113.9"): "elements = { 203.0.113.9 timeout 1h expires 30m1s20ms }"}
        said, commands = self.answer(b"ban 203.0.113.9 1\n", banned)
        self.assertEqual((said, len(commands.scripts)), ("ok", 1))
        self.assertRegex(commands.scripts[0], "^create element")
        _, commands = self.answer(b"ban 203.0.113.9 7200\n", banned)
        self.assertEqual(
            commands.scripts[1:],
            [
                "delete element inet hardened_asterisk banned4 { 203.0.113.9 }\n"
                "add element inet hardened_asterisk banned4 { 203.0.113.9 timeout 7200s }\n"
            ],
        )

    def test_an_end_closes_sip_alone(self) -> None:
        _, commands = self.answer(b"end 203.0.113.7 40000\n")
        closed = [argv for argv, _ in commands.told if argv[0] == "ss"]
        self.assertEqual([argv[-1] for argv in closed], [":5060", ":5061"])

    def test_without_its_configuration_it_sets_nothing(self) -> None:
        for text in (None, "trusted\n", "trusted 1.2.3.4/33\n", "nonsense 1.2.3.4\n"):
            path = self.disk.real("/etc/hardened-asterisk/setter.conf")
            if text is None:
                os.unlink(path)
            else:
                with open(path, "w", encoding="ascii") as file:
                    file.write(text)
            said, commands = self.answer(b"ban 203.0.113.9 60\n")
            self.assertRegex(said, "^refused: ")
            self.assertEqual(commands.told, [])

    def test_what_is_set_is_saved(self) -> None:
        setter = BanSetter(Recorded(), self.disk, self.saved)
        setter.answer(b"ban 203.0.113.9 60\n")
        setter.answer(b"prove 203.0.113.8 5061\n")
        threading.Thread(target=setter.save, daemon=True).start()
        for _ in range(100):
            saved = self.saved.read()
            if saved.bans and saved.flows:
                break
            threading.Event().wait(0.05)
        self.assertEqual((list(saved.bans), list(saved.flows)), (["203.0.113.9"], [("203.0.113.8", 5061)]))

    def test_the_kernel_is_read_as_nft_prints_it(self) -> None:
        self.assertEqual(seconds_left("elements = { 1.2.3.4 timeout 1m40s expires 1m39s984ms }"), 99)
        self.assertEqual(seconds_left("elements = { 1.2.3.4 timeout 6d expires 5d2h }"), 5 * 86400 + 7200)
        element = {"elem": {"val": {"prefix": {"addr": "2001:db8::", "len": 64}}, "expires": 5}}
        out = json.dumps({"nftables": [{"set": {"elem": [element]}}]})
        commands = Recorded()
        commands.run = lambda argv, *_, **__: Result(int(argv[-1] != "banned_nets6"), out, "")  # type: ignore[method-assign]
        self.assertEqual(in_firewall(commands, 10).bans, {"2001:db8::/64": 15})
        self.assertEqual(parse_listed(LISTED).ports, (5060, 5061))


class SocketTest(unittest.TestCase):
    """One message a connection, of bounded size and time."""

    def say(self, parts: list[bytes], end: bool = True) -> bytes:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            for part in parts:
                ours.sendall(part)
            if end:
                ours.shutdown(socket.SHUT_WR)
            with theirs:
                _answer_one(theirs, lambda message: f"ok {len(message)}", LARGEST_ORDER, 0.3)
            return ours.recv(1000)

    def test_a_message_is_answered(self) -> None:
        self.assertEqual(self.say([b"ban ", b"1.2.3.4 60\n"]), b"ok 15\n")

    def test_one_that_is_too_long_or_never_ends_is_refused(self) -> None:
        self.assertEqual(self.say([b"x" * (LARGEST_ORDER + 1)]), b"refused: longer than 64 bytes\n")
        self.assertEqual(self.say([b"ban"], end=False), b"refused: took too long\n")


class ListSetterTest(unittest.TestCase):
    """Messages that the lists' unit may write."""

    def test_networks_are_taken(self) -> None:
        sets = {"fed4": ["1.2.3.0/24"], "fed6": ["2001:db8::/32"], "allowed4": [], "blocked4": ["10.0.0.0/8"]}
        self.assertEqual(parse_lists(message_of(sets)), sets)

    def test_anything_else_is_refused_whole(self) -> None:
        good = b"fed4 1.2.3.0/24\n"
        for message in (
            b"",
            good,
            good + b"end 2\n",
            good + b"end 1",
            b"end 1\n" + good,
            b"admins4 1.2.3.0/24\nend 1\n",
            b"signalling 1.2.3.0/24\nend 1\n",
            b"banned4 1.2.3.0/24\nend 1\n",
            b"fed4 0.0.0.0/0\nend 1\n",
            b"allowed4 0.0.0.0/1\nend 1\n",
            b"fed6 ::/0\nend 1\n",
            b"fed4 2001:db8::/32\nend 1\n",
            b"fed4 1.2.3.4/24\nend 1\n",
            b"fed4 1.2.3.0/33\nend 1\n",
            b"fed4 1.2.3.0/24 }; flush ruleset\nend 1\n",
            b"fed4  1.2.3.0/24\nend 1\n",
            b"fed4 1.2.3.0/24\r\nend 1\n",
            b"\xff\xfe\nend 1\n",
            good + b"\n" + b"end 2\n",
        ):
            with self.subTest(message), self.assertRaises(Refusal):
                parse_lists(message)


if __name__ == "__main__":
    unittest.main()
