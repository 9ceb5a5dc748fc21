"""systemd as this agent needs it: a unit's state, saved and put back."""

from __future__ import annotations

from typing import Any

from .commands import Commands

ASTERISK = "asterisk.service"
# A unit without an [Install] section cannot be enabled; it is started by what wants it.
STANDING = ("enabled", "static", "indirect", "generated", "alias")


class Systemd:
    """The host's service manager through systemctl."""

    def __init__(self, commands: Commands) -> None:
        """Ask and steer through these commands."""
        self.commands = commands

    def state(self, unit: str) -> dict[str, Any]:
        """A unit's enablement (`enabled`, `disabled`, `masked`, `not-found`, …) and whether it runs."""
        enablement = self.commands.run(["systemctl", "is-enabled", unit]).out.strip() or "not-found"
        return {"unit": unit, "enablement": enablement, "active": self.active(unit)}

    def active(self, unit: str) -> bool:
        """Whether a unit runs or is starting."""
        answer = self.commands.run(["systemctl", "is-active", unit]).out.strip()
        return answer in ("active", "activating", "reloading")

    def has_process(self, unit: str) -> bool:
        """Whether there is a main process: one that fails and is to be started again has none meanwhile."""
        answer = self.commands.run(["systemctl", "show", "--property=MainPID", "--value", unit])
        return answer.out.strip() != "0"

    def reload_manager(self) -> None:
        """Make systemd read its unit files again."""
        self.commands.must(["systemctl", "daemon-reload"])

    def mask(self, unit: str) -> None:
        """Make a unit impossible to start; also works before it exists."""
        self.commands.must(["systemctl", "mask", unit])

    def bring_up(self, unit: str) -> None:
        """Unmask, enable and start a unit; raises Refusal when it does not start."""
        state = self.state(unit)
        if state["enablement"].startswith("masked"):
            self.commands.must(["systemctl", "unmask", unit])
        if state["enablement"] not in STANDING:
            self.commands.must(["systemctl", "enable", unit])
        if not state["active"]:
            self.commands.run(["systemctl", "reset-failed", unit])
            self.commands.must(["systemctl", "start", unit], seconds=120)

    def restart(self, unit: str) -> None:
        """Restart a unit, also one that systemd has given up on; raises Refusal when it does not start."""
        self.commands.run(["systemctl", "reset-failed", unit])
        self.commands.must(["systemctl", "restart", unit], seconds=120)

    def retire(self, unit: str) -> None:
        """Stop and disable a unit that is about to go away; fine when it is gone."""
        if self.state(unit)["enablement"] != "not-found":
            self.commands.must(["systemctl", "stop", unit], seconds=120)
            self.commands.must(["systemctl", "disable", unit])

    def restore(self, state: dict[str, Any], booting: bool) -> list[str]:
        """Put a unit back to a saved state; while booting jobs are only queued. Returns what did not work."""
        unit, wanted = state["unit"], state["enablement"]
        queue = ["--no-block"] if booting else []
        problems: list[str] = []

        def attempt(*argv: str) -> None:
            result = self.commands.run(["systemctl", *argv, unit], seconds=120)
            if result.status != 0:
                problems.append(f"systemctl {argv[0]} {unit}: {result.text}")

        now = self.state(unit)["enablement"]
        if not state["active"] and self.active(unit):
            attempt("stop", *queue)
        if wanted.startswith("masked") and not now.startswith("masked"):
            if now == "enabled":
                attempt("disable")
            attempt("mask")
        elif now.startswith("masked") and not wanted.startswith("masked"):
            attempt("unmask")
            now = self.state(unit)["enablement"]
        if wanted == "enabled" and now != "enabled":
            attempt("enable")
        elif wanted == "disabled" and now == "enabled":
            attempt("disable")
        if state["active"] and not self.active(unit):
            self.commands.run(["systemctl", "reset-failed", unit])
            attempt("start", *queue)
        return problems
