"""A certificate of the owner's: its files are checked, and copied to where Asterisk reads them."""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass

from .authority import CERTIFICATE, names_in, own_directory
from .bundle import Authority
from .commands import Result
from .disk import Entry, make_parents
from .errors import Refusal
from .host import Host
from .standing import Standing, dates_in

KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.S)
WHY = re.compile(r"error \d+ at (\d+) depth lookup: *(.+)")
# A chain with its key is a few kilobytes.
LARGEST = 1024 * 1024


@dataclass(frozen=True)
class Pair:
    """A key and its certificates, as one text, and what the first certificate says."""

    text: str
    names: frozenset[str]
    standing: Standing


def take(host: Host, wanted: Authority, anew: bool) -> set[str]:
    """Copy the owner's files when they differ from the copy; returns what changed, raises Refusal for a bad pair.

    One that lacks a name of the present one's is a bad pair too, unless it is wanted `anew`.
    """
    pair, path = read_pair(host, wanted), f"{wanted.directory}/host.pem"
    present = copy(host, wanted)
    if present is not None and present.text == pair.text:
        return set()
    missing = [] if present is None or anew else [name for name in present.names if not _bears(pair, name)]
    if missing:
        raise Refusal(
            f"tls.certificate: {wanted.certificate} does not bear {', '.join(sorted(missing))}, as the present "
            "certificate does; phones that use this name would refuse it. Have it issued with this name too, or take "
            "it nevertheless with `hardened-asterisk renew --now`"
        )
    group = host.disk.gid(wanted.group)
    make_parents(host.disk, path)
    own_directory(host.disk, wanted.directory, group)
    host.disk.write(path, pair.text.encode("ascii"), 0o640, 0, group)
    host.progress(f"copied {wanted.certificate} and its key to {path}")
    return {path}


def fault(host: Host, wanted: Authority) -> str:
    """What is wrong with the owner's files, in words; empty when nothing is."""
    try:
        pair = read_pair(host, wanted)
    except Refusal as problem:
        return str(problem)
    return expires(wanted, pair.standing) if pair.standing.late else ""


def expires(wanted: Authority, standing: Standing) -> str:
    """The words for a certificate that its owner should have renewed by now."""
    return (
        f"tls.certificate: {wanted.certificate} expires in {standing.left / 86400:.0f} days; renew the certificate "
        "and put the new files there, they are taken by themselves"
    )


def copied(host: Host, wanted: Authority) -> bool:
    """Whether the copy is good, and no newer pair waits; a bad pair does not wait, for nothing here puts it right."""
    present = copy(host, wanted)
    try:
        return present is not None and present.text == read_pair(host, wanted).text
    except Refusal:
        return present is not None


def copy(host: Host, wanted: Authority) -> Pair | None:
    """The copy that Asterisk reads; None when it is missing, not as it was written, or has expired."""
    path = f"{wanted.directory}/host.pem"
    if host.disk.entry(path) != Entry("file", 0, host.disk.gid(wanted.group), 0o640):
        return None
    text = host.disk.read(path).decode("ascii", "replace")
    try:
        return _judge(host, wanted, text, text)
    except Refusal:
        return None


def read_pair(host: Host, wanted: Authority) -> Pair:
    """The owner's files; raises Refusal, saying which is wrong and what to do."""
    certificates = _read(host, wanted.certificate, "certificate")
    return _judge(host, wanted, certificates, _read(host, wanted.private_key, "privateKey"))


def _read(host: Host, path: str, what: str) -> str:
    """A file, over root's own links (certbot's are); what never ends, or is none, is not waited for."""
    where = f"tls.{what}: {path}"
    try:
        content = host.disk.read(path, LARGEST)
    except Refusal as problem:
        raise Refusal(f"{where}: {problem}; put a file in PEM there") from None
    except OSError as problem:
        raise Refusal(f"{where}: {problem.strerror}; put the file there on this machine") from None
    return content.decode("ascii", "replace")


def _judge(host: Host, wanted: Authority, certificates: str, key: str) -> Pair:
    chain, keys = CERTIFICATE.findall(certificates), KEY.findall(key)
    if not chain:
        raise Refusal(f"tls.certificate: {wanted.certificate} holds no certificate in PEM; put it there in PEM")
    with tempfile.TemporaryDirectory(prefix="hardened-asterisk-") as folder:
        names = ("key", "first", "last", "all")
        for name, text in zip(names, (keys[0] if keys else "", chain[0], chain[-1], "\n".join(chain))):
            with open(os.path.join(folder, name), "w", encoding="ascii", opener=_private) as handle:
                handle.write(text + "\n")
        told = _must_fit(host, wanted, folder)
        _must_lead_on(host, wanted, folder)
    standing = dates_in(told.out, host.now())
    if standing is None:
        raise Refusal(f"tls.certificate: {wanted.certificate} has expired; renew the certificate")
    return Pair("\n".join([keys[0], *chain]) + "\n", frozenset(names_in(told.out)), standing)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _must_fit(host: Host, wanted: Authority, folder: str) -> Result:
    """What openssl says of the first certificate, once it is known to be the key's."""
    # An empty passphrase, so that openssl asks nobody for one.
    of_key = host.commands.run(["openssl", "pkey", "-in", f"{folder}/key", "-passin", "pass:", "-pubout"])
    if of_key.status != 0:
        raise Refusal(
            f"tls.privateKey: {wanted.private_key} holds no private key in PEM without a passphrase; "
            "`openssl pkey -in KEY -out NEW` takes the passphrase off"
        )
    facts = ["-noout", "-startdate", "-enddate", "-ext", "subjectAltName"]
    told = host.commands.run(["openssl", "x509", "-in", f"{folder}/first", *facts])
    own = host.commands.run(["openssl", "x509", "-in", f"{folder}/first", "-noout", "-pubkey"])
    if own.status != 0 or own.out != of_key.out:
        raise Refusal(
            f"tls.privateKey: {wanted.private_key} is not the key of the first certificate in {wanted.certificate}; "
            "put the pair there that belongs together"
        )
    return told


def _must_lead_on(host: Host, wanted: Authority, folder: str) -> None:
    """Raise Refusal unless all are in their time and each leads on to the last; whose that is, phones judge."""
    verify = ["openssl", "verify", "-purpose", "sslserver", "-partial_chain", "-no-CAfile", "-no-CApath", "-no-CAstore"]
    files = ["-trusted", f"{folder}/last", "-untrusted", f"{folder}/all", f"{folder}/first"]
    vouched = host.commands.run([*verify, *files])
    if vouched.status == 0:
        return
    found = WHY.search(vouched.text)
    words = f"{found[2]} (certificate {int(found[1]) + 1} of the chain)" if found else "no TLS server's certificate"
    raise Refusal(
        f"tls.certificate: {wanted.certificate} is refused: {words}; put the renewed certificate there, "
        "followed by those that lead from it to its CA, and no others"
    )


def _bears(pair: Pair, name: str) -> bool:
    kind, _, text = name.partition(":")
    return name in pair.names or (kind == "DNS" and f"DNS:*.{text.partition('.')[2]}" in pair.names)
