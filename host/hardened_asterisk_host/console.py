"""What a person does on the machine's console, at night and without a network."""

from __future__ import annotations

import json
from typing import Callable

from .calls import wait_for_calls
from .errors import Refusal
from .generations import Generation, Generations, printed_receipt
from .host import Host
from .inspection import inspect_effect
from .lock import locked
from .phones import phone_text, phones_of, phones_text, the_phone
from .renewal import renew
from .steps import open_host
from .systemd import ASTERISK

Progress = Callable[[str], None]


def phones(progress: Progress) -> tuple[str, int]:
    """A table of all phones; status 0."""
    host, store = open_host(progress)
    return phones_text(phones_of(host, _active(store)), host.now()), 0


def phone(name: str, progress: Progress) -> tuple[str, int]:
    """One phone by its name or number; status 1 when it is not registered or does not answer."""
    host, store = open_host(progress)
    found = the_phone(phones_of(host, _active(store)), name)
    well = found.contact is not None and found.contact.rtt is not None
    return phone_text(host, found), 0 if well else 1


def receipt(name: str | None, progress: Progress) -> tuple[str, int]:
    """What the last activation reported, or that of a generation kept here, as JSON for people."""
    _, store = open_host(progress)
    wanted = name or _active(store).name
    found = store.receipt(wanted)
    if found is None:
        raise Refusal(f"there is no generation {wanted} here (known: {', '.join(store.names()) or 'none'})")
    return json.dumps(json.loads(printed_receipt(found)), indent=2), 0


def restart(at_once: bool, minutes: float, progress: Progress) -> tuple[str, int]:
    """Restart asterisk once no call is up (or at once), then ask every probe; status 1 when one disagrees."""
    host, store = open_host(progress)
    generation = _active(store)
    if not at_once:
        wait_for_calls(host, minutes * 60)
    with locked(progress):
        return _restart(host, generation)


def _restart(host: Host, generation: Generation) -> tuple[str, int]:
    host.progress("restarting asterisk")
    host.systemd.restart(ASTERISK)
    host.progress(f"waiting until it is up; running {len(generation.bundle.probes)} probes")
    checks = inspect_effect(host, generation)
    lines = [f"{check.mark} {check.what}  {check.why}".rstrip() for check in checks]
    return "\n".join(lines), 0 if all(check.ok for check in checks) else 1


def renew_certificate(at_once: bool, progress: Progress) -> tuple[str, int]:
    """Renew the certificate of this host when it expires soon, or at once; also run daily by a timer."""
    host, store = open_host(progress)
    with locked(progress):
        return renew(host, store, at_once), 0


def _active(store: Generations) -> Generation:
    transaction = store.transaction
    name = transaction["generation"] if transaction else store.current
    generation = store.load(name) if name else None
    if generation is None:
        raise Refusal("no configuration is active here; deliver one with pulumi up")
    return generation
