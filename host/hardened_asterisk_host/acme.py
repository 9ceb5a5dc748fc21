"""A certificate asked for over ACME: the key is made here and stays; a client without rights carries a request."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator

from .authority import CERTIFICATE, names_in, own_directory, spelled
from .bundle import Authority, resolve
from .challenge_port import port_open
from .commands import last_lines
from .disk import Entry, make_parents
from .errors import Refusal
from .generations import Generation
from .host import Host
from .lock import RUN
from .standing import Standing, dates_in

UNIT = "hardened-asterisk-acme.service"
# What the unit is handed and where it speaks, by the same path in its file.
FOLDER = f"{RUN}/acme"
# systemd's real place for the state of a unit with a dynamic user.
STATE = "/var/lib/private/hardened-asterisk-acme"
# The unit's own time limit ends it before.
UNIT_SECONDS = 120
PORT_SECONDS = 120
SIGNED_BYTES = 256 * 1024
PROBLEM = re.compile(r"urn:ietf:params:acme:error:(\w+) :: (.+)")
UNTRUSTED = re.compile(r"verify error:num=\d+:(.+)")
SHOWN = 300
WAY_IN = "let {name} lead to this machine and TCP port 80 through to it (address record, router, cloud firewall)"
CURES = {
    "connection": WAY_IN,
    "dns": WAY_IN,
    "unauthorized": WAY_IN,
    "rateLimited": "wait as long as it says",
    "caa": "let the CAA record of {name} name this authority",
}


def standing(host: Host, generation: Generation, wanted: Authority) -> Standing | None:
    """How the certificate in place stands; None when it is missing, foreign, expired or for another name."""
    path = f"{wanted.directory}/host.pem"
    if host.disk.entry(path) != Entry("file", 0, host.disk.gid(wanted.group), 0o640):
        return None
    return _judge(host, host.disk.real(path), generation, wanted)


def trusted(generation: Generation, wanted: Authority) -> str:
    """Path of the CA certificates that the server and what it signs are verified with."""
    ours = any(file.path == wanted.trusted for file in generation.bundle.files)
    return generation.staged(wanted.trusted) if ours else wanted.trusted


def ask(host: Host, generation: Generation, wanted: Authority) -> None:
    """Make a key, have it certified and put both in place; raises Refusal with the server's reason and a cure."""
    name = resolve(wanted.names[0], generation.values)
    host.progress(f"asking for a certificate for {name} over ACME")
    with _handed(host, generation, wanted, name):
        with port_open(host.commands, PORT_SECONDS):
            _run_client(host, generation.staged(wanted.client), name)
        signed = f"{STATE}/certificates/{name}.crt"
        # The client, which has no rights here, owns the folder.
        found = host.disk.entry(signed).kind == "file"
        text = host.disk.read(signed, SIGNED_BYTES).decode("ascii", "replace") if found else ""
        _accept(host, generation, wanted, "\n".join(CERTIFICATE.findall(text)) + "\n")
    host.progress(f"made {wanted.directory}/host.pem")


@contextlib.contextmanager
def _handed(host: Host, generation: Generation, wanted: Authority, name: str) -> Iterator[None]:
    """The folder with what the unit is handed, and the key, which it is not; gone afterwards."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER, mode=0o700)
    try:
        request = ["openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-sha256", "-subj", "/"]
        request += ["-addext", f"subjectAltName=DNS:{name}"]
        host.commands.must([*request, "-keyout", f"{FOLDER}/key.pem", "-out", f"{FOLDER}/request.pem"])
        with open(f"{FOLDER}/ca.pem", "wb") as handle:
            handle.write(host.disk.read(trusted(generation, wanted)))
        yield
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)


def _run_client(host: Host, unit_file: str, name: str) -> None:
    """Run the generation's own unit, which may not be the one in effect; raises Refusal with what it said."""
    host.commands.run(["systemctl", "stop", UNIT])
    host.commands.must(["systemctl", "link", "--runtime", "--force", unit_file])
    try:
        started = host.commands.run(["systemctl", "start", UNIT], seconds=UNIT_SECONDS)
        ended = host.commands.run(["systemctl", "show", "--property=Result", "--value", UNIT]).out.strip()
    finally:
        for verb in (["stop"], ["reset-failed"], ["disable", "--runtime"]):
            host.commands.run(["systemctl", *verb, UNIT])
    if started.status != 0:
        silent = f"no certificate for {name} over ACME: the server did not finish in time; try again later"
        raise Refusal(silent if ended == "timeout" else _reason(_said(), name))


def _said() -> str:
    try:
        with open(f"{FOLDER}/said", encoding="utf-8", errors="replace") as handle:
            return "".join(letter for letter in handle.read() if letter.isprintable() or letter == "\n")
    except FileNotFoundError:
        return ""


def _reason(said: str, name: str) -> str:
    problem, untrusted = PROBLEM.search(said), UNTRUSTED.search(said)
    if untrusted is not None and problem is None:
        return (
            f"the ACME server is not trusted: {untrusted[1].strip()[:SHOWN]}; "
            "name the CA of a server of your own in tls.acme.ca; to any other, somebody is in between"
        )
    words = f"{problem[1]}: {problem[2].strip()}" if problem is not None else last_lines(said, 2) or "it said nothing"
    cure = CURES.get(problem[1] if problem is not None else "", "see what it says").format(name=name)
    return f"no certificate for {name} over ACME: {words[:SHOWN].rstrip('. ')}; {cure}"


def _accept(host: Host, generation: Generation, wanted: Authority, chain: str) -> None:
    """Key and certificate in one file, so that they are replaced together; raises Refusal for one that is not ours."""
    with open(f"{FOLDER}/key.pem", encoding="ascii") as handle:
        content = handle.read() + chain
    candidate = f"{FOLDER}/host.pem"
    with open(candidate, "w", encoding="ascii") as handle:
        handle.write(content)
    of_key = host.commands.run(["openssl", "pkey", "-in", candidate, "-pubout"])
    of_certificate = host.commands.run(["openssl", "x509", "-in", candidate, "-noout", "-pubkey"])
    same_key = of_key.status == 0 and of_key.out == of_certificate.out
    if not same_key or _judge(host, candidate, generation, wanted) is None:
        raise Refusal(
            "the ACME server gave a certificate not for our key and name, or not signed by a CA that is trusted; "
            "for a server of your own, tls.acme.ca must hold the CA of what it signs too"
        )
    group = host.disk.gid(wanted.group)
    make_parents(host.disk, f"{wanted.directory}/host.pem")
    own_directory(host.disk, wanted.directory, group)
    host.disk.write(f"{wanted.directory}/host.pem", content.encode("ascii"), 0o640, 0, group)


def _judge(host: Host, file: str, generation: Generation, wanted: Authority) -> Standing | None:
    names = {spelled(resolve(pieces, generation.values)) for pieces in wanted.names}
    asked = ["openssl", "x509", "-in", file, "-noout", "-startdate", "-enddate", "-ext", "subjectAltName"]
    told = host.commands.run(asked)
    verify = ["openssl", "verify", "-purpose", "sslserver", "-no-CApath", "-no-CAstore"]
    authorities = host.disk.real(trusted(generation, wanted))
    vouched = host.commands.run([*verify, "-CAfile", authorities, "-untrusted", file, file])
    standing = dates_in(told.out, host.now())
    if told.status != 0 or vouched.status != 0 or names_in(told.out) != names:
        return None
    return standing
