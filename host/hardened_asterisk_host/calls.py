"""Whether calls are up, and waiting until none is."""

from __future__ import annotations

import re

from .errors import Refusal
from .host import Host
from .systemd import ASTERISK

COUNT = re.compile(r"^(\d+) active (?:channel|call)s?", re.M)
ANSWER_SECONDS = 20
STEP_SECONDS = 0.5
SAY_SECONDS = 10.0


def channels_up(host: Host) -> int | None:
    """How many channels asterisk has; None while it does not answer."""
    answer = host.commands.run(["asterisk", "-rx", "core show channels count"], seconds=10)
    counts = [int(number) for number in COUNT.findall(answer.out)]
    return max(counts) if answer.status == 0 and counts else None


def wait_for_calls(host: Host, seconds: float) -> None:
    """Wait, with progress, until no channel is up; raises Refusal when one still is after `seconds`."""
    started, said = host.elapsed(), -SAY_SECONDS
    while host.systemd.active(ASTERISK):
        up, waited = channels_up(host), host.elapsed() - started
        if up == 0 or (up is None and waited > ANSWER_SECONDS):
            return
        if waited > seconds:
            raise Refusal(f"{up} channels are still up after {seconds / 60:g} min; nothing was restarted")
        if up is not None and waited - said >= SAY_SECONDS:
            host.progress(f"{up} channels are up; waiting for them to end (--now would cut them)")
            said = waited
        host.wait(STEP_SECONDS)


def refuse_restart_with_calls(host: Host) -> None:
    """Raise Refusal when asterisk runs with calls up, or does not say; called before anything is changed."""
    deadline = host.elapsed() + ANSWER_SECONDS
    while host.systemd.active(ASTERISK):
        up = channels_up(host)
        if up:
            raise Refusal(
                f"this change restarts asterisk, and {up} channels are up; nothing was changed: "
                "wait for them to end, or allow it with restartWithCalls"
            )
        if up is not None or not host.systemd.has_process(ASTERISK):
            return
        # An asterisk that is only starting does not answer yet.
        if host.elapsed() >= deadline:
            raise Refusal(
                "this change restarts asterisk, and asterisk does not say whether calls are up "
                "(`core show channels count`); stop it yourself or allow it with restartWithCalls"
            )
        host.wait(STEP_SECONDS)
