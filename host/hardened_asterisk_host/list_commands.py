"""The command that a unit runs for lists of addresses, as a user without rights: read them and hand them over."""

from __future__ import annotations

from typing import Callable

from .address_lists import read_lists, wanted_lists
from .list_report import read_report
from .steps import open_host

NAMES = ("read-lists",)
# How systemd's journal knows a warning.
WARNING = "<4>"


def run(progress: Callable[[str], None]) -> int:
    """Run it; status 0 also when a list is missing or old, which is told in a line of its own."""
    host, _ = open_host(progress)
    wanted = wanted_lists(host.disk)
    if wanted is None:
        print("there are no lists of addresses")
    else:
        read_lists(host, wanted)
        for well, line in read_report(host, wanted):
            print(line if well else f"{WARNING}ALARM address-lists: {line}")
    return 0
