"""The certificate that this host makes, asks for or is given, renewed in time and put into effect with calls up."""

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
# A pair is put in place file by file, and a copy over the network takes a while.
WHOLE_SECONDS = 10
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


def given(generation: Generation) -> bool:
    """Whether a generation's certificate is the owner's."""
    return generation.bundle.authority is not None and bool(generation.bundle.authority.certificate)


def _once_whole(host: Host, generation: Generation, anew: bool) -> set[str]:
    """Renew; files of the owner's that do not go together are looked at again for a while, as one may follow."""
    deadline = host.elapsed() + WHOLE_SECONDS
    while True:
        try:
            return renew_certificate(host, generation, anew)
        except Refusal:
            if not given(generation) or host.elapsed() > deadline:
                raise
        host.wait(WHOLE_SECONDS / 5)


def _renewed(host: Host, generation: Generation, anew: bool) -> set[str]:
    try:
        return _once_whole(host, generation, anew)
    except Refusal as problem:
        left = days_left(host, generation)
        if left is None:
            raise
        days, late = left
        if late or given(generation):
            name = "certificate-expires" if late else "certificate-refused"
            host.progress(json.dumps({"alarm": name, "days": int(days), "reason": str(problem)}))
        raise Refusal(f"{problem}; phones are shown the present certificate, good for {int(days)} days") from None
