"""What probes and timers ask of the machine around Asterisk: accounts, listeners, services behind an upgrade, life."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Callable

from .accounts import system_crypt, weak_accounts
from .heartbeat import heartbeat
from .listeners import Claim, claim, unexpected_listeners
from .outdated import restart_outdated
from .steps import open_host

SURROUNDINGS = ("accounts", "listeners", "restart-outdated", "heartbeat")


def add_to(name: str, parser: ArgumentParser) -> None:
    """What a command is told by the probe that runs it."""
    if name == "listeners":
        parser.add_argument("--needed", action="append", default=[], type=claim, metavar="PROTOCOL:PORTS:PROGRAM")
        parser.add_argument("--kept", action="append", default=[], type=claim, metavar="PROTOCOL:PORT:PROGRAM")
        parser.add_argument("--early", action="store_true")


def look(what: str, options: Namespace, progress: Callable[[str], None]) -> int:
    """Look, or restart what is outdated; prints one sentence for each thing found. Status 1 when something is wrong."""
    host, store = open_host(progress)
    if what == "heartbeat":
        print(heartbeat(host))
        return 0
    if what == "restart-outdated":
        current = store.load(store.current) if store.current else None
        # While a configuration waits to be confirmed, its services are the transaction's.
        if current is not None and store.transaction is None:
            for said in restart_outdated(host, current.bundle.services):
                print(said)
        return 0
    if what == "accounts":
        found = weak_accounts(host.disk.read("/etc/shadow").decode(errors="replace"), system_crypt())
    else:
        needed: list[Claim] = options.needed
        sockets = host.commands.must(["ss", "-Hlntup"])
        found = unexpected_listeners(sockets, needed, options.kept, options.early)
    for line in found:
        print(line)
    return 1 if found else 0
