"""The commands that units run for lists of addresses: read them anew, or tell a new firewall what was read last."""

from __future__ import annotations

from typing import Callable

from .address_lists import load_lists, read_lists, wanted_lists
from .list_report import lists_report
from .steps import open_host

NAMES = ("read-lists", "load-lists")
# How systemd's journal knows a warning.
WARNING = "<4>"


def run(command: str, progress: Callable[[str], None]) -> int:
    """Run one of them; status 0 also when a list is missing or old, which is told in a line of its own."""
    host, _ = open_host(progress)
    wanted = wanted_lists(host.disk)
    if wanted is None:
        print("there are no lists of addresses")
    elif command == "load-lists":
        print(load_lists(host, wanted))
    else:
        read_lists(host, wanted)
        for well, line in lists_report(host):
            print(line if well else f"{WARNING}ALARM address-lists: {line}")
    return 0
