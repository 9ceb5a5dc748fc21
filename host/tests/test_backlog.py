"""Room for connections: a listening socket of another process is widened, and nothing else of it."""

from __future__ import annotations

import socket
import subprocess
import sys
import unittest
from unittest import mock

from hardened_asterisk_host import backlog
from hardened_asterisk_host.errors import Refusal

LISTENS = """
import socket, sys
one = socket.create_server(("127.0.0.1", 0), backlog=1)
local = socket.socket(socket.AF_UNIX)
local.bind("")
local.listen(1)
datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
datagrams.bind(("127.0.0.1", 0))
print(one.getsockname()[1], flush=True)
sys.stdin.read()
"""
LATE = """
import socket, sys, time
one = socket.socket()
one.bind(("127.0.0.1", 0))
print(one.getsockname()[1], flush=True)
time.sleep(0.5)
one.listen(1)
sys.stdin.read()
"""
DEAF = "import sys; print(0, flush=True); sys.stdin.read()"


class Backlog(unittest.TestCase):
    """What a process that never accepts lets stand."""

    def _started(self, program: str) -> tuple[subprocess.Popen[str], int]:
        process = subprocess.Popen(
            [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.addCleanup(process.communicate)
        assert process.stdout is not None
        return process, int(process.stdout.readline())

    def _connected(self, port: int, wanted: int) -> int:
        opened = 0
        for _ in range(wanted):
            one = socket.socket()
            self.addCleanup(one.close)
            one.settimeout(0.5)
            try:
                one.connect(("127.0.0.1", port))
            except TimeoutError:
                break
            opened += 1
        return opened

    def test_more_connections_stand_than_were_asked_for(self) -> None:
        """Without room, the third gets no answer."""
        process, port = self._started(LISTENS)
        self.assertEqual(self._connected(port, 20), 2)
        backlog.widen(process.pid, [port])
        self.assertEqual(self._connected(port, 20), 20)

    def test_a_process_that_listens_late_is_waited_for(self) -> None:
        """Asterisk tells systemd that it is there before it listens."""
        process, port = self._started(LATE)
        backlog.widen(process.pid, [port])
        self.assertEqual(self._connected(port, 20), 20)

    def test_a_process_that_does_not_listen_at_all_ports_is_refused(self) -> None:
        """Then this was not Asterisk, or it is ending."""
        process, port = self._started(LISTENS)
        with self.assertRaisesRegex(Refusal, f"does not listen at all of the TCP ports {port}, 1"):
            backlog.widen(process.pid, [port, 1], patience=0)

    def test_a_process_that_is_gone_is_refused(self) -> None:
        """Before anything is touched."""
        process, _ = self._started(DEAF)
        process.communicate()
        with self.assertRaisesRegex(Refusal, "is gone"):
            backlog.widen(process.pid, [5060])

    def test_a_refusal_reaches_the_journal(self) -> None:
        """The unit of Asterisk, which runs this, sends errors nowhere."""
        process, _ = self._started(DEAF)
        process.communicate()
        with mock.patch("syslog.syslog") as told, self.assertRaises(Refusal):
            backlog.widen_and_log_refusal(process.pid, [5060])
        self.assertRegex(told.call_args.args[1], "is gone.*hold 5 connections")
