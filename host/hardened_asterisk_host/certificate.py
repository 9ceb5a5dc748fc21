"""The certificate a generation asks for, whoever signs it: this host's CA, an authority over ACME, or its owner's."""

from __future__ import annotations

from . import acme, given
from .authority import CERTIFICATE, certificate_good, ensure_authority, wanted_names
from .bundle import Authority
from .errors import Refusal
from .generations import Generation
from .host import Host
from .standing import Standing


def ensure_certificate(host: Host, generation: Generation) -> set[str]:
    """Have the certificate a generation asks for; outside its transaction, for this only ever adds.

    Returns what changed; raises Refusal when there is none and none can be had.
    """
    wanted = generation.bundle.authority
    if wanted is None:
        return set()
    if not wanted.client and not wanted.certificate:
        return _of_own_authority(host, generation, wanted)
    now = _standing(host, generation, wanted)
    if wanted.client and now is not None and not now.late:
        return set()
    try:
        if wanted.certificate:
            return given.take(host, wanted, False)
        acme.ask(host, generation, wanted)
    except Refusal as problem:
        if now is None:
            raise
        host.progress(f"{problem}; the present certificate is good for {now.left / 86400:.0f} days")
        return set()
    return {f"{wanted.directory}/host.pem"}


def renew_certificate(host: Host, generation: Generation, anew: bool) -> set[str]:
    """Renew what expires soon, or with `anew` in any case; returns what changed, raises Refusal when it cannot be."""
    wanted = generation.bundle.authority
    if wanted is None:
        return set()
    if wanted.certificate:
        return _of_owner(host, wanted, anew)
    if not wanted.client:
        return _of_own_authority(host, generation, wanted, anew)
    now = acme.standing(host, generation, wanted)
    if now is not None and not now.due and not anew:
        return set()
    acme.ask(host, generation, wanted)
    return {f"{wanted.directory}/host.pem"}


def days_left(host: Host, generation: Generation) -> tuple[float, bool] | None:
    """Days for which a certificate not of our own CA is good still, and whether it should have been renewed by now."""
    wanted = generation.bundle.authority
    now = _standing(host, generation, wanted) if wanted is not None else None
    return None if now is None else (now.left / 86400, now.late)


def owner_fault(host: Host, generation: Generation) -> str:
    """What is wrong with the files of a certificate of the owner's; empty when nothing is, or it is not the owner's."""
    wanted = generation.bundle.authority
    return given.fault(host, wanted) if wanted is not None and wanted.certificate else ""


def _standing(host: Host, generation: Generation, wanted: Authority) -> Standing | None:
    if wanted.certificate:
        present = given.copy(host, wanted)
        return present.standing if present else None
    return acme.standing(host, generation, wanted) if wanted.client else None


def _of_owner(host: Host, wanted: Authority, anew: bool) -> set[str]:
    issued = given.take(host, wanted, anew)
    present = given.copy(host, wanted)
    if not issued and present is not None and present.standing.late:
        raise Refusal(given.expires(wanted, present.standing))
    return issued


def _of_own_authority(host: Host, generation: Generation, wanted: Authority, anew: bool = False) -> set[str]:
    issued = ensure_authority(host.disk, host.commands, wanted, generation.values, anew)
    if issued:
        host.progress(f"made {', '.join(sorted(issued))}")
    return issued


def good_for(host: Host, generation: Generation) -> bool:
    """Whether the certificate a generation asks for is in place; true when it asks for none."""
    wanted = generation.bundle.authority
    if wanted is None:
        return True
    if wanted.certificate:
        return given.copied(host, wanted)
    if wanted.client:
        now = acme.standing(host, generation, wanted)
        return now is not None and not now.late
    names = wanted_names(host.commands, wanted, generation.values)
    return certificate_good(host.disk, host.commands, wanted, names)


def ca_certificate(host: Host, generation: Generation) -> dict[str, str]:
    """What the receipt says of the CA: its certificate in PEM; nothing when phones trust it already."""
    wanted = generation.bundle.authority
    if wanted is None or wanted.certificate:
        return {}
    path = f"{wanted.directory}/ca.pem" if not wanted.client else acme.trusted(generation, wanted)
    if wanted.client and path == wanted.trusted:
        return {}
    return {"caCertificate": host.disk.read(path).decode("ascii")}


def presented(host: Host, wanted: Authority) -> bool:
    """Whether a phone that connects over TLS is shown the certificate that lies on the disk."""
    asked = ["openssl", "s_client", "-connect", f"127.0.0.1:{wanted.port}"]
    shown = CERTIFICATE.search(host.commands.run(asked, stdin="", seconds=10).out)
    path = f"{wanted.directory}/host.pem"
    lies = CERTIFICATE.search(host.disk.read(path).decode("ascii") if host.disk.entry(path).kind == "file" else "")
    return shown is not None and lies is not None and shown[0].split() == lies[0].split()
