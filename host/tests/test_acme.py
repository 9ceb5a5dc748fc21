"""A certificate over ACME with the real openssl; the client and the packet filter are simulated."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
import unittest
from types import SimpleNamespace
from unittest import mock

from simulated_disk import SimulatedDisk, Switch

from hardened_asterisk_host import acme
from hardened_asterisk_host.acme import standing
from hardened_asterisk_host.bundle import Authority
from hardened_asterisk_host.certificate import ca_certificate, ensure_certificate, good_for, renew_certificate
from hardened_asterisk_host.challenge_port import port_open
from hardened_asterisk_host.commands import Commands, Result
from hardened_asterisk_host.errors import Refusal
from hardened_asterisk_host.host import Host
from hardened_asterisk_host.renewal import renew
from hardened_asterisk_host.standing import ALARM_SECONDS, Standing

DAY = 86400
DIRECTORY = "/etc/hardened-asterisk/acme/acme.example.net/pbx.example.net"
HOST = f"{DIRECTORY}/host.pem"
CA = "/etc/hardened-asterisk/acme/ca.pem"
WANTED = Authority(DIRECTORY, "asterisk", (("pbx.example.net",),), 5061, "/unit.service", CA)
DETAIL = "Fetching http://pbx.example.net/: Timeout"
PROBLEM = (
    f"error: one domain had a problem:\n[pbx] acme: error: 400 :: urn:ietf:params:acme:error:connection :: {DETAIL}"
)


def openssl(*argv: str) -> None:
    """Run openssl for the simulated server."""
    subprocess.run(["openssl", *argv], check=True, capture_output=True)


class AcmeHost(Commands):
    """The real openssl; `systemctl start` is the client: it has the request signed, or fails with what it `says`."""

    def __init__(self, folder: str, disk: SimulatedDisk) -> None:
        """A server with a CA of its own; `input_chain` is None where our table is not loaded."""
        self.folder, self.disk, self.days, self.names, self.says = folder, disk, 90, "pbx.example.net", ""
        self.signer, self.request, self.input_chain, self.filtered = "ca", "", "", []
        for name in ("ca", "other"):
            files = ["-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.pem"]
            new = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}"]
            openssl("req", *new, "-days", "400", *files)

    def run(self, argv, stdin=None, seconds=60):
        """Answer nft and systemctl, run openssl."""
        if argv[0] == "nft":
            self.filtered.append(stdin or " ".join(argv))
            return Result(1, "", "No such file") if self.input_chain is None else Result(0, self.input_chain, "")
        if argv[0] == "systemctl":
            return self._sign() if argv[1] == "start" else Result(0, "", "")
        return super().run(argv, stdin, seconds)

    def _sign(self) -> Result:
        if self.says:
            with open(f"{acme.FOLDER}/said", "w", encoding="utf-8") as handle:
                handle.write(self.says)
            return Result(1, "", "failed")
        with open(f"{self.folder}/ext", "w", encoding="ascii") as handle:
            handle.write(f"subjectAltName=DNS:{self.names}\n")
        by = [
            "-CA",
            f"{self.folder}/{self.signer}.pem",
            "-CAkey",
            f"{self.folder}/{self.signer}.key",
            "-CAcreateserial",
        ]
        what = ["-in", self.request or f"{acme.FOLDER}/request.pem", "-extfile", f"{self.folder}/ext"]
        openssl("x509", "-req", *by, *what, "-days", str(self.days), "-out", f"{self.folder}/signed")
        with open(f"{self.folder}/signed", "rb") as handle:
            self.disk.write(f"{acme.STATE}/certificates/pbx.example.net.crt", handle.read(), 0o600)
        return Result(0, "", "")


@unittest.skipUnless(shutil.which("openssl"), "openssl is not installed")
class AcmeTest(unittest.TestCase):
    """Each test has a host and a server of its own."""

    def setUp(self) -> None:
        """A fresh disk on which the generation's CA is staged."""
        self.folder = tempfile.mkdtemp(prefix="hardened-asterisk-test-")
        self.addCleanup(shutil.rmtree, self.folder)
        os.makedirs(f"{self.folder}/disk/staged")
        os.makedirs(f"{self.folder}/disk{acme.STATE}/certificates")
        patched = mock.patch.object(acme, "FOLDER", f"{self.folder}/run")
        patched.start()
        self.addCleanup(patched.stop)
        disk = SimulatedDisk(f"{self.folder}/disk", Switch())
        self.server = AcmeHost(self.folder, disk)
        self.said: list[str] = []
        self.later = 0.0
        self.host = Host(disk, self.server, self.said.append, "boot", now=lambda: time.time() + self.later)
        with open(f"{self.folder}/ca.pem", "rb") as handle:
            disk.write("/staged/ca.pem", handle.read(), 0o600)
        bundle = SimpleNamespace(authority=WANTED, files=[SimpleNamespace(path=CA)])
        staged = {CA: "/staged/ca.pem", "/unit.service": "/staged/unit"}
        self.generation = SimpleNamespace(bundle=bundle, values={}, staged=staged.__getitem__)

    def ensure(self) -> set[str]:
        """What an activation does."""
        return ensure_certificate(self.host, self.generation)

    def refused(self, work, *arguments) -> str:
        """The refusal's text; nothing that was handed to the client is left."""
        with self.assertRaises(Refusal) as caught:
            work(self.host, *arguments)
        self.assertFalse(os.path.exists(acme.FOLDER))
        return str(caught.exception)

    def test_first_certificate(self) -> None:
        """Key and chain in one file that the service may read, and its CA in the receipt."""
        self.assertEqual(self.ensure(), {HOST})
        entry = self.host.disk.entry(HOST)
        self.assertEqual((entry.mode, entry.gid), (0o640, self.host.disk.gid("asterisk")))
        self.assertEqual(self.host.disk.entry(DIRECTORY).mode, 0o750)
        self.assertTrue(good_for(self.host, self.generation))
        with open(f"{self.folder}/ca.pem", encoding="ascii") as handle:
            self.assertEqual(ca_certificate(self.host, self.generation), {"caCertificate": handle.read()})
        self.assertFalse(os.path.exists(acme.FOLDER))
        before = self.host.disk.read(HOST)
        self.assertEqual((self.ensure(), self.host.disk.read(HOST)), (set(), before))

    def test_what_is_not_ours_is_not_taken(self) -> None:
        """Another key, another name, and a CA that is not trusted; the file stays as it was."""
        self.ensure()
        before = self.host.disk.read(HOST)
        openssl(
            "req",
            "-new",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/",
            "-keyout",
            f"{self.folder}/k",
            "-out",
            f"{self.folder}/r",
        )
        for change in ({"request": f"{self.folder}/r"}, {"names": "other.example.net"}, {"signer": "other"}):
            with self.subTest(change), mock.patch.multiple(self.server, **change):
                self.assertIn("not for our key and name", self.refused(renew_certificate, self.generation, True))
                self.assertEqual(self.host.disk.read(HOST), before)

    def test_the_reason_and_a_cure(self) -> None:
        """In the server's words, without what would steer a terminal."""
        self.server.says = f"2026/11/22 Could not obtain certificates:\n\t{PROBLEM}\x1b[2J\n"
        text = self.refused(ensure_certificate, self.generation)
        self.assertIn(f"connection: {DETAIL}[2J; let pbx.example.net lead to this machine and TCP port 80", text)
        self.server.says = "40E7:error:0A\nverify error:num=20:unable to get local issuer certificate\n"
        text = self.refused(ensure_certificate, self.generation)
        self.assertTrue(
            text.startswith("the ACME server is not trusted: unable to get local issuer certificate; name"), text
        )
        self.server.says = "Could not start HTTP server for challenge: listen tcp :80: bind: address already in use"
        self.assertIn("address already in use", self.refused(ensure_certificate, self.generation))

    def test_renewal_in_its_last_third(self) -> None:
        """Not before; and an activation leaves it to the timer."""
        self.ensure()
        before = self.host.disk.read(HOST)
        self.later = 59 * DAY
        self.assertEqual(renew_certificate(self.host, self.generation, False), set())
        self.later = 61 * DAY
        self.assertEqual(self.ensure(), set())
        self.server.days = 200
        self.assertEqual(renew_certificate(self.host, self.generation, False), {HOST})
        self.assertNotEqual(self.host.disk.read(HOST), before)

    def test_a_server_that_fails_stops_no_activation_while_a_certificate_is_good(self) -> None:
        """Until it has expired."""
        self.ensure()
        self.server.says = PROBLEM
        self.later = 80 * DAY
        self.assertEqual(self.ensure(), set())
        self.assertIn("the present certificate is good for 10 days", self.said[-1])
        self.assertFalse(good_for(self.host, self.generation))
        self.later = 91 * DAY
        self.refused(ensure_certificate, self.generation)

    def test_an_alarm_once_less_than_14_days_are_left(self) -> None:
        """One line of JSON; before that only the refusal."""
        self.ensure()
        self.server.says = PROBLEM
        store = SimpleNamespace(current="g", load=lambda _name: self.generation, transaction=None)
        for days, alarms in ((70, 0), (77, 1)):
            self.said.clear()
            self.later = days * DAY
            text = self.refused(renew, store, False)
            self.assertIn(f"phones are shown the present certificate, good for {89 - days} days", text)
            found = [line for line in self.said if line.startswith('{"alarm": "certificate-expires", "days": 12')]
            self.assertEqual(len(found), alarms)
        self.assertEqual((Standing(ALARM_SECONDS - 1, 90 * DAY).late, Standing(2 * DAY, 6 * DAY).due), (True, False))
        self.assertEqual((Standing(1.5 * DAY, 6 * DAY).due, Standing(1.5 * DAY, 6 * DAY).late), (True, False))

    def test_the_port_is_opened_for_the_client_alone(self) -> None:
        """With a time limit of the kernel's; lent to a table that does not know it, and taken back after a failure."""
        self.server.input_chain = "tcp dport @acme_port counter packets 0 bytes 0 accept"
        self.ensure()
        self.assertIn("add element inet hardened_asterisk acme_port { 80 timeout 120s }", self.server.filtered[1])
        self.assertNotIn("insert rule", self.server.filtered[1])
        self.assertEqual(self.server.filtered[2:], ["nft flush set inet hardened_asterisk acme_port"])
        self.server.filtered.clear()
        self.server.input_chain = "tcp dport { 5060, 5061 } goto sip_streams"
        with self.assertRaises(ZeroDivisionError), port_open(self.server, 5):
            self.server.input_chain = "tcp dport @acme_port accept # handle 41\niif lo accept # handle 7"
            raise ZeroDivisionError
        self.assertIn("insert rule inet hardened_asterisk input tcp dport @acme_port accept", self.server.filtered[1])
        ends = ["delete rule inet hardened_asterisk input handle 41", "delete set inet hardened_asterisk acme_port"]
        self.assertEqual(self.server.filtered[-2:], [f"nft {end}" for end in ends])
        self.server.filtered.clear()
        self.server.input_chain = None
        with port_open(self.server, 5):
            self.assertEqual(len(self.server.filtered), 1)

    def test_a_damaged_file_is_no_certificate(self) -> None:
        """Half of it, or one that others can read."""
        self.ensure()
        self.host.disk.own(HOST, 0o644, 0, self.host.disk.gid("asterisk"))
        self.assertIsNone(standing(self.host, self.generation, WANTED))
        self.host.disk.write(HOST, self.host.disk.read(HOST)[:2000], 0o640, 0, self.host.disk.gid("asterisk"))
        self.assertIsNone(standing(self.host, self.generation, WANTED))


if __name__ == "__main__":
    unittest.main()
