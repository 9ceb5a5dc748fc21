"""The command `deliver`, as the delivery document calls it."""

from __future__ import annotations

import argparse
from typing import Callable

from .delivery import Order, deliver

NAME = "deliver"
WORDS = {
    "bucket": "bucket of the artefacts",
    "bundle": "sha256 of the bundle",
    "generation": "name of this configuration",
    "secret": "ARN of the secret in Secrets Manager",
    "version": "version of the secret",
    "address": "address the outside sees the host under",
}


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(NAME, help="fetch a configuration on AWS, activate and keep it (used by pulumi up)")
    for word, text in WORDS.items():
        parser.add_argument(f"--{word}", required=True, help=text)


def run(options: argparse.Namespace, progress: Callable[[str], None]) -> str:
    """Deliver what the words name; raises Refusal."""
    return deliver(Order(**{word: getattr(options, word) for word in WORDS}), progress)
