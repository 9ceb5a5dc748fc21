"""The certificate that this host makes or asks for, renewed in time and put into effect with calls up."""

from __future__ import annotations

import json

from .actions import run_actions
from .bundle import actions_due
from .certificate import days_left, presented, renew_certificate
from .errors import Refusal
from .generations import Generation, Generations
from .host import Host
from .systemd import ASTERISK

EFFECT_SECONDS = 15
STEP_SECONDS = 0.25


def renew(host: Host, store: Generations, anew: bool) -> str:
    """Renew what expires soon, or with `anew` in any case, and have Asterisk show it; returns what was done.

    Raises Refusal when it cannot be renewed or is not shown.
    """
    generation = store.load(store.current) if store.current else None
    wanted = generation.bundle.authority if generation else None
    if generation is None or wanted is None:
        return "no certificate is made on this host"
    if store.transaction is not None:
        return "a configuration is being changed; the certificate is looked at next time"
    issued = _renewed(host, generation, anew)
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


def _renewed(host: Host, generation: Generation, anew: bool) -> set[str]:
    try:
        return renew_certificate(host, generation, anew)
    except Refusal as problem:
        left = days_left(host, generation)
        if left is None:
            raise
        days, late = left
        if late:
            alarm = {"alarm": "certificate-expires", "days": int(days), "reason": str(problem)}
            host.progress(json.dumps(alarm))
        raise Refusal(f"{problem}; phones are shown the present certificate, good for {int(days)} days") from None
