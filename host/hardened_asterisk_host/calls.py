"""Whether calls are up."""

from __future__ import annotations

import re

from .errors import Refusal
from .host import Host
from .systemd import ASTERISK

COUNT = re.compile(r"^(\d+) active (?:channel|call)s?", re.M)
CURE = "wait for them to end, or allow it with restartWithCalls"


def refuse_restart_with_calls(host: Host) -> None:
    """Raise Refusal when asterisk runs with calls up, or does not say; called before anything is changed."""
    if not host.systemd.active(ASTERISK):
        return
    answer = host.commands.run(["asterisk", "-rx", "core show channels count"], seconds=10)
    counts = [int(number) for number in COUNT.findall(answer.out)]
    if answer.status != 0 or not counts:
        raise Refusal(
            "this change restarts asterisk, and asterisk does not say whether calls are up "
            "(`core show channels count`); stop it yourself or allow it with restartWithCalls"
        )
    if max(counts) > 0:
        raise Refusal(f"this change restarts asterisk, and {max(counts)} channels are up; nothing was changed: {CURE}")
