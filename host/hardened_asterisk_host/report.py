"""What a person on the console reads: status, the known generations, and a verification of the live host."""

from __future__ import annotations

from .bans import health
from .certificate import owner_fault
from .errors import Refusal
from .generations import Generations
from .host import Host
from .inspection import Check, inspect
from .list_report import lists_report

# Of a receipt's probes; unknown is neither: what cannot be seen here is not said to be well.
WORDS = {True: "ok  ", False: "FAIL", None: "?   "}


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
    lines += [f"bans         {'ok  ' if ok else 'FAIL'} {what}" for ok, what in health(host.commands)]
    lines += [f"addresses    {'ok  ' if ok else 'FAIL'} {what}" for ok, what in lists_report(host)]
    for probe in receipt.get("probes", []):
        lines.append(f"probe        {WORDS[probe.get('ok')]} {probe['id']}")
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
    """A table of the live host against the active generation, and whether all agrees."""
    transaction = store.transaction
    name = transaction["generation"] if transaction else store.current
    generation = store.load(name) if name else None
    if generation is None:
        raise Refusal("no configuration is active here; deliver one with pulumi up")
    # Beside the generation's own checks, not among them: what a feed or the owner's files lack is not put right here.
    lists = [Check(f"addresses {text}") if well else Check("addresses", text) for well, text in lists_report(host)]
    files = owner_fault(host, generation)
    checks = [*inspect(host, generation), *([Check("certificate of the owner's", files)] if files else []), *lists]
    lines = [f"{c.mark} {c.what}{'  ' + c.why if c.why else ''}" for c in checks]
    return "\n".join(lines), all(check.ok for check in checks)
