"""The line a minute that says the PBX is alive."""

from __future__ import annotations

import json
import unittest

from simulated_host import SimulatedMachine

from hardened_asterisk_host.commands import Result
from hardened_asterisk_host.disk import make_parents
from hardened_asterisk_host.heartbeat import BEFORE, heartbeat
from hardened_asterisk_host.host import Host

MEMORY = "MemTotal:        2000000 kB\nMemFree:          100000 kB\nMemAvailable:    500000 kB\n"
CARD = "NIC statistics:\n     tx_timeout: 0\n     bw_in_allowance_exceeded: {}\n     pps_allowance_exceeded: 2\n"
ANSWERS = {
    "asterisk -rx core show channels count": "4 active channels\n2 active calls\n9 calls processed\n",
    "asterisk -rx pjsip show contacts": "\n  Contact:  x\n\nObjects found: 3\n",
    "df --output=pcent / /var/log": "Use%\n 41%\n  7%\n",
    "cat /proc/meminfo": MEMORY,
    "ls /sys/class/net": "ens5\nlo\n",
    "ethtool -S ens5": CARD.format(5),
}


class Heartbeat(unittest.TestCase):
    def setUp(self) -> None:
        machine = SimulatedMachine()
        self.addCleanup(machine.discard)
        self.answers = dict(ANSWERS)
        self.host: Host = machine.host()
        make_parents(machine.disk, BEFORE)
        self.host.commands.run = self.run_command  # type: ignore[method-assign]

    def run_command(self, argv: list[str], stdin: str | None = None, seconds: float = 60) -> Result:
        """What the machine answers; a tool that is absent is status 127."""
        line = " ".join(argv)
        return Result(0, self.answers[line], "") if line in self.answers else Result(127, "", "absent")

    def beat(self) -> dict[str, int]:
        """One line, read."""
        line = heartbeat(self.host)
        self.assertTrue(line.startswith('{"heartbeat":'), line)
        read: dict[str, int] = json.loads(line)
        return read

    def test_all_that_is_known_is_told(self) -> None:
        expected = {
            "heartbeat": 1,
            "channels": 4,
            "contacts": 3,
            "diskPercent": 41,
            "memoryPercent": 75,
            "ec2Refused": 0,
        }
        self.assertEqual(self.beat(), expected)

    def test_an_asterisk_that_does_not_answer_is_no_heartbeat(self) -> None:
        del self.answers["asterisk -rx core show channels count"]
        found = self.beat()
        self.assertEqual((found["heartbeat"], "channels" in found), (0, False))

    def test_refused_packets_are_those_since_the_last_line_also_after_a_boot(self) -> None:
        told = []
        for count in (5, 5, 9, 1, 2):
            self.answers["ethtool -S ens5"] = CARD.format(count)
            told.append(self.beat()["ec2Refused"])
        self.assertEqual(told, [0, 0, 4, 0, 1])

    def test_what_cannot_be_had_is_left_out(self) -> None:
        for line in ("df --output=pcent / /var/log", "cat /proc/meminfo", "ethtool -S ens5"):
            del self.answers[line]
        self.assertEqual(self.beat(), {"heartbeat": 1, "channels": 4, "contacts": 3})


if __name__ == "__main__":
    unittest.main()
