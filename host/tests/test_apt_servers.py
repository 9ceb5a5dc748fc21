"""apt's own settings, and what the firewall is told by them."""

from __future__ import annotations

import unittest

import location  # noqa: F401
from simulated_host import SimulatedMachine
from test_surroundings import Scripted

from hardened_asterisk_host.apt_servers import RECORD, load, permit
from hardened_asterisk_host.apt_settings import Server, server_of, servers
from hardened_asterisk_host.commands import Result
from hardened_asterisk_host.disk import make_parents

SETTINGS = """Acquire::http "";
Acquire::http::Proxy "http://clerk:secret@proxy.example:3128/";
Acquire::http::Proxy::deb.example "http://192.0.2.7:8080";
Acquire::http::Proxy::here.example "DIRECT";
Acquire::https::proxy "socks5h://socks.example";
Acquire::Retries "3";
"""
SOURCES = """http://mirror.example:3142/debian/
http://mirror.example:3142/debian/
http://archive.example/debian/
mirror+file:/etc/apt/mirrors/debian.list/
copy:/srv/repository/
"""
MIRRORS = "https://first.example:8443/debian priority:1\n\n# none\nhttp://[2001:db8::5]:81/debian\n"
ADDRESSES = {
    "getent ahosts proxy.example": "192.0.2.1      STREAM proxy.example\n192.0.2.1      DGRAM\n2001:db8::1  STREAM\n",
    "getent ahosts 192.0.2.7": "192.0.2.7 STREAM\n",
    "getent ahosts mirror.example": "127.0.0.1 STREAM\nfe80::1%eth0 STREAM\n}; flush ruleset STREAM\n",
}


class Settings(unittest.TestCase):
    def machine(self) -> SimulatedMachine:
        machine = SimulatedMachine()
        self.addCleanup(machine.discard)
        make_parents(machine.disk, "/etc/apt/mirrors/debian.list")
        machine.disk.create("/etc/apt/mirrors/debian.list", MIRRORS.encode(), 0o644, 0, 0)
        return machine

    def test_proxies_sources_and_files_of_mirrors_are_read(self) -> None:
        commands = Scripted({"apt-config dump": SETTINGS, "apt-get indextargets": SOURCES})
        self.assertEqual(
            servers(commands, self.machine().disk, ["https://files.example:444/a.deb", ""]),
            [
                Server("192.0.2.7", 8080),
                Server("2001:db8::5", 81),
                Server("archive.example", 80),
                Server("files.example", 444),
                Server("first.example", 8443),
                Server("mirror.example", 3142),
                Server("proxy.example", 3128),
                Server("socks.example", 1080),
            ],
        )
        self.assertNotIn("auto-detect", " ".join(commands.asked))

    def test_a_proxy_that_a_program_finds_is_asked_for_without_roots_rights(self) -> None:
        commands = Scripted(
            {
                "apt-config dump": 'Acquire::http::Proxy-Auto-Detect "/usr/bin/auto-apt-proxy";\n',
                "apt-get indextargets": "http://deb.example/debian/\n",
                "runuser -u _apt -- /usr/lib/apt/apt-helper auto-detect-proxy http://deb.example/debian/": (
                    "Using proxy 'http://cache.example:3142/' for URL 'http://deb.example/debian/'\n"
                ),
            }
        )
        self.assertIn(Server("cache.example", 3142), servers(commands, self.machine().disk))

    def test_what_names_no_server_is_passed_over(self) -> None:
        for text in ("DIRECT", "", "http://", "http://a:99999/", "cdrom:[x]/", "http://[::1", "file:/srv/x", "a:3128"):
            self.assertIsNone(server_of(text), text)


class Told(unittest.TestCase):
    """The firewall's sets."""

    def setUp(self) -> None:
        self.machine = SimulatedMachine()
        self.addCleanup(self.machine.discard)
        self.fed: list[str] = []

    def permit(self, answers: dict[str, str], boot: bool = False) -> str:
        commands = Scripted({"apt-config dump": SETTINGS, "apt-get indextargets": SOURCES, **answers})
        ask = commands.run

        def run(argv: list[str], stdin: str | None = None, seconds: float = 60) -> Result:
            self.fed += [stdin] if stdin is not None else []
            return ask(argv, stdin, seconds)

        commands.run = run  # type: ignore[method-assign, assignment]
        self.host = self.machine.host()
        self.host.commands = commands
        said = load(self.host) if boot else permit(self.host)
        self.asked = commands.asked
        return said

    def test_root_and_apt_alone_may_reach_exactly_these_addresses_and_ports(self) -> None:
        said = self.permit(ADDRESSES)
        self.assertEqual(
            self.fed,
            [
                "flush set inet hardened_asterisk apt_servers4\n"
                "add element inet hardened_asterisk apt_servers4 { 0 . 192.0.2.7 . 8080, 42 . 192.0.2.7 . 8080, "
                "0 . 192.0.2.1 . 3128, 42 . 192.0.2.1 . 3128 }\n"
                "flush set inet hardened_asterisk apt_servers6\n"
                "add element inet hardened_asterisk apt_servers6 { 0 . 2001:db8::1 . 3128, 42 . 2001:db8::1 . 3128 }\n"
            ],
        )
        self.assertIn("proxy.example port 3128", said)
        self.assertNotIn("secret", said + self.machine.disk.read(RECORD).decode())

    def test_at_boot_nobody_is_asked_and_the_same_is_told(self) -> None:
        self.permit(ADDRESSES)
        self.permit({}, boot=True)
        self.assertEqual(sorted(self.fed[0].split(", ")), sorted(self.fed[1].split(", ")))
        self.assertEqual([line for line in self.asked if not line.startswith("nft")], [])

    def test_a_name_without_an_answer_keeps_its_addresses_and_a_setting_that_is_gone_does_not(self) -> None:
        self.permit(ADDRESSES)
        self.permit({"getent ahosts 192.0.2.7": "192.0.2.7 STREAM\n"})
        self.assertIn("42 . 192.0.2.1 . 3128", self.fed[1])
        self.permit({**ADDRESSES, "apt-config dump": ""})
        self.assertNotIn("3128", self.fed[2])

    def test_without_the_sets_the_firewall_is_left_alone(self) -> None:
        self.assertEqual(self.permit({**ADDRESSES, "nft list set": Result(1, "", "No such file")}), "")  # type: ignore[dict-item]
        self.assertEqual(self.fed, [])

    def test_a_damaged_record_is_none(self) -> None:
        make_parents(self.machine.disk, RECORD)
        for text in ("", "[]", '{"a": 1}', '{"a b": ["}"]}', '{"a 1": ["1.2.3.4; x", 7]}', '{" ": []}'):
            self.machine.disk.write(RECORD, text.encode(), 0o600)
            self.fed.clear()
            self.permit({}, boot=True)
            self.assertNotIn("add element", "".join(self.fed))


if __name__ == "__main__":
    unittest.main()
