"""What the agent reads from the host's tools and files."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import location  # noqa: F401
from fixture import text_of
from small import bundle

from hardened_asterisk_host.asterisk_log import problems_in_log, problems_on_console
from hardened_asterisk_host.bundle import parse_bundle
from hardened_asterisk_host.disk import Disk
from hardened_asterisk_host.errors import Refusal
from hardened_asterisk_host.firewall import tables_in
from hardened_asterisk_host.release import check_room, check_way_back, platform_of
from hardened_asterisk_host.timer import RECOVER
from hardened_asterisk_host.unit_text import command_line, service_settings
from hardened_asterisk_host.units import AT_BOOT, unit_texts

HOST = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Log(unittest.TestCase):
    def test_warnings_and_errors_are_problems_notices_are_not(self) -> None:
        text = (
            "[2026-11-22 17:23:06] Asterisk 22.10.1 built by nobody\n"
            "[2026-11-22 17:23:06] NOTICE[24] cdr.c: CDR simple logging enabled.\n"
            "[2026-11-22 17:23:06] ERROR[24] config_options.c: Unable to load config file 'acl.conf'\n"
            "[2026-11-22 17:23:06] WARNING[24] ccss.c: Could not find valid ccss.conf file.\n"
        )
        self.assertEqual([line[22:29] for line in problems_in_log(text)], ["ERROR[2", "WARNING"])

    def test_a_long_queue_of_a_busy_machine_is_no_problem(self) -> None:
        text = (
            "[2026-11-22 21:15:06] WARNING[24] taskprocessor.c: Taskprocessor 'stasis/m:devicestate:all-00000002' "
            "queue reached 500 scheduled tasks (high water mark: 500).\n"
        )
        self.assertEqual(problems_in_log(text), [])
        self.assertEqual(len(problems_in_log(text.replace("500 scheduled", "no"))), 1)

    def test_the_console_of_a_clean_start_is_clean(self) -> None:
        text = (
            "\x1b[0mPBX UUID: d8bc4d06-06ba-4a1c-89ec-2f8f7ab260b1\n"
            "Could not find option 'minimum_size' with type 'threadpool' in module 'stasis'\n\x1b[0m\n"
        )
        self.assertEqual(problems_on_console(text), [])

    def test_any_other_console_line_is_a_problem(self) -> None:
        self.assertEqual(len(problems_on_console("Unable to load config file 'stasis.conf'\n")), 1)
        self.assertEqual(len(problems_on_console("PBX UUID: d8bc; and more\n")), 1)


class Firewall(unittest.TestCase):
    def test_tables_of_a_file(self) -> None:
        text = "# table inet no\nadd table inet a\nflush table inet a\ntable inet a {\n}\ntable b {}\n"
        self.assertEqual(tables_in(text), [["inet", "a"], ["ip", "b"]])


class Release(unittest.TestCase):
    def test_platforms(self) -> None:
        self.assertEqual(platform_of('ID=debian\nVERSION_CODENAME=forky\nPRETTY_NAME="x"\n'), "debian-14")
        self.assertEqual(platform_of('ID=debian\nVERSION_ID="13"\nVERSION_CODENAME=trixie\n'), "debian-13")
        self.assertEqual(platform_of('ID=ubuntu\nVERSION_ID="24.04"\n'), "ubuntu-24.04")
        self.assertEqual(platform_of("nothing\n"), "unknown-unknown")

    def test_who_may_activate(self) -> None:
        parsed = parse_bundle(text_of(bundle(1, admins=("192.0.2.0/24", "2001:db8::/32"))))
        check_way_back(parsed, None)
        for client in ("192.0.2.7", "::ffff:192.0.2.7", "2001:db8::7"):
            check_way_back(parsed, (client, 22))
        for client in ("198.51.100.7", "2001:db9::7", "fe80::1%eth0"):
            with self.assertRaisesRegex(Refusal, f"your address {re.escape(client)} is not among admins"):
                check_way_back(parsed, (client, 22))

    def test_at_which_port(self) -> None:
        raw = json.loads(text_of(bundle(1, admins=("192.0.2.0/24",))))
        parsed = parse_bundle(json.dumps({**raw, "sshPort": 2222}))
        for connection in (None, ("192.0.2.7", 2222)):
            check_way_back(parsed, connection)
        with self.assertRaisesRegex(Refusal, "sshPort: is 2222, .* came in at port 22 .*set sshPort: 22 in the spec"):
            check_way_back(parsed, ("192.0.2.7", 22))

    def test_a_nearly_full_disk_is_refused(self) -> None:
        for blocks, free in ((4096, False), (4097, True)):
            disk = mock.Mock(f_bavail=blocks - 1, f_frsize=4096)
            with mock.patch("os.statvfs", return_value=disk):
                if free:
                    check_room()
                else:
                    with self.assertRaisesRegex(Refusal, "only 16380 KiB are free on the disk of /etc.*make room"):
                        check_room()


class Units(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.disk = Disk(folder.name)

    def put(self, path: str, text: str) -> None:
        os.makedirs(os.path.dirname(self.disk.real(path)), exist_ok=True)
        with open(self.disk.real(path), "w", encoding="utf-8") as handle:
            handle.write(text)

    def test_drop_ins_win_in_order(self) -> None:
        unit = "/usr/lib/systemd/system/asterisk.service"
        self.put(unit, "[Unit]\nUser=no\n[Service]\nExecStart=/usr/sbin/asterisk -g\nUser=root\n")
        self.put("/usr/lib/systemd/system/asterisk.service.d/20.conf", "[Service]\nUser=lost\n")
        self.put("/etc/systemd/system/asterisk.service.d/20.conf", "[Service]\nUser=asterisk\nExecStart=\n")
        self.put("/etc/systemd/system/asterisk.service.d/30.conf", "[Service]\n# x\nExecStart=-/bin/a \\\n 'b c'\n")
        settings = service_settings(self.disk, "asterisk.service")
        self.assertEqual(settings["User"], "asterisk")
        self.assertEqual(command_line(settings, "asterisk.service"), ["/bin/a", "b c"])

    def test_no_unit_is_said(self) -> None:
        with self.assertRaisesRegex(Refusal, "no unit file asterisk.service"):
            service_settings(self.disk, "asterisk.service")

    def test_nothing_waits_for_the_recovery_that_restarts_it(self) -> None:
        texts = unit_texts(["mine.service"])
        self.assertNotIn("Before=", texts[RECOVER])
        self.assertRegex(texts[AT_BOOT], "Before=asterisk.service .*mine.service")


class Loader(unittest.TestCase):
    def test_it_fits_a_command_line(self) -> None:
        with open(os.path.join(HOST, "loader.py.txt"), encoding="ascii") as handle:
            text = handle.read()
        self.assertLessEqual(len(text), 600)
        self.assertNotIn("'", text)
        compile(text, "loader", "exec")

    def test_a_damaged_agent_is_refused_before_anything_is_written(self) -> None:
        with open(os.path.join(HOST, "loader.py.txt"), encoding="ascii") as handle:
            code = "import os\nos.getuid=lambda:0\n" + handle.read()
        argv = [sys.executable, "-Ic", code, "0" * 64, "b", "s", "g", "h"]
        done = subprocess.run(argv, input='{"agent":"QUJD"}', capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("agent damaged", done.stderr)


if __name__ == "__main__":
    unittest.main()
