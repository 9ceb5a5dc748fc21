"""What is asked of the machine around Asterisk, and its kernel's settings saved and put back."""

from __future__ import annotations

import unittest
from typing import Any

import location  # noqa: F401
from fixture import text_of
from simulated_host import SimulatedMachine
from small import VALUES, activate, bundle, file

from hardened_asterisk_host.accounts import system_crypt, weak_accounts
from hardened_asterisk_host.bundle import parse_bundle
from hardened_asterisk_host.commands import Commands, Result
from hardened_asterisk_host.disk import make_parents
from hardened_asterisk_host.errors import Refusal
from hardened_asterisk_host.generations import Generation
from hardened_asterisk_host.kernel import restore_settings, save_settings
from hardened_asterisk_host.listeners import claim, unexpected_listeners
from hardened_asterisk_host.outdated import restart_outdated
from hardened_asterisk_host.package_policy import PATH, install_policy
from hardened_asterisk_host.probes import failures, run_probes


class Scripted(Commands):
    """Answers by the first words of a command line; keeps every line asked."""

    def __init__(self, answers: dict[str, Result | str]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def run(self, argv: Any, stdin: str | None = None, seconds: float = 60) -> Result:
        line = " ".join(argv)
        self.asked.append(line)
        found = next((answer for start, answer in self.answers.items() if line.startswith(start)), "")
        return Result(0, found, "") if isinstance(found, str) else found


class Accounts(unittest.TestCase):
    def test_empty_and_common_passwords_are_named_locked_and_strong_ones_are_not(self) -> None:
        crypt = system_crypt()
        common, own, strong = (crypt(word, "$6$salt") for word in ("toor", "clerk", "kT9-wander-lamp-41"))
        shadow = (
            f"root:{common}:1::::::\nclerk:{own}:1::::::\nowner:{strong}:1:\ndaemon:*:1:\nlocked:!{common}:1:\nx::1:\n"
        )
        found = [line.split()[1] for line in weak_accounts(shadow, crypt)]
        self.assertEqual(found, ["root", "clerk", "x"])

    def test_no_digest_is_told(self) -> None:
        crypt = system_crypt()
        digest = crypt("toor", "$6$salt")
        self.assertNotIn(digest[:12], " ".join(weak_accounts(f"root:{digest}:1:\n", crypt)))


SOCKETS = """udp UNCONN 0 0 0.0.0.0:5060 0.0.0.0:* users:(("asterisk",pid=696,fd=11))
tcp LISTEN 0 128 [::]:22 [::]:* users:(("sshd",pid=80,fd=7))
tcp LISTEN 0 5 127.0.0.1:25 0.0.0.0:* users:(("exim4",pid=9,fd=3))
udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:* users:(("named",pid=9,fd=3))
udp UNCONN 0 0 0.0.0.0:51820 0.0.0.0:*
udp UNCONN 0 0 *:5353 *:* users:(("avahi-daemon",pid=5,fd=1))
tcp LISTEN 0 5 [fe80::1]%eth0:80 [::]:* users:(("nginx",pid=5,fd=1),("nginx",pid=6,fd=1))
tcp LISTEN 0 5 0.0.0.0:80 0.0.0.0:* users:(("nginx",pid=5,fd=1),("nginx",pid=6,fd=1))
tcp LISTEN 0 5 0.0.0.0:111 0.0.0.0:* users:(("rpcbind",pid=5,fd=1),("systemd",pid=1,fd=1))
udp UNCONN 0 0 0.0.0.0:123 0.0.0.0:* users:(("ntpd",pid=5,fd=1))
"""


class Listeners(unittest.TestCase):
    def judged(self, sockets: str, *needed: str, kept: tuple[str, ...] = (), early: bool = False) -> list[str]:
        def service(pid: int) -> str:
            return {5: "five.service"}.get(pid, "")

        return unexpected_listeners(sockets, map(claim, needed), map(claim, kept), early, service)

    def test_what_a_pbx_does_not_need_is_named_with_the_cure_and_loopback_is_not(self) -> None:
        def keep(protocol: str, port: int, name: str) -> str:
            return f'or keep it with extraPorts: [{{ {protocol}: {port}, from: [NETWORK], program: "{name}" }}]'

        stop = "which the firewall closes: `systemctl disable --now five.service`"
        socket = "and disable the socket unit that `systemctl list-sockets` shows for it"
        self.assertEqual(
            self.judged(SOCKETS),
            [
                f"avahi-daemon listens on udp port 5353, {stop}, {keep('udp', 5353, 'avahi-daemon')}",
                f"nginx listens on tcp port 80, {stop}, {keep('tcp', 80, 'nginx')}",
                f"ntpd listens on udp port 123, {stop}, {keep('udp', 123, 'ntpd')}",
                f"rpcbind listens on tcp port 111, {stop} {socket}, {keep('tcp', 111, 'rpcbind')}",
            ],
        )

    def test_what_the_installation_removes_is_not_judged_before_it(self) -> None:
        names = {line.split()[0] for line in self.judged(SOCKETS, early=True)}
        self.assertEqual(names, {"avahi-daemon", "nginx", "rpcbind"})

    def test_what_is_kept_is_told_from_another_program_there(self) -> None:
        kept = ("tcp:80:nginx", "udp:5353:avahi-daemon", "tcp:111:rpcbind", "udp:123:ntpd")
        self.assertEqual(self.judged(SOCKETS, kept=kept), [])
        (line,) = self.judged(SOCKETS, kept=("tcp:80:apache2", *kept[1:]))
        self.assertIn("nginx listens on tcp port 80, which extraPorts gives to apache2", line)
        self.assertEqual(len(self.judged(SOCKETS, kept=("udp:80:nginx", *kept[1:]))), 1)

    def test_a_port_that_asterisk_needs_is_judged_on_loopback_too(self) -> None:
        taken = (
            'udp UNCONN 0 0 127.0.0.1:5060 0.0.0.0:* users:(("kamailio",pid=7,fd=1))\n'
            'udp UNCONN 0 0 0.0.0.0:10007 0.0.0.0:* users:(("rtpengine",pid=7,fd=1))\n'
            'tcp LISTEN 0 9 0.0.0.0:5060 0.0.0.0:* users:(("asterisk",pid=7,fd=1))\n'
            'tcp LISTEN 0 9 0.0.0.0:5061 0.0.0.0:* users:(("sshd",pid=7,fd=1))\n'
        )
        needed = ("udp:5060:asterisk", "tcp:5060-5061:asterisk", "udp:10000-10199:asterisk")
        self.assertEqual(
            self.judged(taken, *needed),
            [
                "kamailio listens on udp port 5060, which asterisk needs: end process 7 and disable what starts it",
                "rtpengine listens on udp port 10007, which asterisk needs: end process 7 and disable what starts it",
                "sshd listens on tcp port 5061, which asterisk needs: end process 7 and disable what starts it",
            ],
        )

    def test_claims_are_read_whole(self) -> None:
        for text in ("tcp:80", "sctp:80:nginx", "tcp:80:a b", "tcp:80:nginx;x", "tcp::nginx"):
            with self.assertRaises(ValueError):
                claim(text)


class Early(unittest.TestCase):
    """What can be known before anything is installed."""

    def test_a_listener_is_refused_before_packages_with_every_sentence(self) -> None:
        machine = SimulatedMachine()
        self.addCleanup(machine.discard)
        probe = {"id": "l", "argv": ["probe"], "contains": [], "lacks": [], "withinSeconds": 0, "service": "machine"}
        probe["early"] = ["listeners", "--early"]
        ask = machine.commands.run
        looks: list[int] = []
        bad = 99

        def run(argv: Any, stdin: str | None = None, seconds: float = 60) -> Result:
            if argv[0] != "listeners":
                return ask(argv, stdin, seconds)
            looks.append(1)
            return Result(1, "a listens\nb listens\n", "") if len(looks) <= bad else Result(0, "", "")

        machine.commands.run = run  # type: ignore[method-assign, assignment]
        before = machine.picture()
        with self.assertRaisesRegex(Refusal, r"^a listens \| b listens, then run pulumi up again"):
            activate(machine, "one", bundle(1, probes=[probe]))
        self.assertEqual(machine.picture(), before)
        self.assertEqual([line for line in machine.commands.log if "apt-get" in line or "nft" in line], [])
        # A socket that is there for a moment is none.
        looks.clear()
        bad = 2
        activate(machine, "two", bundle(1, probes=[probe]))
        self.assertEqual(len(looks), 3)


class Kernel(unittest.TestCase):
    def generation(self) -> Generation:
        text = "# a = 1\nnet.ipv4.conf.*.rp_filter = 1\n-kernel.sysrq = 0\n"
        document = bundle(1)
        document["files"].append(file("/etc/sysctl.d/zz.conf", text, mode="0644", group="root"))
        return Generation("one", parse_bundle(text_of(document)), VALUES)

    def test_what_the_files_name_is_saved_and_only_what_differs_is_put_back(self) -> None:
        before = (
            "kernel.sysrq = 438\nnet.ipv4.conf.all.rp_filter = 2\nnet.ipv4.conf.eth0.rp_filter = 0\nvm.overcommit = 0\n"
        )
        saved = save_settings(Scripted({"sysctl --all": before}), self.generation())
        self.assertEqual(
            saved, {"kernel.sysrq": "438", "net.ipv4.conf.all.rp_filter": "2", "net.ipv4.conf.eth0.rp_filter": "0"}
        )
        now = before.replace("all.rp_filter = 2", "all.rp_filter = 1")
        commands = Scripted({"sysctl --all": now})
        self.assertEqual(restore_settings(commands, saved), [])
        self.assertEqual(commands.asked[-1], "sysctl --quiet --write net.ipv4.conf.all.rp_filter=2")


MAPS = "7f0-7f1 r-xp 00000000 00:2a 12 /usr/lib/x86_64-linux-gnu/libssl.so.3"


class Outdated(unittest.TestCase):
    def restarted(self, maps: str, channels: str) -> tuple[list[str], list[str]]:
        machine = SimulatedMachine()
        host = machine.host()
        host.commands = host.systemd.commands = Scripted(
            {
                "systemctl show": "7\n",
                "cat /proc/7/maps": maps,
                "systemctl is-active": "active\n",
                "asterisk -rx": f"{channels} active channels\n",
            }
        )
        said = restart_outdated(host, ("asterisk.service",))
        return [line for line in host.commands.asked if "restart" in line], said

    def test_replaced_files_restart_services_and_asterisk_only_without_calls(self) -> None:
        others = ["systemctl try-restart ssh.service", "systemctl try-restart chrony.service"]
        self.assertEqual(self.restarted(MAPS, "0")[0], [])
        self.assertEqual(
            self.restarted(f"{MAPS} (deleted)", "0")[0], ["systemctl try-restart asterisk.service", *others]
        )
        asked, said = self.restarted(f"{MAPS} (deleted)", "2")
        self.assertEqual(asked, others)
        self.assertIn("when no call is up", said[0])

    def test_memory_that_never_was_a_file_is_not_outdated(self) -> None:
        self.assertEqual(self.restarted("7f0-7f1 r-xp 00000000 00:01 1 /memfd:x (deleted)", "0")[0], [])


class Policy(unittest.TestCase):
    def test_ours_is_written_and_somebody_elses_is_kept(self) -> None:
        host = SimulatedMachine().host()
        make_parents(host.disk, PATH)
        install_policy(host)
        self.assertEqual(host.disk.entry(PATH).mode, 0o755)
        host.disk.write(PATH, b"#!/bin/sh\nexit 0\n", 0o755)
        install_policy(host)
        self.assertEqual(host.disk.read(PATH), b"#!/bin/sh\nexit 0\n")


class Unknown(unittest.TestCase):
    def test_in_a_container_a_probe_of_the_machine_is_neither_well_nor_failed(self) -> None:
        machine = SimulatedMachine()
        host = machine.host()
        probe = {"id": "k", "argv": ["no"], "contains": [], "lacks": [], "withinSeconds": 0, "unknownInContainer": True}
        probe["service"] = "machine"
        generation = Generation("one", parse_bundle(text_of(bundle(1, probes=[probe]))), VALUES)
        host.commands = Scripted({"systemd-detect-virt": Result(0, "", ""), "no": Result(1, "", "")})
        self.assertEqual([row["ok"] for row in run_probes(host, generation)], [None])
        self.assertEqual(failures(run_probes(host, generation)), "")
        host.commands = Scripted({"systemd-detect-virt": Result(1, "", ""), "no": Result(1, "", "")})
        self.assertEqual([row["ok"] for row in run_probes(host, generation)], [False])


if __name__ == "__main__":
    unittest.main()
