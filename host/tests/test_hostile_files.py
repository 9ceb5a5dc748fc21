"""What root reads below folders where another user writes, when that user has put something else there."""

from __future__ import annotations

import ast
import os
import tempfile
import unittest
from collections.abc import Iterator

import location
from simulated_host import SimulatedMachine

from hardened_asterisk_host import safe_path
from hardened_asterisk_host.actions import MESSAGES, journal
from hardened_asterisk_host.commands import Commands
from hardened_asterisk_host.disk import Disk, make_parents
from hardened_asterisk_host.errors import Refusal
from hardened_asterisk_host.phones import Phone, phone_text
from hardened_asterisk_host.security_log import LOG
from hardened_asterisk_host.systemd import ASTERISK

SECRET = b"root:$y$secret:20000:0:99999:7:::\n"
PACKAGE = os.path.join(os.path.dirname(location.__file__), "..", "hardened_asterisk_host")
TEN_GIGABYTES = 10 * 1024**3


class Hostile(unittest.TestCase):
    """A machine with a file of root's, and a folder where anybody writes, as only Asterisk does on a real one."""

    def setUp(self) -> None:
        self.machine = SimulatedMachine()
        self.addCleanup(self.machine.discard)
        self.disk = self.machine.disk
        for path in ("/etc/shadow", MESSAGES):
            make_parents(self.disk, path)
        self.disk.write("/etc/shadow", SECRET, 0o640)
        self.folder = self.disk.real(os.path.dirname(MESSAGES))
        os.chmod(self.folder, 0o777)  # noqa: S103 - what is tried

    def put(self, path: str) -> Iterator[str]:
        """Each thing in the place of a file, one after the other, by its name."""
        real = self.disk.real(path)
        shadow = self.disk.real("/etc/shadow")
        makers = {
            "a link": lambda: os.symlink(shadow, real),
            "a relative link": lambda: os.symlink("../../../etc/shadow", real),
            "a FIFO": lambda: os.mkfifo(real),
            "a directory": lambda: os.mkdir(real),
            "another name of a file of root's": lambda: os.link(shadow, real),
        }
        for name, make in makers.items():
            make()
            yield name
            (os.rmdir if os.path.isdir(real) and not os.path.islink(real) else os.unlink)(real)


class Reads(Hostile):
    def test_a_log_is_read_and_its_control_characters_are_escaped(self) -> None:
        with open(self.disk.real(MESSAGES), "w", encoding="utf-8") as handle:
            handle.write("one\n\x1b[2J two\nthree\nfour\nfive\n")
        words = journal(self.machine.host(), ASTERISK)
        self.assertEqual(words, " — log: \\x1b[2J two | three | four | five")

    def test_what_is_put_in_the_place_of_the_message_log_is_said_and_not_read(self) -> None:
        for name in self.put(MESSAGES):
            words = journal(self.machine.host(), ASTERISK)
            self.assertIn("not read; remove it" if "link" not in name else "remove it", words, name)
            self.assertNotIn("$y$", words, name)

    def test_so_it_is_in_the_place_of_the_security_log(self) -> None:
        for name in self.put(LOG):
            words = phone_text(self.machine.host(), Phone("van", "van-b2", "104", None, 0))
            self.assertIn("remove it", words, name)
            self.assertNotIn("$y$", words, name)

    def test_a_log_of_ten_gigabytes_is_read_from_its_end(self) -> None:
        with open(self.disk.real(MESSAGES), "wb") as handle:
            handle.truncate(TEN_GIGABYTES)
            handle.seek(0, os.SEEK_END)
            handle.write(b"\nthe end\n")
        self.assertTrue(journal(self.machine.host(), ASTERISK).endswith("the end"))
        self.assertRaisesRegex(Refusal, "larger than 8 MiB", self.disk.read, MESSAGES, 8 << 20)

    def test_a_folder_in_the_way_is_not_followed_either(self) -> None:
        os.symlink(self.disk.real("/etc"), f"{self.folder}/below")
        below = f"{os.path.dirname(MESSAGES)}/below/shadow"
        for look in (self.disk.read, self.disk.entry, self.disk.names, self.disk.remove, self.disk.mkdir):
            self.assertRaisesRegex(Refusal, "not followed", look, below)
        self.assertRaisesRegex(Refusal, "not followed", self.disk.write, below, b"x", 0o600)
        self.assertRaises((Refusal, OSError), Disk.own, self.disk, os.path.dirname(below), 0o777, 0, 0)
        self.assertEqual(self.disk.read("/etc/shadow"), SECRET)

    def test_a_folder_with_names_without_end_is_refused(self) -> None:
        for number in range(12):
            os.mkdir(f"{self.folder}/{number}")
        self.assertRaisesRegex(Refusal, "more than 10 names", self.disk.names, os.path.dirname(MESSAGES), 10)

    def test_what_is_pinned_stays_what_it_was(self) -> None:
        path = f"{os.path.dirname(MESSAGES)}/sounds"
        os.mkdir(self.disk.real(path))
        with self.disk.pinned(path) as pinned:
            os.rename(self.disk.real(path), self.disk.real(f"{path}-old"))
            os.symlink(self.disk.real("/etc"), self.disk.real(path))
            self.assertEqual(os.listdir(pinned), [])

    def test_a_link_of_roots_is_followed(self) -> None:
        self.disk.link("/etc/shadow-link", "shadow")
        self.assertEqual(self.disk.read("/etc/shadow-link"), SECRET)


