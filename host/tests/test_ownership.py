"""Owners of files and directories, as they go back to root with a configuration whose fail2ban is root's."""

from __future__ import annotations

import os
import tempfile
import unittest

import location  # noqa: F401

from hardened_asterisk_host.disk import Disk
from hardened_asterisk_host.errors import Refusal

SOMEBODY = 4711


@unittest.skipIf(os.geteuid() != 0, "owners are changed by root alone")
class Owned(unittest.TestCase):
    """On real files: what a simulated disk takes, a real one refused once."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = folder.name
        self.disk = Disk(self.root)
        os.makedirs(f"{self.root}/var/log")
        with open(f"{self.root}/var/log/fail2ban.log", "w", encoding="ascii") as handle:
            handle.write("a line\n")
        os.chown(f"{self.root}/var/log/fail2ban.log", SOMEBODY, SOMEBODY)

    def test_a_file_gets_its_owner_as_a_directory_does(self) -> None:
        for path, mode in (("/var/log/fail2ban.log", 0o640), ("/var/log", 0o750)):
            self.disk.own(path, mode, 0, 0)
            found = os.stat(f"{self.root}{path}")
            self.assertEqual((found.st_uid, found.st_gid, found.st_mode & 0o777), (0, 0, mode))

    def test_another_name_of_a_file_and_a_fifo_keep_theirs(self) -> None:
        os.link(f"{self.root}/var/log/fail2ban.log", f"{self.root}/var/log/second")
        os.mkfifo(f"{self.root}/var/log/fifo")
        for path in ("/var/log/second", "/var/log/fifo"):
            self.assertRaises(Refusal, self.disk.own, path, 0o640, 0, 0)
        self.assertEqual(os.stat(f"{self.root}/var/log/second").st_uid, SOMEBODY)


if __name__ == "__main__":
    unittest.main()
