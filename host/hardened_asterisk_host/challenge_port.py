"""TCP port 80, opened while an ACME server looks at it; the kernel closes it again, whatever becomes of us."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

from .commands import Commands

PORT = 80
TABLE = ["inet", "hardened_asterisk"]
SET = "inet hardened_asterisk acme_port"
CHAIN = "inet hardened_asterisk input"
RULE = re.compile(r"tcp dport @acme_port accept # handle (\d+)")


@contextlib.contextmanager
def port_open(commands: Commands, seconds: int) -> Iterator[None]:
    """Let strangers in at the port while the block runs, at most `seconds`; nothing where our table is not loaded."""
    chain = commands.run(["nft", "list", "chain", *CHAIN.split()])
    if chain.status != 0:
        yield
        return
    # A configuration without ACME, which this one is about to replace, has neither set nor rule.
    lent = "@acme_port" not in chain.out
    lines = [f"add set {SET} {{ type inet_service; flags timeout; }}", f"flush set {SET}"]
    lines.append(f"add element {SET} {{ {PORT} timeout {seconds}s }}")
    if lent:
        lines.append(f"insert rule {CHAIN} tcp dport @acme_port accept")
    commands.must(["nft", "-f", "-"], stdin="\n".join(lines) + "\n")
    try:
        yield
    finally:
        commands.run(["nft", "flush", "set", *SET.split()])
        if lent:
            _take_back(commands)


def _take_back(commands: Commands) -> None:
    listed = commands.run(["nft", "--handle", "list", "chain", *CHAIN.split()])
    for handle in RULE.findall(listed.out):
        commands.run(["nft", "delete", "rule", *CHAIN.split(), "handle", handle])
    commands.run(["nft", "delete", "set", *SET.split()])
