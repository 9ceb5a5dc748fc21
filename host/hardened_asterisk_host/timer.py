"""The transient timer that undoes an unconfirmed activation."""

from __future__ import annotations

import time

from .commands import Commands

AGENT = "/usr/local/sbin/hardened-asterisk"
RECOVER = "hardened-asterisk-recover.service"
UNITS = "hardened-asterisk-rollback-"


def arm(commands: Commands, generation: str, seconds: int) -> None:
    """Start the countdown anew; raises Refusal when systemd cannot."""
    disarm(commands)
    commands.must(
        [
            "systemd-run",
            "--quiet",
            "--collect",
            # Each countdown has a name of its own: systemd may keep one that has just ended for a while.
            f"--unit={UNITS}{time.monotonic_ns()}",
            f"--on-active={seconds}s",
            "--timer-property=AccuracySec=1s",
            # A rollback that is itself killed is taken up by the recovery unit.
            f"--property=OnFailure={RECOVER}",
            f"--description=Undo the unconfirmed configuration {generation}",
            AGENT,
            "expire",
            "--generation",
            generation,
        ]
    )


def disarm(commands: Commands) -> None:
    """Stop every countdown; fine when there is none. A rollback that has begun is not stopped."""
    commands.run(["systemctl", "stop", f"{UNITS}*.timer"])


def armed(commands: Commands) -> bool:
    """Whether a countdown runs; a timer that has fired stays loaded, yet nothing will come of it."""
    states = commands.run(["systemctl", "show", "--property=SubState", f"{UNITS}*.timer"])
    return "SubState=waiting" in states.out.splitlines()
