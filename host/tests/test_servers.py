"""Who asks another user's server: root's programs ask Asterisk's console and fail2ban without rights."""

from __future__ import annotations

import os
import stat
import unittest
from unittest import mock

from hardened_asterisk_host import servers

CONSOLE = ["asterisk", "-rx", "core show channels count"]
ASTERISK = (991, 992)


def _folder(user: int, group: int) -> os.stat_result:
    return os.stat_result((stat.S_IFDIR | 0o755, 1, 1, 1, user, group, 0, 0, 0, 0))


class Servers(unittest.TestCase):
    """The command lines that are run in fact."""

    def _asked(
        self, argv: list[str], folder: os.stat_result | None, configuration: bytes, caller: int = 0
    ) -> list[str]:
        found = mock.Mock(side_effect=FileNotFoundError) if folder is None else mock.Mock(return_value=folder)
        with (
            mock.patch.object(servers.os, "geteuid", return_value=caller),
            mock.patch.object(servers.os, "lstat", found),
            mock.patch.object(servers.safe_path, "read", return_value=configuration),
        ):
            return servers.without_rights(argv)

    def test_our_console_is_asked_by_nobody_in_asterisks_group(self) -> None:
        """Asterisk's own user may not use it."""
        asked = self._asked(CONSOLE, _folder(*ASTERISK), b"[files]\nastctlpermissions = 0660\n")
        self.assertEqual(asked[:3], ["setpriv", "--reuid=nobody", "--regid=992"])
        self.assertEqual(asked[3:], [*servers.NO_RIGHTS, *CONSOLE])
        self.assertIn("--bounding-set=-all", asked)

    def test_a_packages_console_is_asked_by_asterisk(self) -> None:
        """Nobody else can open its socket before the first activation."""
        self.assertEqual(self._asked(CONSOLE, _folder(*ASTERISK), b"")[1], "--reuid=991")

    def test_what_needs_no_server_and_roots_own_server_are_run_as_they_are(self) -> None:
        """So is everything of a caller who is not root and has no rights to give up."""
        self.assertEqual(self._asked(["nft", "-f", "-"], _folder(*ASTERISK), b""), ["nft", "-f", "-"])
        self.assertEqual(self._asked(CONSOLE, _folder(0, 0), b""), CONSOLE)
        self.assertEqual(self._asked(CONSOLE, None, b""), CONSOLE)
        self.assertEqual(self._asked(CONSOLE, _folder(*ASTERISK), b"", caller=65534), CONSOLE)
