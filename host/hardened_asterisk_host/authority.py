"""The private CA of this host and the certificate its TLS phones see; the CA's key never leaves the machine."""

from __future__ import annotations

import ipaddress
import json
import os
import re
import secrets
import tempfile

from .bundle import Authority, resolve
from .commands import Commands
from .disk import Disk, Entry, make_parents

# Some phones refuse a server certificate that is valid for more than 825 days.
HOST_DAYS = 820
RENEW_BEFORE_SECONDS = 60 * 86400
CA_DAYS = 7300
CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.S)


def ensure_authority(
    disk: Disk, commands: Commands, wanted: Authority, values: dict[str, str], anew: bool = False
) -> set[str]:
    """Make what is missing, not good or wanted `anew`; returns what changed, raises Refusal when openssl fails."""
    ca, key, host = (f"{wanted.directory}/{name}" for name in ("ca.pem", "ca.key", "host.pem"))
    group = disk.gid(wanted.group)
    make_parents(disk, host)
    own_directory(disk, wanted.directory, group)
    fresh: set[str] = set()
    if any(disk.entry(path).kind != "file" for path in (ca, key)):
        _make_ca(disk, commands, ca, key)
        fresh.add(ca)
    names = wanted_names(commands, wanted, values)
    if fresh or anew or not certificate_good(disk, commands, wanted, names):
        _issue(disk, commands, wanted, names)
        fresh.add(host)
    return fresh


def certificate_good(disk: Disk, commands: Commands, wanted: Authority, names: list[str]) -> bool:
    """Whether the host's certificate is there, is our CA's, bears these names and does not expire soon."""
    ca, host = (disk.real(f"{wanted.directory}/{name}") for name in ("ca.pem", "host.pem"))
    expected = Entry("file", 0, disk.gid(wanted.group), 0o640)
    if disk.entry(f"{wanted.directory}/host.pem") != expected:
        return False
    asked = ["openssl", "x509", "-in", host, "-noout", "-checkend", str(RENEW_BEFORE_SECONDS), "-ext", "subjectAltName"]
    told = commands.run(asked)
    trusted = commands.run(["openssl", "verify", "-CAfile", ca, host])
    return told.status == 0 and trusted.status == 0 and names_in(told.out) == set(names)


def wanted_names(commands: Commands, wanted: Authority, values: dict[str, str]) -> list[str]:
    """The names the certificate bears, as openssl writes them: those of the bundle and this host's own addresses."""
    given = [resolve(pieces, values) for pieces in wanted.names]
    links = json.loads(commands.must(["ip", "-json", "address", "show", "scope", "global"]))
    # For a link that the filter leaves out, ip prints an empty object.
    own = [info["local"] for link in links for info in link.get("addr_info", []) if "local" in info]
    return sorted({spelled(name) for name in [*given, *own]})


def spelled(name: str) -> str:
    """A name or address as openssl writes it in a certificate's list of names."""
    try:
        return f"IP:{ipaddress.ip_address(name)}"
    except ValueError:
        return f"DNS:{name}"


def names_in(text: str) -> set[str]:
    """The names that openssl shows of a certificate, each as `spelled`."""
    entries = re.findall(r"(IP Address|DNS):([^\s,]+)", text)
    return {spelled(name) for _, name in entries}


def own_directory(disk: Disk, path: str, group: int) -> None:
    """Have a directory that root writes and a group reads."""
    found = disk.entry(path)
    if found.kind == "absent":
        disk.make_directory(path, 0o750, 0, group)
    elif found != Entry("directory", 0, group, 0o750):
        disk.own(path, 0o750, 0, group)


def _make_ca(disk: Disk, commands: Commands, ca: str, key: str) -> None:
    with tempfile.TemporaryDirectory(prefix="hardened-asterisk-") as folder:
        new_key, new_ca = os.path.join(folder, "key"), os.path.join(folder, "ca")
        extensions = ("basicConstraints=critical,CA:TRUE,pathlen:0", "keyUsage=critical,keyCertSign,cRLSign")
        request = ["openssl", "req", "-x509", "-newkey", "rsa:3072", "-nodes", "-sha256", "-days", str(CA_DAYS)]
        request += ["-subj", f"/CN=PBX private CA {secrets.token_hex(4)}", "-keyout", new_key, "-out", new_ca]
        commands.must([*request, *(word for text in extensions for word in ("-addext", text))])
        # The certificate last: where it is missing, both are made anew.
        disk.write(key, _bytes(new_key), 0o600)
        disk.write(ca, _bytes(new_ca), 0o644)


def _issue(disk: Disk, commands: Commands, wanted: Authority, names: list[str]) -> None:
    ca, key = (disk.real(f"{wanted.directory}/{name}") for name in ("ca.pem", "ca.key"))
    with tempfile.TemporaryDirectory(prefix="hardened-asterisk-") as folder:
        new_key, asked, signed, extensions = (os.path.join(folder, name) for name in ("key", "csr", "pem", "ext"))
        with open(extensions, "w", encoding="ascii") as handle:
            handle.write(f"subjectAltName={','.join(names)}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n")
        request = ["openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-sha256", "-subj", "/CN=PBX"]
        commands.must([*request, "-keyout", new_key, "-out", asked])
        sign = ["openssl", "x509", "-req", "-sha256", "-in", asked, "-CA", ca, "-CAkey", key]
        sign += ["-set_serial", f"0x{secrets.token_hex(16)}", "-days", str(HOST_DAYS), "-extfile", extensions]
        commands.must([*sign, "-out", signed])
        # Key and certificate in one file, so that they are replaced together.
        content = _bytes(new_key) + _bytes(signed)
        disk.write(f"{wanted.directory}/host.pem", content, 0o640, 0, disk.gid(wanted.group))


def _bytes(path: str) -> bytes:
    with open(path, "rb") as handle:
        return handle.read()
