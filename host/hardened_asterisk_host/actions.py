"""The bundle's actions: run as given, in order, for services that run."""

from __future__ import annotations

from typing import Any

from .bundle import Action
from .commands import last_lines
from .errors import Refusal
from .generations import Generation
from .host import Host
from .ownership import give_back
from .shown import shown
from .systemd import ASTERISK, STANDING
from .transaction import ACTION_SECONDS

MESSAGES = "/var/log/asterisk/messages.log"
TAIL_BYTES = 16 * 1024


def run_actions(host: Host, due: list[Action]) -> list[dict[str, Any]]:
    """Run the due actions; a service that does not run starts later, with the new files. Raises Refusal."""
    give_back(host)
    rows: list[dict[str, Any]] = []
    for action in due:
        unit = action.unit
        if not host.systemd.active(unit) and host.systemd.state(unit)["enablement"] not in ("static", "not-found"):
            rows.append({"id": action.id, "status": "starts"})
            continue
        host.progress(f"{action.kind} {action.service}: {action.id}")
        result = host.commands.run(action.argv, seconds=ACTION_SECONDS)
        if result.status != 0:
            words = last_lines(result.text, 3) + journal(host, unit)
            raise Refusal(f"action {action.id} failed ({result.status}): {words}")
        rows.append({"id": action.id, "status": "done"})
    return rows


def restarts(generation: Generation) -> list[Action]:
    """The bundle's restart of asterisk, which cuts calls."""
    return [action for action in generation.bundle.actions if (action.kind, action.unit) == ("restart", ASTERISK)]


def bring_up_services(host: Host, generation: Generation) -> None:
    """Enable and start the bundle's services in order; raises Refusal with the log lines that show why not."""
    for unit in generation.bundle.services:
        state = host.systemd.state(unit)
        if state["active"] and state["enablement"] in STANDING:
            continue
        host.progress(f"starting {unit}")
        try:
            host.systemd.bring_up(unit)
        except Refusal as problem:
            raise Refusal(f"{unit} does not start: {problem}{journal(host, unit)}") from None


def retire_services(host: Host, generation: Generation, current: Generation | None) -> None:
    """Stop and disable what the current generation runs and the new one does not; raises Refusal."""
    for unit in current.bundle.services if current else ():
        if unit not in generation.bundle.services:
            host.progress(f"retiring {unit}")
            host.systemd.retire(unit)


def journal(host: Host, unit: str) -> str:
    """The last lines that a unit left in the journal (asterisk: in its message log), to be put behind an error."""
    said = _messages(host) if unit == ASTERISK else None
    if said is None:
        said = host.commands.run(["journalctl", "--unit", unit, "--lines", "4", "--no-pager", "--output", "cat"]).out
    text = last_lines(said, 4)
    return f" — log: {text}" if text else ""


def _messages(host: Host) -> str | None:
    """The end of Asterisk's message log, safe on a terminal, or why it is not read; None when there is none.

    Asterisk owns the folder: what lies there may be a link to a file of root's.
    """
    try:
        lines = host.disk.tail(MESSAGES, TAIL_BYTES).decode("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return None
    except (Refusal, OSError) as problem:
        return str(problem)
    return "\n".join(shown(line) for line in lines[-4:])
