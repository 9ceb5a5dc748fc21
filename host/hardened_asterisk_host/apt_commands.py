"""The commands that keep the firewall open to apt's servers.

At boot from memory, before each `apt-get update` by apt's settings.
"""

from __future__ import annotations

from typing import Callable

from .apt_servers import load, permit
from .steps import open_host

NAMES = ("load-apt-servers", "permit-apt-servers")


def run(command: str, progress: Callable[[str], None]) -> int:
    """Run one of them; status 0."""
    host, _ = open_host(progress)
    said = load(host) if command == "load-apt-servers" else permit(host)
    print(said or "apt has no server on a port of its own")
    return 0
