"""Whether calls are up."""

from __future__ import annotations

import re

from .errors import Refusal
from .host import Host
from .systemd import ASTERISK

COUNT = re.compile(r"^(\d+) active (?:channel|call)s?", re.M)
ANSWER_SECONDS = 20
STEP_SECONDS = 0.5


def refuse_restart_with_calls(host: Host) -> None:
    """Raise Refusal when asterisk runs with calls up, or does not say; called before anything is changed."""
    deadline = host.elapsed() + ANSWER_SECONDS
    while host.systemd.active(ASTERISK):
        answer = host.commands.run(["asterisk", "-rx", "core show channels count"], seconds=10)
        counts = [int(number) for number in COUNT.findall(answer.out)]
        if counts and max(counts) > 0:
            raise Refusal(
                f"this change restarts asterisk, and {max(counts)} channels are up; nothing was changed: "
                "wait for them to end, or allow it with restartWithCalls"
            )
        if answer.status == 0 and counts:
            return
        # An asterisk that is only starting does not answer yet.
        if host.elapsed() >= deadline:
            raise Refusal(
                "this change restarts asterisk, and asterisk does not say whether calls are up "
                "(`core show channels count`); stop it yourself or allow it with restartWithCalls"
            )
        host.wait(STEP_SECONDS)
