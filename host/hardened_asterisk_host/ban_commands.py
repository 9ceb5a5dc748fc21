"""The commands about bans: `bans`, `unban`, and the canary that activation and verification run."""

from __future__ import annotations

import argparse
from typing import Callable

from .ban_canary import prove_bans
from .bans import bans_text, unban
from .steps import open_host

NAMES = ("bans", "unban", "prove-bans")


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands to the parser."""
    commands.add_parser("bans", help="who is banned until when, and what the firewall kept out")
    back = commands.add_parser("unban", help="take an address's ban back")
    back.add_argument("address", metavar="ADDRESS", help="as `bans` shows it")
    prove = commands.add_parser("prove-bans", help="fail twice at SIP on purpose and see the next packet dropped")
    prove.add_argument("--sip-port", type=int, default=5060, help="port Asterisk listens on for UDP (default: 5060)")


def run(options: argparse.Namespace, progress: Callable[[str], None]) -> int:
    """Run one of them; status 0, raises Refusal otherwise."""
    host, _ = open_host(progress)
    if options.command == "bans":
        print(bans_text(host.commands))
    elif options.command == "unban":
        print(unban(host.commands, options.address))
    else:
        print(prove_bans(host, options.sip_port))
    return 0
