"""The commands that run as users of their own. Root becomes the setter's user before it runs one of the setter's."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Callable

from .ban_database import put_aside_if_damaged
from .ban_memory import forget_ban, keep_proofs, restore_bans
from .ban_setter import set_bans
from .list_setter import restore_lists, set_lists
from .rights import become_setter
from .steps import open_host

READERS = ("check-ban-database",)
SETTERS = ("set-bans", "set-lists", "restore-bans", "load-lists", "forget-ban", "keep-proofs")
NAMES = (*READERS, *SETTERS)


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands to the parser; units start them."""
    for name in NAMES:
        parser = commands.add_parser(name)
        if name == "forget-ban":
            parser.add_argument("element")


def run(options: argparse.Namespace, progress: Callable[[str], None]) -> int:
    """Run one of them; raises Refusal."""
    command = options.command
    if command == "check-ban-database":
        print(put_aside_if_damaged())
        return 0
    become_setter([command, *([options.element] if command == "forget-ban" else [])])
    host, _ = open_host(progress)
    if command == "set-bans":
        return set_bans(host.commands, host.disk)
    if command == "set-lists":
        return set_lists(host.commands)
    if command == "forget-ban":
        forget_ban(options.element, host.now())
    elif command == "keep-proofs":
        keep_proofs([(str(address), int(port)) for address, port in json.load(sys.stdin)], host.now())
    else:
        print(restore_bans(host.commands, host.now()) if command == "restore-bans" else restore_lists(host.commands))
    return 0
