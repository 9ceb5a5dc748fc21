"""A certificate of the owner's with the real openssl: taken when it is good, and the old one kept when it is not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
import unittest
from types import SimpleNamespace
from unittest import mock

from simulated_disk import SimulatedDisk, Switch

from hardened_asterisk_host import renewal
from hardened_asterisk_host.bundle import Authority
from hardened_asterisk_host.certificate import ca_certificate, ensure_certificate, good_for, owner_fault
from hardened_asterisk_host.commands import Commands
from hardened_asterisk_host.disk import Entry, make_parents
from hardened_asterisk_host.errors import Refusal
from hardened_asterisk_host.given import LARGEST
from hardened_asterisk_host.host import Host
from hardened_asterisk_host.renewal import renew

DAY = 86400
DIRECTORY = "/etc/hardened-asterisk/tls/given/0123"
COPY = f"{DIRECTORY}/host.pem"
CERTIFICATE, KEY = "/etc/letsencrypt/live/pbx/fullchain.pem", "/etc/letsencrypt/live/pbx/privkey.pem"
WANTED = Authority(DIRECTORY, "asterisk", (), 5061, certificate=CERTIFICATE, private_key=KEY)
EC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


def openssl(*argv: str) -> None:
    """Run openssl for the owner's authority."""
    subprocess.run(["openssl", *argv], check=True, capture_output=True)


def read(path: str) -> str:
    """A file's text."""
    with open(path, encoding="ascii") as handle:
        return handle.read()