class Answers(unittest.TestCase):
    def test_an_answer_without_end_is_cut_off(self) -> None:
        self.assertEqual(Commands().run(["yes"], seconds=30).status, 125)

    def test_one_that_never_comes_is_not_waited_for(self) -> None:
        self.assertEqual(Commands().run(["sleep", "30"], seconds=0.2).status, 124)

    def test_what_is_fed_arrives_whole(self) -> None:
        text = "x" * 1_000_000
        self.assertEqual(Commands().run(["cat"], stdin=text).out, text)


# Module → functions that may open or change a path themselves, and why no other user can have a hand in it.
RAW = {
    "safe_path": "the door itself",
    "disk": "the door itself, below a handle",
    "lock": "/run/hardened-asterisk, root's alone",
    "jobs": "/run/hardened-asterisk, root's alone",
    "steps": "/run/hardened-asterisk, root's alone",
    "aws.delivery": "/run/hardened-asterisk, root's alone",
    "acme": "/run/hardened-asterisk, root's alone",
    "view": "/run/hardened-asterisk, root's alone",
    "authority": "a temporary folder of its own",
    "countries": "a temporary folder of its own, and the time of a file",
    "host": "/proc",
    "release": "/proc and /etc",
    "commands": "whether a tool is there",
    "servers": "who owns a folder of /run, where only root makes one",
    "address_lists": "the reader of lists, which has no rights: feeds, no link followed",
    "apt_locks": "locks of apt's, in folders of root's and _apt's, no link followed, nothing read",
    "backlog": "/proc",
    "ban_database": "fail2ban's user, which has no rights, in its own folder",
    "given": "a temporary folder of its own",
    "ownership": "names of a folder by its handle, no link followed, given to root",
    "processes": "/proc",
    "rights": "who owns a folder of /run, where only root makes one",
    "saved_bans": "the setter's user, in its own folder",
    "setter_socket": "this program itself",
    "package_files": "removes a name from the folder where the session began",
    "aws.data_volume": "/dev",
    "aws.services": "a file of a package in /usr",
}
CALLS = {
    "os": "open listdir scandir walk stat lstat unlink remove rename replace chown chmod lchown mkdir makedirs rmdir "
    "symlink link truncate readlink utime",
    "os.path": "exists lexists isfile isdir islink getsize realpath",
    "sqlite3": "connect",
    "shutil": "copy copy2 copyfile copytree move rmtree chown",
}
# Tools that open or change what they are given, as root.
TOOLS = {
    "tail",
    "head",
    "cat",
    "cp",
    "mv",
    "rm",
    "ln",
    "chown",
    "chmod",
    "find",
    "grep",
    "tar",
    "install",
    "touch",
    "sed",
}
FOREIGN = ("/var/log/", "/var/lib/asterisk", "/var/spool", "/run/asterisk", "/var/cache", "/var/lib/fail2ban", "/home")


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Each module of the package by its name in it, parsed."""
    for folder, _, names in os.walk(PACKAGE):
        for name in names:
            if name.endswith(".py"):
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8") as handle:
                    yield os.path.relpath(path, PACKAGE)[:-3].replace("/", "."), ast.parse(handle.read())


class OneDoor(unittest.TestCase):
    """Whoever writes the next line: a path of another user's is opened through the one safe door, or a test fails."""

    def test_no_other_module_opens_or_changes_a_path_itself(self) -> None:
        raw = {f"{module}.{name}" for module, names in CALLS.items() for name in names.split()} | {"open"}
        found = {
            name
            for name, tree in modules()
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and ast.unparse(node.func) in raw
        }
        self.assertEqual(sorted(found - set(RAW)), [])
        self.assertEqual(sorted(set(RAW) - found), [])

    def test_no_tool_is_given_a_path_of_another_users(self) -> None:
        found = []
        for name, tree in modules():
            for node in ast.walk(tree):
                if isinstance(node, ast.List) and node.elts and isinstance(node.elts[0], ast.Constant):
                    words = [element.value for element in node.elts if isinstance(element, ast.Constant)]
                    foreign = [word for word in words[1:] if str(word).startswith(FOREIGN)]
                    if words and words[0] in TOOLS and foreign:
                        found.append(f"{name}: {words}")
        self.assertEqual(found, [])


class Followed(unittest.TestCase):
    def test_links_without_end_end(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            os.symlink("b", f"{folder}/a")
            os.symlink("a", f"{folder}/b")
            self.assertRaises(OSError, safe_path.read, folder, "/a")


if __name__ == "__main__":
    unittest.main()
