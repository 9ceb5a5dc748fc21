"""The commands of a delivery — activate, confirm, settle — and a person's rollback, on top of the transaction."""

from __future__ import annotations

import json
import os
import sys
from typing import Any, Callable

from .activation import Activator, Request
from .bundle import check_values, digest, parse_bundle
from .commands import Commands
from .disk import Disk
from .errors import Busy, Refusal
from .generations import NAME, Generations
from .host import Host, boot_identity
from .isolation import Isolation
from .jobs import kill_workers, submit
from .lock import locked
from .master_secret import check_master_secret
from .package_files import take_in
from .package_policy import install_policy
from .release import check_platform, check_room, check_way_back, ssh_connection
from .transaction import confirm_transaction, recover, undo_transaction
from .units import install_units

Progress = Callable[[str], None]
EXPIRY_PATIENCE_SECONDS = 20
LATE = "nobody confirmed it in time"


def open_host(progress: Progress) -> tuple[Host, Generations]:
    """This machine and its memory."""
    disk = Disk()
    return Host(disk, Commands(), progress, boot_identity()), Generations(disk)


def activate(document: str, bundle_digest: str, secrets_digest: str, generation: str, identity: str) -> dict[str, Any]:
    """Check an activation's document before anything is touched, then run it as a unit; returns the receipt."""
    with open(document, encoding="utf-8") as handle:
        delivered = json.load(handle)
    os.unlink(document)
    text, values = delivered["bundle"], delivered["values"]
    if not NAME.fullmatch(generation):
        raise Refusal(f"generation {generation!r} is not a plain name")
    if digest(text.encode()) != bundle_digest:
        raise Refusal("the bundle received is not the one announced; run pulumi up again")
    bundle = parse_bundle(text)
    check_values(bundle, values)
    check_platform(bundle)
    check_way_back(bundle, ssh_connection())
    check_room()
    host, store = open_host(print)
    note = check_master_secret(store, values)
    if note:
        # Standard output is the receipt's.
        print(note, file=sys.stderr, flush=True)
    # Where the SSH session begins: what was copied beside the document lies there.
    take_in(host.disk, bundle.packages, os.getcwd())
    install_units(host, bundle.services)
    install_policy(host)
    order = {
        "step": "activate",
        "generation": generation,
        "bundle": text,
        "values": values,
        "secretsDigest": secrets_digest,
        "hostIdentity": identity,
    }
    return submit(host.commands, order)


def perform(order: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """The unit's side of an order, under the lock; returns the receipt."""
    host, store = open_host(progress)
    activator = Activator(host, store, Isolation(host).examine)
    with locked(progress):
        if order["step"] == "reactivate":
            return activator.reactivate(order["generation"])
        return activator.activate(
            Request(
                order["generation"], order["bundle"], order["values"], order["secretsDigest"], order["hostIdentity"]
            )
        )


def confirm(name: str, progress: Progress) -> dict[str, Any]:
    """Make an armed generation permanent; one that was undone meanwhile is activated again and left armed."""
    receipt = confirm_if_armed(name, progress)
    if receipt is not None:
        return receipt
    progress(f"{name} is not in effect any more; activating it again from what was delivered")
    receipt = submit(Commands(), {"step": "reactivate", "generation": name})
    progress(f"{name} is active again and waits to be settled or confirmed")
    return receipt


def settle(name: str, progress: Progress) -> tuple[dict[str, Any], bool]:
    """The last step of a delivery: the receipt, and whether the generation is confirmed by now."""
    receipt = confirm_if_armed(name, progress)
    if receipt is not None:
        return receipt, True
    return confirm(name, progress), False


def confirm_if_armed(name: str, progress: Progress) -> dict[str, Any] | None:
    """Make an armed generation permanent; its receipt once it is, None when it was undone or replaced meanwhile."""
    host, store = open_host(progress)
    with locked(progress):
        recover(host, store)
        known = store.receipt(name)
        if known is None:
            raise Refusal(
                f"generation {name} is not known here (known: {', '.join(store.names()) or 'none'}); "
                "deliver the configuration again with pulumi up"
            )
        transaction = store.transaction
        if transaction is not None and transaction["generation"] == name and transaction["phase"] == "armed":
            confirm_transaction(host, store)
            progress(f"{name} is confirmed")
        elif not (transaction is None and store.current == name and known["state"] == "confirmed"):
            return None
        return store.receipt(name)


def expire(name: str, progress: Progress) -> None:
    """The rollback timer's end: undo the generation unless it was confirmed; a stuck activation is ended first."""
    host, store = open_host(progress)
    try:
        with locked(progress, EXPIRY_PATIENCE_SECONDS):
            _undo_if_open(host, store, name, LATE)
            return
    except Busy:
        if (store.transaction or {}).get("generation") != name:
            return
    kill_workers(host.commands)
    with locked(progress):
        _undo_if_open(host, store, name, LATE)


def undo(name: str, cause: str, progress: Progress) -> None:
    """Undo a generation that is not confirmed yet; nothing when it is, or is not active any more."""
    host, store = open_host(progress)
    with locked(progress):
        _undo_if_open(host, store, name, cause)


def _undo_if_open(host: Host, store: Generations, name: str, cause: str) -> None:
    record = store.transaction
    if record is None or record["generation"] != name or record["phase"] == "confirmed":
        return
    for problem in undo_transaction(host, store, cause):
        host.progress(problem)
    host.progress(f"{name} is undone: {cause}")


def recover_now(progress: Progress, booting: bool) -> None:
    """The recovery units: finish or undo what is open; `booting` when systemd is about to start the services itself."""
    host, store = open_host(progress)
    host.booting = booting
    with locked(progress):
        progress(recover(host, store) or "nothing to recover")


def rollback(target: str | None, progress: Progress) -> str:
    """A person's rollback: undo what is armed, or go back to `target` (default: the one before). Returns a summary."""
    host, store = open_host(progress)
    with locked(progress):
        recover(host, store)
        record = store.transaction
        if record is not None and target in (None, record["previous"]):
            problems = undo_transaction(host, store, "rolled back by hand")
            return "; ".join([f"{record['generation']} is undone", *problems])
        current = store.current
        wanted = target or ((store.receipt(current) or {}).get("previous") if current else None)
        if wanted is None or store.receipt(wanted) is None:
            known = ", ".join(store.names()) or "none"
            raise Refusal(
                f"there is no {'generation ' + wanted if wanted else 'earlier generation'} here (known: {known})"
            )
    submit(host.commands, {"step": "reactivate", "generation": wanted})
    return f"{wanted} is active; keep it with `hardened-asterisk confirm --generation {wanted}`, else it undoes itself"
