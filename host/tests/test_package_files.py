"""A package that comes as a file: known by its digest, never another, never below the floor."""

from __future__ import annotations

import os
import tempfile
import unittest
from typing import Any

from histories import confirm
from simulated_host import SimulatedMachine
from small import activate, activator, bundle, text_of

from hardened_asterisk_host import packages
from hardened_asterisk_host.bundle import Package, digest, parse_bundle
from hardened_asterisk_host.bundle_rules import check
from hardened_asterisk_host.commands import Result
from hardened_asterisk_host.disk import make_parents
from hardened_asterisk_host.errors import Refusal
from hardened_asterisk_host.generations import Generations
from hardened_asterisk_host.package_files import STORE, have, keep, kept, take_in

NAME = "hardened-asterisk-asterisk"
URL = "http://192.0.2.1/asterisk.deb"


def deb(version: str, name: str = NAME) -> bytes:
    """What the simulated dpkg-deb takes for a package."""
    return f"deb {name} {version}".encode()


def wanted(content: bytes, **fields: Any) -> Package:
    """The package that the bundle asks for."""
    return Package(NAME, "5", digest(content), **fields)


class PackageFiles(unittest.TestCase):
    """Every way in which a file can be missing, wrong, altered or outdated."""

    def setUp(self) -> None:
        self.machine = SimulatedMachine()
        self.addCleanup(self.machine.discard)
        self.host = self.machine.host()

    def hold(self, content: bytes) -> Package:
        """Keep a file as if it had been brought."""
        keep(self.host.disk, digest(content), content)
        return wanted(content)

    def refused(self, words: str, package: Package) -> None:
        """Installing is refused in these words, and apt is not asked."""
        with self.assertRaisesRegex(Refusal, words):
            packages.install(self.host, [package])
        # Asking apt for its settings is no installation.
        self.assertNotIn(["apt-get", "--yes"], [words[:2] for words in self.machine.commands.log])

    def test_installed_from_its_file_and_then_left_alone(self) -> None:
        package = self.hold(deb("6"))
        self.assertEqual(packages.lacking(self.host, [package]), [package])
        packages.install(self.host, [package])
        asked = [line for line in self.machine.commands.log if "install" in line][-1]
        self.assertEqual(asked[-1], kept(package.sha256))
        self.assertEqual(packages.lacking(self.host, [package]), [])

    def test_the_same_version_built_anew_is_installed(self) -> None:
        first = self.hold(deb("6"))
        packages.install(self.host, [first])
        second = self.hold(deb("6") + b" built anew")
        self.assertEqual(packages.lacking(self.host, [second]), [second])

    def test_going_back_keeps_the_newer_package_and_an_older_digest_is_not_forgotten(self) -> None:
        old, new = self.hold(deb("6")), self.hold(deb("7"))
        packages.install(self.host, [old])
        packages.install(self.host, [new])
        self.assertEqual(packages.lacking(self.host, [old, new]), [])

    def test_one_of_the_same_name_from_elsewhere_does_not_count(self) -> None:
        package = self.hold(deb("6"))
        self.machine.commands.packages[NAME] = "6"
        self.assertEqual(packages.lacking(self.host, [package]), [package])

    def test_a_file_that_is_not_here_and_has_no_url(self) -> None:
        self.refused("is not on this machine; change `recheck`", wanted(deb("6")))

    def test_a_file_that_was_altered_is_removed(self) -> None:
        package = self.hold(deb("6"))
        self.host.disk.write(kept(package.sha256), deb("6") + b"!", 0o600)
        self.refused("was altered and is removed", package)
        self.assertEqual(self.host.disk.entry(kept(package.sha256)).kind, "absent")

    def test_a_file_of_another_package_and_one_that_is_none(self) -> None:
        self.refused("holds telnetd, not", self.hold(deb("6", "telnetd")))
        self.refused("holds no package, not", self.hold(b"something else"))

    def test_a_version_below_the_floor(self) -> None:
        self.refused("holds hardened-asterisk-asterisk 4, which is below 5", self.hold(deb("4")))

    def test_fetched_where_the_url_says_and_only_if_it_is_that_file(self) -> None:
        package = wanted(deb("6"), url=URL)
        self.machine.commands.web[URL] = deb("6")
        self.assertEqual(have(self.host, package), kept(package.sha256))
        self.assertEqual(self.host.disk.entry(kept(package.sha256)).mode, 0o600)
        other = wanted(deb("7"), url=URL)
        self.refused("did not give the file of sha256", other)
        self.assertEqual(self.host.disk.names(STORE), [f"{package.sha256}.deb"])
        gone = wanted(deb("8"), url=f"{URL}.gone")
        self.refused("did not give the file of sha256 .*: E: 404", gone)

    def test_the_firewall_is_told_of_a_file_on_a_port_of_its_own_before_it_is_fetched(self) -> None:
        url = "http://files.example:8080/asterisk.deb"
        commands = self.machine.commands
        commands.tables.update({f"hardened_asterisk {name}": "" for name in ("apt_servers4", "apt_servers6")})
        ask, told = commands.run, []

        def run(argv: Any, stdin: str | None = None, seconds: float = 60) -> Result:
            if argv[0] == "getent":
                return Result(0, "192.0.2.9 STREAM files.example\n", "")
            told.append(stdin or argv[0])
            return ask(argv, stdin, seconds)

        commands.run = run  # type: ignore[method-assign, assignment]
        commands.web[url] = deb("6")
        packages.install(self.host, [wanted(deb("6"), url=url)])
        opened = next(index for index, text in enumerate(told) if "42 . 192.0.2.9 . 8080" in text)
        self.assertLess(opened, next(index for index, text in enumerate(told) if text.endswith("apt-helper")))


