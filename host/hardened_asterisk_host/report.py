"""What a person on the console reads: status, the known generations, and a verification of the live host."""

from __future__ import annotations

from .disk import Disk
from .errors import Refusal
from .generations import Generation, Generations
from .host import Host
from .plan import make_plan
from .probes import run_probes


def status_text(host: Host, store: Generations) -> str:
    """State, generation, since when, rollback due, services, and the last receipt's probes."""
    transaction, current = store.transaction, store.current
    name = transaction["generation"] if transaction else current
    if name is None:
        return "no configuration was ever confirmed here; deliver one with pulumi up"
    receipt = store.receipt(name) or {}
    lines = [f"generation   {name}", f"state        {receipt.get('state')} since {receipt.get('at')}"]
    if transaction:
        lines.append(f"transaction  {transaction['phase']}, confirmed before: {transaction['previous'] or 'nothing'}")
    if transaction and transaction["phase"] == "armed" and "deadline" in transaction:
        left = max(0, round(transaction["deadline"] - host.now()))
        lines.append(f"rollback     in {left} s, unless `hardened-asterisk confirm --generation {name}`")
    if receipt.get("reason"):
        lines.append(f"reason       {receipt['reason']}")
    generation = store.load(name)
    for unit in generation.bundle.services if generation else ():
        state = host.systemd.state(unit)
        lines.append(f"service      {unit} {'running' if state['active'] else 'NOT RUNNING'}, {state['enablement']}")
    for probe in receipt.get("probes", []):
        lines.append(f"probe        {'ok  ' if probe['ok'] else 'FAIL'} {probe['id']}")
    return "\n".join(lines)


def generations_text(store: Generations) -> str:
    """One line per known generation, oldest first; the current one is marked."""
    current = store.current
    rows = [(name, store.receipt(name) or {}) for name in store.names()]
    lines = [
        f"{'*' if n == current else ' '} {n}  {r.get('state'):12} {r.get('at')}  {r.get('bundle')}" for n, r in rows
    ]
    return "\n".join(lines) or "no generation is known here"


def verify_text(host: Host, store: Generations) -> tuple[str, bool]:
    """A table of live files and probes against the active generation, and whether all agree."""
    transaction = store.transaction
    name = transaction["generation"] if transaction else store.current
    generation = store.load(name) if name else None
    if generation is None:
        raise Refusal("no configuration is active here; deliver one with pulumi up")
    rows = [*_file_rows(host.disk, generation)]
    for probe in run_probes(host, generation):
        rows.append((probe["ok"], f"probe {probe['id']}", probe.get("why", "")))
    text = "\n".join(f"{'ok  ' if ok else 'FAIL'} {what}{'  ' + why if why else ''}" for ok, what, why in rows)
    return text, all(ok for ok, _, _ in rows)


def _file_rows(disk: Disk, generation: Generation) -> list[tuple[bool, str, str]]:
    plan = make_plan(disk, generation, generation)
    differing = {file.path for file in plan.writes}
    rows = []
    for file in generation.bundle.files:
        why = "missing" if disk.entry(file.path).kind == "absent" else "content, owner or mode differs"
        agrees = file.path not in differing
        rows.append((agrees, f"file {file.path}", "" if agrees else why))
    rows += [(False, f"file {path}", "does not belong here") for path in plan.removals]
    rows += [(False, f"directory {directory.path}", "owner or mode differs") for directory in plan.directories]
    return rows
