"""The transaction's record and its ends: undo, confirm, recover. Each save of the record is a commit point.

Phases: `packages` (firewall loaded and asterisk masked for a first installation), `open` (files may be half swapped),
`armed` (whole new configuration, rollback counting), `undoing`, `confirmed` (only bookkeeping is left).
"""

from __future__ import annotations

from typing import Any

from . import timer
from .bundle import Action, actions_due
from .generations import Generation, Generations
from .host import Host
from .kernel import restore_settings
from .ownership import give_back
from .undo import give_room, read_undo, restore_files

ACTION_SECONDS = 120


def undo_transaction(host: Host, store: Generations, reason: str) -> list[str]:
    """Put everything back as before the open transaction; safe to repeat. Returns what did not work on the way."""
    record = store.transaction
    if record is None:
        return []
    generation = store.load(record["generation"])
    if record["phase"] == "packages" or record.get("from") == "packages":
        problems = _undo_packages(host, store, record)
    elif generation is None:
        problems = [f"the undo copies of {record['generation']} are gone"]
    else:
        problems = _undo_swap(host, store, record, generation)
    state = "failed" if record["phase"] in ("packages", "open") else "rolled-back"
    store.update_receipt(record["generation"], state=record.get("ends", state), reason=record.get("reason", reason))
    host.disk.sync_everything()
    store.close_transaction()
    timer.disarm(host.commands)
    return problems


def _undo_packages(host: Host, store: Generations, record: dict[str, Any]) -> list[str]:
    store.save_transaction({**record, "phase": "undoing", "from": "packages", "ends": "failed"})
    problems = host.firewall.restore([] if host.booting else record["tables"])
    for state in record["units"]:
        if host.systemd.state(state["unit"])["enablement"].startswith("masked") and not _unit_exists(host, state):
            host.commands.run(["systemctl", "unmask", state["unit"]])
    return problems


def _unit_exists(host: Host, state: dict[str, Any]) -> bool:
    """A package half or wholly installed in the meantime keeps its mask: it was never meant to start unhardened."""
    return any(
        host.commands.exists(f"{folder}/{state['unit']}")
        for folder in ("/usr/lib/systemd/system", "/lib/systemd/system")
    )


def _undo_swap(host: Host, store: Generations, record: dict[str, Any], generation: Generation) -> list[str]:
    give_room(host.disk, generation.name)
    ends = "rolled-back" if record["phase"] == "armed" else record.get("ends", "failed")
    store.save_transaction({**record, "phase": "undoing", "ends": ends})
    index = read_undo(host.disk, generation)
    changed = {saved["path"] for saved in index["files"]}
    problems = _retire_new_units(host, index)
    restore_files(host, generation, index)
    host.disk.sync_everything()
    if any(path.startswith("/etc/systemd/") for path in changed):
        problems += _attempt(host, ["systemctl", "daemon-reload"])
    give_back(host)
    was_active = {state["unit"] for state in index["units"] if state["active"]} | set(index["acted"])
    if not host.booting:
        previous = store.load(record["previous"]) if record["previous"] else None
        problems += _restore_services(host, generation, previous, changed, was_active)
    problems += restore_settings(host.commands, index.get("kernel", {}))
    # After the actions: one of them may have loaded the old file, which knows none of the tables' old elements.
    problems += host.firewall.restore(index["tables"])
    for state in index["units"]:
        problems += host.systemd.restore(state, host.booting)
    return problems


def _retire_new_units(host: Host, index: dict[str, Any]) -> list[str]:
    """Disable and stop units that did not exist before, while their unit files are still there to say how."""
    problems: list[str] = []
    for unit in [state["unit"] for state in index["units"] if state["enablement"] == "not-found"]:
        if host.systemd.state(unit)["enablement"] != "not-found":
            problems += _attempt(host, ["systemctl", "stop", *(["--no-block"] if host.booting else []), unit])
            problems += _attempt(host, ["systemctl", "disable", unit])
    return problems


def _restore_services(
    host: Host, generation: Generation, previous: Generation | None, changed: set[str], was_active: set[str]
) -> list[str]:
    problems: list[str] = []
    for action in _actions_back(generation, previous, changed):
        # A unit that did not run before is stopped by the restoration of unit states that follows.
        if action.unit in was_active:
            problems += _attempt(host, list(action.argv))
    return problems


def _actions_back(generation: Generation, previous: Generation | None, changed: set[str]) -> list[Action]:
    """Actions of both generations due for the paths that go back; a restart replaces that service's reloads."""
    due = [action for g in (previous, generation) if g is not None for action in actions_due(g.bundle, changed)]
    restarted = {action.service for action in due if action.kind == "restart"}
    kept = [action for action in due if action.kind == "restart" or action.service not in restarted]
    return list({(action.kind, action.argv): action for action in kept}.values())


def _attempt(host: Host, argv: list[str]) -> list[str]:
    result = host.commands.run(argv, seconds=ACTION_SECONDS)
    return [] if result.status == 0 else [f"{' '.join(argv)}: {result.text}"]


def confirm_transaction(host: Host, store: Generations) -> None:
    """Make the armed transaction permanent; the first save is the commit point, the rest is repeated by recovery."""
    record = store.transaction
    if record is None or record["phase"] not in ("armed", "confirmed"):
        return
    store.save_transaction({**record, "phase": "confirmed"})
    timer.disarm(host.commands)
    store.set_current(record["generation"])
    store.update_receipt(record["generation"], state="confirmed")
    if record["previous"] not in (None, record["generation"]):
        store.update_receipt(record["previous"], state="superseded")
    give_room(host.disk, record["generation"])
    store.close_transaction()
    store.prune()


def recover(host: Host, store: Generations) -> str | None:
    """Finish or undo what a dead predecessor left open; returns what was done, or None when there was nothing to do."""
    record = store.transaction
    if record is None:
        return None
    name = record["generation"]
    if record["phase"] == "confirmed":
        confirm_transaction(host, store)
        return f"finished confirming {name}"
    if record["phase"] == "armed" and record["boot"] == host.boot and timer.armed(host.commands):
        return None
    cause = "the machine restarted" if record["boot"] != host.boot else "its activation ended before its time"
    problems = undo_transaction(host, store, f"{cause} before {name} was confirmed")
    return "; ".join([f"undid {name}: {cause}", *problems])
