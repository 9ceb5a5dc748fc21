"""Boots the staged Asterisk where nobody can reach it and reads what it says. Runs in namespaces of its own."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from typing import Any, Callable

from .asterisk_log import problems_in_log, problems_on_console
from .commands import ENVIRONMENT, Commands, last_lines
from .disk import Disk
from .errors import Refusal
from .systemd import ASTERISK
from .unit_text import command_line, service_settings

BOOT_SECONDS = 60
STOP_SECONDS = 15
LOG = "hardened-asterisk-preflight.log"
SHOWN = 10
# Of a configuration that is any good both are nearly empty.
MOST_BYTES = 8 * 1024 * 1024


def host_addresses(commands: Commands) -> list[str]:
    """Addresses with prefix length of every interface but loopback, IPv4 and IPv6, without link-local ones."""
    links = json.loads(commands.must(["ip", "-json", "address", "show"]))
    found = [info for link in links if "LOOPBACK" not in link.get("flags", []) for info in link.get("addr_info", [])]
    return [f"{info['local']}/{info['prefixlen']}" for info in found if info.get("scope") != "link"]


def make_network(commands: Commands, addresses: list[str]) -> None:
    """In a fresh network namespace: loopback, and a bridge that carries the host's addresses and leads nowhere."""
    commands.must(["ip", "link", "set", "lo", "up"])
    # A bridge, because Asterisk wants an Ethernet link for its identifier and not every kernel has dummy links.
    commands.must(["ip", "link", "add", "isolated", "type", "bridge"])
    for address in addresses:
        extra = ["nodad"] if ":" in address else []
        commands.must(["ip", "address", "add", address, "dev", "isolated", *extra])
    commands.must(["ip", "link", "set", "isolated", "up"])


def boot_isolated(commands: Commands, disk: Disk, log_directory: str, progress: Callable[[str], None]) -> None:
    """Boot Asterisk by its unit's command line, wait until fully booted, stop it; raises Refusal on any problem."""
    _also_log(disk, f"{log_directory}/{LOG}")
    settings = service_settings(disk, ASTERISK)
    argv = [*_identity(settings), *command_line(settings, ASTERISK)]
    # Not in the log's folder, which is asterisk's.
    started = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd="/", env=ENVIRONMENT
        )
        try:
            unfinished = _wait_until_booted(commands, process, started)
            elapsed = time.monotonic() - started
        finally:
            _stop(commands, process)
        output.seek(0)
        said = output.read(MOST_BYTES).decode(errors="replace")
    problems = [*_problems(disk, said, f"{log_directory}/{LOG}"), *unfinished]
    if problems:
        raise Refusal(f"the staged Asterisk configuration has problems: {' | '.join(problems[:SHOWN])}")
    progress(f"booted the new configuration in isolation: {elapsed:.1f} s")


def _also_log(disk: Disk, path: str) -> None:
    """Add a channel for warnings and errors to the private copy of logger.conf, whatever other channels it has."""
    logger = "/etc/asterisk/logger.conf"
    text = disk.read(logger).decode() if disk.entry(logger).kind == "file" else ""
    header = "[logfiles](+)" if "\n[logfiles]" in f"\n{text}" else "[logfiles]"
    found = disk.entry(logger)
    content = f"{text}\n{header}\n{os.path.basename(path)} => warning,error\n"
    disk.write(logger, content.encode(), found.mode or 0o644, found.uid, found.gid)


def _identity(settings: dict[str, str]) -> list[str]:
    """What systemd does for User= and Group=; without User= the command line itself drops its rights."""
    user = settings.get("User", "")
    if not user or user == "root":
        return []
    group = settings.get("Group", "") or user
    rights = ["--inh-caps=-all", "--bounding-set=-all", "--no-new-privs"]
    return ["setpriv", f"--reuid={user}", f"--regid={group}", "--init-groups", *rights]


def _wait_until_booted(commands: Commands, process: subprocess.Popen[Any], started: float) -> list[str]:
    """Nothing once Asterisk says that it is up; else why it never did."""
    while time.monotonic() - started < BOOT_SECONDS:
        answer = commands.run(["asterisk", "-rx", "core waitfullybooted"], seconds=BOOT_SECONDS)
        if answer.status == 0 and "fully booted" in answer.out:
            return []
        if process.poll() is not None:
            return [f"Asterisk ended with status {process.returncode} before it was up"]
        time.sleep(0.05)
    return [f"Asterisk was not fully booted within {BOOT_SECONDS} s"]


def _stop(commands: Commands, process: subprocess.Popen[Any]) -> None:
    if process.poll() is None:
        commands.run(["asterisk", "-rx", "core stop now"], seconds=STOP_SECONDS)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _problems(disk: Disk, said: str, log: str) -> list[str]:
    if disk.entry(log).kind != "file":
        return [f"Asterisk ended before its logger ran: {last_lines(said, 6) or 'it said nothing'}"]
    text = disk.read(log, MOST_BYTES).decode(errors="replace")
    return problems_on_console(said) + problems_in_log(text)
