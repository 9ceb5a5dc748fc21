"""The command `hardened-asterisk` on the PBX."""

from __future__ import annotations

import argparse
import os
import sys

from . import apt_commands, backlog, ban_commands, console, list_commands, setter_commands, steps, surroundings
from .aws import order_line
from .errors import Refusal
from .generations import printed_receipt
from .isolation import boot, isolate
from .jobs import work
from .lock import RUN
from .report import generations_text, status_text, verify_text
from .surroundings import SURROUNDINGS

PLAIN = {
    "status": "what is active, since when, and when an unconfirmed configuration undoes itself",
    "verify": "compare files, packages, services and probes with the active generation; exit 1 if any disagrees",
    "generations": "list the generations kept here",
    "phones": "list all phones: registered from where, whether they answer, and calls",
}
HIDDEN = (
    "work",
    "recover",
    "expire",
    "isolate",
    "boot-isolated",
    backlog.NAME,
    *SURROUNDINGS,
    *list_commands.NAMES,
    *apt_commands.NAMES,
)
# Run by units as users of their own, who may do nothing that the kernel does not let them.
UNPRIVILEGED = (*list_commands.NAMES, *setter_commands.NAMES)


def main(argv: list[str]) -> int:
    """Run one command; status 0, 1 after a refusal or disagreement, 2 for a wrong command line."""
    options = _parser().parse_args(argv)
    os.umask(0o022)
    if os.geteuid() != 0 and options.command not in UNPRIVILEGED:
        print("hardened-asterisk: only root may do this; use sudo", file=sys.stderr)
        return 1
    try:
        return _run(options)
    except Refusal as problem:
        print(f"hardened-asterisk: {problem}", file=sys.stderr)
        return 1


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _run(options: argparse.Namespace) -> int:
    command = options.command
    if command in HIDDEN:
        return _run_hidden(options)
    if command in setter_commands.NAMES:
        return setter_commands.run(options, _progress)
    if command in ban_commands.NAMES:
        return ban_commands.run(options, _progress)
    if command == "activate":
        receipt = steps.activate(
            options.document, options.bundle, options.secrets_digest, options.generation, options.host_identity
        )
        print(printed_receipt(receipt))
    elif command == order_line.NAME:
        print(order_line.run(options, _progress))
    elif command == "confirm":
        print(printed_receipt(steps.confirm(options.generation, _progress)))
    elif command == "settle":
        receipt, settled = steps.settle(options.generation, _progress)
        print(printed_receipt(receipt))
        if not settled:
            raise Refusal("the configuration had been undone and was activated again; run `pulumi up` once more")
    elif command == "rollback":
        print(steps.rollback(options.to, _progress))
    else:
        text, status = _answer(options)
        print(text)
        return status
    return 0


def _answer(options: argparse.Namespace) -> tuple[str, int]:
    """Text and status of the commands for a person on the console."""
    if options.command == "phones":
        return console.phones(_progress)
    if options.command == "phone":
        return console.phone(options.phone, _progress)
    if options.command == "receipt":
        return console.receipt(options.generation, _progress)
    if options.command == "restart":
        return console.restart(options.now, options.within, _progress)
    if options.command == "renew":
        return console.renew_certificate(options.now, _progress)
    host, store = steps.open_host(_progress)
    if options.command == "verify":
        text, agrees = verify_text(host, store)
        return text, 0 if agrees else 1
    return (status_text(host, store) if options.command == "status" else generations_text(store)), 0


def _run_hidden(options: argparse.Namespace) -> int:
    if options.command == "work":
        return work(options.folder, steps.perform)
    if options.command == "recover":
        steps.recover_now(_progress, options.boot)
    elif options.command == "expire":
        steps.expire(options.generation, _progress)
    elif options.command in SURROUNDINGS:
        return surroundings.look(options.command, options, _progress)
    elif options.command in list_commands.NAMES:
        return list_commands.run(_progress)
    elif options.command in apt_commands.NAMES:
        return apt_commands.run(options.command, _progress)
    elif options.command == backlog.NAME:
        backlog.widen_and_log_refusal(options.pid, options.ports)
    elif options.command == "isolate":
        return isolate(options.generation)
    else:
        return boot(options.log_directory, options.address)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hardened-asterisk",
        description="Keeps this PBX as its owner's configuration says. State: /var/lib/hardened-asterisk.",
        epilog="Needs no network. Exit code 0: all is well; 1: something is not, or was refused; "
        "2: wrong command line. Start with: hardened-asterisk status",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, text in PLAIN.items():
        commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    _add_console(commands)
    ban_commands.add_to(commands)
    for name, text in (
        ("confirm", "make an active, unconfirmed generation permanent"),
        ("settle", "last step of a delivery: confirm, or report that it had been undone"),
    ):
        commands.add_parser(name, help=text).add_argument("--generation", required=True)
    _add_activate(commands.add_parser("activate", help="make a delivered bundle true (used by pulumi up)"))
    order_line.add_to(commands)
    setter_commands.add_to(commands)
    _add_hidden(commands)
    return parser


def _add_console(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Commands with arguments for a person on the console."""
    one = commands.add_parser("phone", help="all about one phone; exit 1 if it is not registered or silent")
    one.add_argument("phone", metavar="NAME", help="its name in the spec, or its number")
    told = commands.add_parser("receipt", help="what the last activation reported, as JSON")
    told.add_argument("--generation", help="that of another generation kept here")
    again = commands.add_parser("restart", help="restart asterisk once no call is up, then run the probes")
    again.add_argument("--now", action="store_true", help="at once: cuts the calls that are up")
    again.add_argument("--within", type=float, default=60, metavar="MIN", help="give up after so many minutes (60)")
    fresh = commands.add_parser(
        "renew", help="renew the certificate if due, or take its owner's new one (also done daily)"
    )
    fresh.add_argument("--now", action="store_true", help="also when not due, or with other names")
    back = commands.add_parser("rollback", help="undo an unconfirmed configuration, or go back to an earlier one")
    back.add_argument("--to", metavar="GENERATION", help="the generation to go back to (default: the one before)")


def _add_activate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("document", help=f"JSON with bundle and values, below {RUN}; it is removed")
    parser.add_argument("bundle", metavar="bundle-sha256", help="digest of the bundle's text")
    parser.add_argument("secrets_digest", metavar="secrets-digest", help="keyed digest of the values")
    parser.add_argument("generation", help="name of this configuration")
    parser.add_argument("host_identity", metavar="host-identity", help="name of this machine; only recorded")


def _add_hidden(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Steps that the agent itself starts: as units, and in namespaces."""
    commands.add_parser("work").add_argument("--folder", required=True)
    commands.add_parser("recover").add_argument("--boot", action="store_true")
    commands.add_parser("expire").add_argument("--generation", required=True)
    commands.add_parser("isolate").add_argument("--generation", required=True)
    for name in SURROUNDINGS:
        surroundings.add_to(name, commands.add_parser(name))
    for name in (*list_commands.NAMES, *apt_commands.NAMES):
        commands.add_parser(name)
    listening = commands.add_parser(backlog.NAME)
    listening.add_argument("pid", type=int)
    listening.add_argument("ports", type=int, nargs="+")
    isolated = commands.add_parser("boot-isolated")
    isolated.add_argument("--log-directory", required=True)
    isolated.add_argument("address", nargs="*")
