"""The certificate made on this host, renewed in time and put into effect with calls up."""

from __future__ import annotations

from .actions import run_actions
from .authority import issue_for, presented
from .bundle import actions_due
from .errors import Refusal
from .generations import Generations
from .host import Host
from .systemd import ASTERISK

EFFECT_SECONDS = 15
STEP_SECONDS = 0.25


def renew(host: Host, store: Generations) -> str:
    """Renew what expires soon and have Asterisk show it; raises Refusal when it does not. Returns what was done."""
    generation = store.load(store.current) if store.current else None
    wanted = generation.bundle.authority if generation else None
    if generation is None or wanted is None:
        return "no certificate is made on this host"
    if store.transaction is not None:
        return "a configuration is being changed; the certificate is looked at next time"
    issued = issue_for(host, generation)
    if not issued and presented(host, wanted):
        return "the certificate is good and in effect: nothing to do"
    if not host.systemd.active(ASTERISK):
        return "asterisk does not run; it shows the certificate once it does"
    run_actions(host, actions_due(generation.bundle, {f"{wanted.directory}/host.pem"}))
    deadline = host.elapsed() + EFFECT_SECONDS
    while not presented(host, wanted):
        if host.elapsed() > deadline:
            raise Refusal("phones are still shown the old certificate; run `hardened-asterisk restart`")
        host.wait(STEP_SECONDS)
    return "the certificate was renewed and is in effect" if issued else "the certificate was put into effect"
