"""The transient timer that undoes an unconfirmed activation."""

from __future__ import annotations

from .commands import Commands

AGENT = "/usr/local/sbin/hardened-asterisk"
UNIT = "hardened-asterisk-rollback"
RECOVER = "hardened-asterisk-recover.service"


def arm(commands: Commands, generation: str, seconds: int) -> None:
    """Start (or restart) the countdown; raises Refusal when systemd cannot."""
    disarm(commands)
    commands.must(
        [
            "systemd-run",
            "--quiet",
            "--collect",
            f"--unit={UNIT}",
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
    """Stop the countdown; fine when there is none. The rollback itself, once started, is not stopped."""
    commands.run(["systemctl", "stop", f"{UNIT}.timer"])


def armed(commands: Commands) -> bool:
    """Whether the countdown runs; a timer that has fired stays loaded, yet nothing will come of it."""
    state = commands.run(["systemctl", "show", "--property=SubState", f"{UNIT}.timer"])
    return state.out.strip() == "SubState=waiting"