@unittest.skipUnless(shutil.which("openssl"), "openssl is not installed")
class GivenTest(unittest.TestCase):
    """Each test has a host with an owner's pair: a certificate for pbx.example.net with the one that signed it."""

    @classmethod
    def setUpClass(cls) -> None:
        """One authority for all."""
        cls.authority = tempfile.mkdtemp(prefix="hardened-asterisk-test-")
        cls.addClassCleanup(shutil.rmtree, cls.authority)
        for name in ("ca", "other"):
            files = ["-keyout", f"{cls.authority}/{name}.key", "-out", f"{cls.authority}/{name}.pem"]
            openssl("req", "-x509", *EC, "-subj", f"/CN={name}", "-days", "400", *files)

    def setUp(self) -> None:
        """The pair is in place, nothing is copied yet."""
        self.folder = tempfile.mkdtemp(prefix="hardened-asterisk-test-")
        self.addCleanup(shutil.rmtree, self.folder)
        os.makedirs(f"{self.folder}/disk")
        self.disk = SimulatedDisk(f"{self.folder}/disk", Switch())
        make_parents(self.disk, CERTIFICATE)
        self.said: list[str] = []
        self.later = 0.0
        clock = [0.0]
        self.host = Host(self.disk, Commands(), self.said.append, "boot", now=lambda: time.time() + self.later)
        self.host.elapsed, self.host.wait = lambda: clock[0], self.waited(clock)
        self.after_waiting = lambda: None
        patched = mock.patch.object(renewal, "WHOLE_SECONDS", 1)
        patched.start()
        self.addCleanup(patched.stop)
        self.generation = SimpleNamespace(bundle=SimpleNamespace(authority=WANTED, files=[], actions=()), values={})
        self.issue()

    def waited(self, clock):
        """Time goes on, and what a test wants to happen meanwhile does."""

        def wait(seconds: float) -> None:
            clock[0] += seconds
            self.after_waiting()

        return wait

    def put(self, path: str, text: str) -> None:
        """Replace a file of the owner's."""
        self.disk.write(path, text.encode(), 0o600)

    def issue(self, names: str = "DNS:pbx.example.net", days: int = 90, signer: str = "ca", put: bool = True):
        """A fresh key and its chain, put in place unless told otherwise; returns both."""
        where = f"{self.folder}/new"
        openssl("req", "-new", *EC, "-subj", "/", "-keyout", f"{where}.key", "-out", f"{where}.csr")
        with open(f"{where}.ext", "w", encoding="ascii") as handle:
            handle.write(f"subjectAltName={names}\n")
        ca = f"{self.authority}/{signer}"
        by = ["-CA", f"{ca}.pem", "-CAkey", f"{ca}.key", "-CAcreateserial", "-CAserial", f"{where}.srl"]
        what = ["-in", f"{where}.csr", "-days", str(days), "-extfile", f"{where}.ext", "-out", f"{where}.pem"]
        openssl("x509", "-req", *by, *what)
        key, chain = read(f"{where}.key"), read(f"{where}.pem") + read(f"{ca}.pem")
        if put:
            self.put(KEY, key)
            self.put(CERTIFICATE, chain)
        return key, chain

    def ensure(self) -> set[str]:
        """What an activation does."""
        return ensure_certificate(self.host, self.generation)

    def copied(self) -> str:
        """What Asterisk reads."""
        return self.disk.read(COPY).decode()

    def renewed(self, anew: bool = False) -> str:
        """What the timer and the watch do."""
        store = SimpleNamespace(load=lambda _name: self.generation, current="one", transaction=None)
        systemd = SimpleNamespace(active=lambda _unit: True)
        self.host.systemd = systemd
        with (
            mock.patch.object(renewal, "presented", lambda *_words: True),
            mock.patch.object(renewal, "run_actions", lambda *_words: []),
            mock.patch.object(renewal, "actions_due", lambda *_words: []),
        ):
            return renew(self.host, store, anew)

    def refused(self, words: str) -> str:
        """The refusal of a renewal; the copy is as it was."""
        before = self.copied()
        with self.assertRaisesRegex(Refusal, words) as caught:
            self.renewed()
        self.assertEqual(self.copied(), before)
        for line in (*read(f"{self.folder}/new.key").splitlines()[1:-1],):
            self.assertNotIn(line, str(caught.exception) + "".join(self.said))
        return str(caught.exception)

    def test_an_activation_copies_the_pair_for_asterisk_alone(self) -> None:
        self.assertEqual(self.ensure(), {COPY})
        self.assertEqual(self.copied().count("BEGIN CERTIFICATE"), 2)
        self.assertEqual(self.disk.entry(COPY), Entry("file", 0, self.disk.gid("asterisk"), 0o640))
        self.assertEqual((self.ensure(), good_for(self.host, self.generation)), (set(), True))
        self.assertEqual(
            (owner_fault(self.host, self.generation), ca_certificate(self.host, self.generation)), ("", {})
        )

    def test_a_renewed_pair_is_drift_until_it_is_copied(self) -> None:
        self.ensure()
        _, chain = self.issue()
        self.assertFalse(good_for(self.host, self.generation))
        self.assertRegex(self.renewed(), "renewed and is in effect")
        self.assertIn(chain.splitlines()[1], self.copied())
        self.assertTrue(good_for(self.host, self.generation))
        self.assertRegex(self.renewed(), "nothing to do")

    def test_links_as_certbot_makes_them_are_followed(self) -> None:
        self.put(f"{KEY}.1", self.disk.read(KEY).decode())
        self.disk.remove(KEY)
        os.symlink(os.path.basename(f"{KEY}.1"), self.disk.real(KEY))
        self.assertEqual(self.ensure(), {COPY})

    def test_a_broken_pair_is_refused_with_an_alarm_and_the_old_one_stays(self) -> None:
        self.ensure()
        key, chain = self.issue(put=False)
        first, signer = chain.split("-----END CERTIFICATE-----\n")[:2]
        whole = [f"{part}-----END CERTIFICATE-----\n" for part in (first, signer)]
        strange = read(f"{self.authority}/other.pem")
        openssl("ec", "-in", f"{self.folder}/new.key", "-aes128", "-passout", "pass:x", "-out", f"{self.folder}/locked")
        for certificate, private, words in (
            (chain, self.disk.read(KEY).decode(), "tls.privateKey: .* is not the key of the first certificate"),
            ("".join(reversed(whole)), key, "is not the key of the first certificate"),
            (whole[0] + strange, key, "tls.certificate: .* is refused: "),
            (first, key, "holds no certificate in PEM"),
            ("\x00" * 40, key, "holds no certificate in PEM"),
            (chain, "", "holds no private key in PEM"),
            (chain, read(f"{self.folder}/locked"), "without a passphrase"),
            ("x" * (LARGEST + 1), key, "is larger than"),
        ):
            with self.subTest(words):
                self.put(CERTIFICATE, certificate)
                self.put(KEY, private)
                self.assertIn("phones are shown the present certificate, good for 89 days", self.refused(words))
                self.assertTrue(good_for(self.host, self.generation), "nothing here puts it right")
                self.assertRegex(owner_fault(self.host, self.generation), words)
                alarm = json.loads(self.said[-1])
                self.assertEqual((alarm["alarm"], alarm["days"]), ("certificate-refused", 89))
                self.assertEqual(self.ensure(), set(), "an activation goes on with the present one")
                self.assertIn("is good for 90 days", self.said[-1])

    def test_what_is_no_file_is_refused_at_once(self) -> None:
        self.ensure()
        real = self.disk.real(CERTIFICATE)
        for make, words in ((os.mkfifo, "is not a file"), (os.mkdir, "is not a file"), (str, "No such file")):
            with self.subTest(words):
                (os.rmdir if os.path.isdir(real) else os.unlink)(real)
                make(real)
                self.refused(words)
                make is str and self.put(CERTIFICATE, "")

    def test_one_that_lacks_a_name_is_taken_only_on_purpose(self) -> None:
        self.issue("DNS:pbx.example.net,DNS:sip.example.net")
        self.ensure()
        self.issue("DNS:pbx.example.net,IP:192.0.2.1")
        self.assertIn("DNS:sip.example.net", self.refused("does not bear"))
        self.assertRegex(self.renewed(anew=True), "renewed")
        self.issue("DNS:*.example.net,IP:192.0.2.1")
        self.assertRegex(self.renewed(), "renewed")

    def test_expired_and_not_renewed_ones(self) -> None:
        self.issue(days=20)
        self.ensure()
        self.assertEqual(owner_fault(self.host, self.generation), "")
        self.later = 17 * DAY
        self.assertRegex(owner_fault(self.host, self.generation), "expires in 3 days; renew the certificate")
        self.refused("expires in 3 days")
        self.assertEqual(json.loads(self.said[-1])["alarm"], "certificate-expires")
        self.later = 21 * DAY
        self.assertRegex(owner_fault(self.host, self.generation), "has expired")
        with self.assertRaisesRegex(Refusal, "has expired; renew the certificate"):
            self.ensure()

    def test_a_pair_that_is_put_in_place_file_by_file_is_waited_for(self) -> None:
        self.ensure()
        key, chain = self.issue(put=False)
        self.put(CERTIFICATE, chain)
        self.after_waiting = lambda: self.put(KEY, key)
        self.assertRegex(self.renewed(), "renewed and is in effect")

    def test_the_first_one_has_to_be_good(self) -> None:
        self.disk.remove(KEY)
        with self.assertRaisesRegex(Refusal, f"tls.privateKey: {KEY}: No such file or directory; put the file there"):
            self.ensure()


if __name__ == "__main__":
    unittest.main()
