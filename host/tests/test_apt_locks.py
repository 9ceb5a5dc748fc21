"""apt's locks, held by a real process as apt holds them (fcntl(2)), while packages are to be installed."""

from __future__ import annotations

import os
import subprocess
import sys
import unittest

import location  # noqa: F401
from simulated_host import SimulatedMachine

from hardened_asterisk_host.apt_locks import LOCKS, PATIENCE_SECONDS, Holder, holder
from hardened_asterisk_host.bundle import Package
from hardened_asterisk_host.commands import Result
from hardened_asterisk_host.disk import make_parents
from hardened_asterisk_host.errors import Refusal
from hardened_asterisk_host.packages import install
from hardened_asterisk_host.processes import service_of

HOLD = """import fcntl, sys
handle = open(sys.argv[1], "w")
fcntl.lockf(handle, fcntl.LOCK_EX)
print(1, flush=True)
sys.stdin.read()
"""
LISTS = "/var/lib/apt/lists/lock"
TAKEN = f"""E: Could not get lock {LISTS}. It is held by process 1234 (apt-get)
E: Unable to lock directory /var/lib/apt/lists/
"""


class Locked(unittest.TestCase):
    """A machine on which another program installs packages."""

    def setUp(self) -> None:
        self.machine = SimulatedMachine()
        self.addCleanup(self.machine.discard)
        self.host = self.machine.host()

    def hold(self, lock: str) -> subprocess.Popen[str]:
        make_parents(self.machine.disk, lock)
        argv = [sys.executable, "-c", HOLD, self.machine.disk.real(lock)]
        process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.release, process)
        assert process.stdout is not None
        process.stdout.readline()
        return process

    def release(self, process: subprocess.Popen[str]) -> None:
        process.communicate()

    def asked_apt(self) -> list[str]:
        asked = [line for line in self.machine.commands.log if line[:2] == ["apt-get", "--yes"]]
        return [next(word for word in line if word in ("update", "install")) for line in asked]

    def install(self) -> None:
        install(self.host, [Package("fail2ban", "")])

    def wait_for(self, lock: str) -> None:
        process = self.hold(lock)
        waits: list[float] = []
        step = self.host.wait

        def wait(seconds: float) -> None:
            step(seconds)
            waits.append(seconds)
            self.assertEqual(self.asked_apt(), [])
            if len(waits) == 20:
                self.release(process)

        self.host.wait = wait
        self.install()
        self.assertEqual(self.asked_apt(), ["update", "install"])
        self.assertEqual(len(waits), 20)
        named = [line for line in self.machine.said if f"(process {process.pid}" in line and lock in line]
        self.assertEqual(len(named), 1, self.machine.said)

    def test_every_lock_is_waited_for_and_its_holder_is_named(self) -> None:
        for lock in LOCKS:
            with self.subTest(lock):
                self.setUp()
                self.wait_for(lock)

    def test_a_lock_that_stays_ends_the_wait_with_the_holder_and_the_cure(self) -> None:
        process = self.hold(LISTS)
        with self.assertRaisesRegex(
            Refusal, rf"\(process {process.pid}.* has held {LISTS} for 600 s; wait until it ends"
        ):
            self.install()
        self.assertEqual(self.asked_apt(), [])
        self.assertGreaterEqual(self.host.elapsed() - 1000, PATIENCE_SECONDS)

    def test_a_lock_taken_between_the_look_and_apt_is_waited_for_too(self) -> None:
        answers = [Result(100, TAKEN, ""), Result(100, TAKEN, "")]
        ask = self.machine.commands.run

        def run(argv: list[str], stdin: str | None = None, seconds: float = 60) -> Result:
            answer = ask(argv, stdin, seconds)
            return answers.pop() if answers and "update" in argv else answer

        self.machine.commands.run = run  # type: ignore[method-assign, assignment]
        self.install()
        self.assertEqual(self.asked_apt(), ["update", "update", "update", "install"])

    def test_what_is_no_lock_file_is_not_opened_for_long(self) -> None:
        make_parents(self.machine.disk, LISTS)
        os.mkfifo(self.machine.disk.real(LISTS))
        self.assertIsNone(holder(self.machine.disk))


class Processes(unittest.TestCase):
    """The unit that a process belongs to."""

    def service(self, line: str) -> str:
        machine = SimulatedMachine()
        self.addCleanup(machine.discard)
        make_parents(machine.disk, "/proc/7/cgroup")
        machine.disk.create("/proc/7/cgroup", line.encode(), 0o644, 0, 0)
        return service_of(7, machine.disk.real("/proc"))

    def test_a_service_is_named_and_a_login_is_not(self) -> None:
        self.assertEqual(self.service("0::/system.slice/apt-daily.service\n"), "apt-daily.service")
        self.assertEqual(self.service("0::/system.slice/nginx.service/worker\n"), "nginx.service")
        self.assertEqual(self.service("0::/user.slice/user-0.slice/session-3.scope\n"), "")
        self.assertEqual(self.service("0::/user.slice/user-1.slice/user@1.service/app.slice/x.service\n"), "")
        self.assertEqual(self.service("0::/init.scope\n"), "")

    def test_a_process_of_another_namespace_is_said_to_be_one(self) -> None:
        self.assertEqual(str(Holder(LISTS, 0)), "a process outside this container")


if __name__ == "__main__":
    unittest.main()
