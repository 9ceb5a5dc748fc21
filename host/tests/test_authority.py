"""The private CA with the real openssl: made once, kept, and made anew where it is no longer good."""

from __future__ import annotations

import shutil
import tempfile
import unittest

from simulated_disk import SimulatedDisk, Switch

from hardened_asterisk_host.authority import certificate_good, ensure_authority, wanted_names
from hardened_asterisk_host.bundle import Authority
from hardened_asterisk_host.commands import Commands, Result

WANTED = Authority("/etc/hardened-asterisk/tls", "asterisk", (({"ref": "host.domain"},),), 5061)
HOST = "/etc/hardened-asterisk/tls/host.pem"


class OpensslOnly(Commands):
    """The real openssl; the host's addresses are given."""

    def run(self, argv, stdin=None, seconds=60):
        """Answer `ip` with one address, run everything else."""
        if argv[0] == "ip":
            return Result(0, '[{"addr_info": [{"local": "203.0.113.10"}]}]', "")
        return super().run(argv, stdin, seconds)


@unittest.skipUnless(shutil.which("openssl"), "openssl is not installed")
class AuthorityTest(unittest.TestCase):
    """Each test has a host of its own."""

    def setUp(self) -> None:
        """A fresh disk."""
        self.folder = tempfile.mkdtemp(prefix="hardened-asterisk-test-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.disk = SimulatedDisk(self.folder, Switch())
        self.commands = OpensslOnly()

    def ensure(self, domain: str = "pbx.example.com") -> set[str]:
        """Make what is missing for one domain."""
        return ensure_authority(self.disk, self.commands, WANTED, {"host.domain": domain})

    def test_makes_a_certificate_that_the_ca_vouches_for(self) -> None:
        """Names, trust and modes."""
        self.assertEqual(self.ensure(), {"/etc/hardened-asterisk/tls/ca.pem", HOST})
        names = wanted_names(self.commands, WANTED, {"host.domain": "pbx.example.com"})
        self.assertEqual(names, ["DNS:pbx.example.com", "IP:203.0.113.10"])
        self.assertTrue(certificate_good(self.disk, self.commands, WANTED, names))
        self.assertEqual(self.disk.entry("/etc/hardened-asterisk/tls/ca.key").mode, 0o600)
        self.assertEqual(self.disk.entry(HOST).mode, 0o640)

    def test_keeps_what_is_good(self) -> None:
        """A second time nothing changes."""
        self.ensure()
        before = self.disk.read(HOST)
        self.assertEqual(self.ensure(), set())
        self.assertEqual(self.disk.read(HOST), before)

    def test_another_name_gets_another_certificate_of_the_same_ca(self) -> None:
        """Phones that trust the CA go on trusting."""
        self.ensure()
        ca = self.disk.read("/etc/hardened-asterisk/tls/ca.pem")
        self.assertEqual(self.ensure("198.51.100.99"), {HOST})
        self.assertEqual(self.disk.read("/etc/hardened-asterisk/tls/ca.pem"), ca)

    def test_a_damaged_certificate_is_made_anew(self) -> None:
        """Half a file is no certificate."""
        self.ensure()
        self.disk.write(HOST, self.disk.read(HOST)[:200], 0o640, 0, self.disk.gid("asterisk"))
        self.assertEqual(self.ensure(), {HOST})


if __name__ == "__main__":
    unittest.main()