class Brought(unittest.TestCase):
    """What a delivery leaves in the folder that its session begins in."""

    def setUp(self) -> None:
        self.machine = SimulatedMachine()
        self.addCleanup(self.machine.discard)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.package = wanted(deb("6"))
        self.path = f"{self.folder}/hardened-asterisk-{self.package.sha256}.deb"

    def take(self) -> None:
        """Take it in."""
        take_in(self.machine.disk, (Package("nftables", ""), self.package), self.folder)

    def test_it_is_kept_for_root_alone_and_goes_from_there(self) -> None:
        with open(self.path, "wb") as handle:
            handle.write(deb("6"))
        self.take()
        self.assertEqual(self.machine.disk.read(kept(self.package.sha256)), deb("6"))
        self.assertFalse(os.path.exists(self.path))
        self.take()

    def test_another_file_than_announced_is_refused(self) -> None:
        with open(self.path, "wb") as handle:
            handle.write(deb("6") + b"!")
        self.assertRaisesRegex(Refusal, "received has the sha256", self.take)
        self.assertEqual(self.machine.disk.names(STORE), [])

    def test_a_link_is_not_followed(self) -> None:
        with open(f"{self.folder}/else", "wb") as handle:
            handle.write(deb("6"))
        os.symlink(f"{self.folder}/else", self.path)
        self.assertRaises(Refusal, self.take)
        self.assertEqual(self.machine.disk.names(STORE), [])


class InABundle(unittest.TestCase):
    """Files of generations that are forgotten go; what is no digest or web address is refused."""

    def of(self, **file: Any) -> dict[str, Any]:
        """A bundle whose asterisk comes as a file."""
        return bundle(1, packages=[{"name": NAME, "minimum": "5", "file": file}])

    def test_shape(self) -> None:
        check(parse_bundle(text_of(self.of(sha256="0" * 64, url=URL))))
        for file in (
            {"sha256": ""},
            {"sha256": "0" * 63},
            {"sha256": "../../etc/passwd"},
            {"sha256": "0" * 64, "url": "file:///etc/shadow"},
            {"sha256": "0" * 64, "url": "http://a/b;reboot"},
            {"sha256": "0" * 64, "url": "-oDebug=1"},
        ):
            with self.assertRaises(Refusal):
                parse_bundle(text_of(self.of(**file)))

    def test_pruned_when_no_generation_names_it(self) -> None:
        machine = SimulatedMachine()
        self.addCleanup(machine.discard)
        used, unused = deb("6"), deb("7")
        for content in (used, unused):
            keep(machine.disk, digest(content), content)
        make_parents(machine.disk, "/usr/sbin/x")
        activate(machine, "one", self.of(sha256=digest(used)))
        self.assertEqual(machine.commands.packages, {NAME: "6"})
        Generations(machine.disk).prune()
        self.assertEqual(machine.disk.names(STORE), [f"{digest(used)}.deb", "installed.json"])

    def test_a_newer_one_runs_when_activation_ends(self) -> None:
        machine = SimulatedMachine()
        self.addCleanup(machine.discard)
        old, new = deb("6"), deb("7")
        keep(machine.disk, digest(old), old)
        restart = ["systemctl", "restart", "asterisk.service"]
        activate(machine, "one", self.of(sha256=digest(old)))
        confirm(machine)
        keep(machine.disk, digest(new), new)
        machine.commands.log.clear()
        receipt = activate(machine, "two", self.of(sha256=digest(new)))
        self.assertEqual(machine.commands.packages, {NAME: "7"})
        self.assertEqual(machine.commands.log.count(restart), 1)
        self.assertEqual(receipt["actions"], [{"id": "restart", "status": "done"}])
        self.assertEqual(machine.commands.replaced, set())

    def test_not_replaced_while_calls_are_up(self) -> None:
        machine = SimulatedMachine()
        self.addCleanup(machine.discard)
        keep(machine.disk, digest(deb("6")), deb("6"))
        machine.commands.calls = 1
        machine.commands.active["asterisk.service"] = "old"
        with self.assertRaisesRegex(Refusal, "channels are up"):
            activate(machine, "one", self.of(sha256=digest(deb("6"))))
        self.assertEqual(machine.commands.packages, {})
        self.assertIsNone(activator(machine).store.current)


if __name__ == "__main__":
    unittest.main()
