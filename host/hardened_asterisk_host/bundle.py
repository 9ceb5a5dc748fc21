"""The bundle as the PBX sees it: the canonical JSON of core/bundle/bundle.ts, checked, and its references resolved."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Union

from .bundle_rules import check
from .errors import Refusal

Network = Union[ipaddress.IPv4Network, ipaddress.IPv6Network]
VALUE = re.compile(r"[A-Za-z0-9._:+/=@-]{1,256}")
MODE = re.compile(r"0[0-7]{3}")


@dataclass(frozen=True)
class File:
    """One file: path, owner, group, mode, and its pieces (text, or a reference as a one-entry mapping)."""

    path: str
    owner: str
    group: str
    mode: int
    content: tuple[Any, ...]


@dataclass(frozen=True)
class Directory:
    """A directory whose owner and mode are kept; `exclusive`: files in it that are not in the bundle go away."""

    path: str
    owner: str
    group: str
    mode: int
    exclusive: bool


@dataclass(frozen=True)
class Package:
    """A package that must be installed; `minimum` is empty when any version will do, `sha256` unless it is a file."""

    name: str
    minimum: str
    sha256: str = ""
    # Where the file is fetched; empty when it is brought here.
    url: str = ""


@dataclass(frozen=True)
class Action:
    """What to run when one of `on_change` changed; `kind` is `reload` or `restart`."""

    id: str
    service: str
    kind: str
    argv: tuple[str, ...]
    on_change: tuple[str, ...]

    @property
    def unit(self) -> str:
        """The unit its service names; a bare name means a .service."""
        return self.service if "." in self.service else f"{self.service}.service"


@dataclass(frozen=True)
class Probe:
    """A check of a service's effective state; `contains` and `lacks` hold pieces until resolved."""

    id: str
    argv: tuple[str, ...]
    contains: tuple[tuple[Any, ...], ...]
    lacks: tuple[tuple[Any, ...], ...]
    within: float
    service: str
    unknown_in_container: bool = False
    # What is asked before anything is installed or changed; empty for most.
    early: tuple[str, ...] = ()


@dataclass(frozen=True)
class Authority:
    """A certificate kept in `directory`, of a private CA there unless a field says otherwise, and shown at TCP `port`.

    It bears `names` (pieces).
    """

    directory: str
    group: str
    names: tuple[tuple[Any, ...], ...]
    port: int
    # Over ACME: the file of the client's unit, and the CA certificates to verify with; else our own CA signs.
    client: str = ""
    trusted: str = ""
    # Files of the owner's to copy from; else empty.
    certificate: str = ""
    private_key: str = ""


@dataclass(frozen=True)
class Bundle:
    """The host's configuration as data."""

    os: str
    asterisk: str
    admins: tuple[Network, ...]
    packages: tuple[Package, ...]
    directories: tuple[Directory, ...]
    files: tuple[File, ...]
    actions: tuple[Action, ...]
    probes: tuple[Probe, ...]
    firewall: str
    services: tuple[str, ...]
    rollback_seconds: int
    restart_with_calls: bool
    known_keys: dict[str, dict[str, frozenset[str]]]
    authority: Authority | None = None
    # Port of sshd; 0 on a host without SSH.
    ssh_port: int = 0
    end_calls: bool = False


def digest(content: bytes) -> str:
    """Lower-case hexadecimal sha256."""
    return hashlib.sha256(content).hexdigest()


def parse_bundle(text: str) -> Bundle:
    """Check and read the bundle's JSON text; raises Refusal naming the field that is wrong."""
    try:
        raw = json.loads(text)
        if raw["format"] != 1:
            raise Refusal(f"bundle format {raw['format']!r} is not known to this agent; update both together")
        bundle = _read(raw)
    except (KeyError, TypeError, ValueError) as problem:
        raise Refusal(f"the bundle does not have the agreed shape: {type(problem).__name__} {problem}") from None
    check(bundle)
    return bundle


def _read(raw: Any) -> Bundle:
    return Bundle(
        os=raw["platform"]["os"],
        asterisk=raw["platform"]["asterisk"],
        admins=tuple(ipaddress.ip_network(network) for network in raw["admins"]),
        packages=tuple(_package(p) for p in raw["packages"]),
        directories=tuple(
            Directory(d["path"], d["owner"], d["group"], _mode(d["mode"]), bool(d["exclusive"]))
            for d in raw["directories"]
        ),
        files=tuple(
            File(f["path"], f["owner"], f["group"], _mode(f["mode"]), tuple(f["content"])) for f in raw["files"]
        ),
        actions=tuple(
            Action(a["id"], a["service"], a["kind"], tuple(a["argv"]), tuple(a["onChange"])) for a in raw["actions"]
        ),
        probes=tuple(_probe(p) for p in raw["probes"]),
        firewall=raw["firewall"],
        services=tuple(raw["services"]),
        rollback_seconds=int(raw["rollbackSeconds"]),
        restart_with_calls=bool(raw["restartWithCalls"]),
        known_keys=_known_keys(raw["knownKeys"]),
        authority=_authority(raw["authority"]) if "authority" in raw else None,
        ssh_port=int(raw.get("sshPort", 0)),
        end_calls=bool(raw.get("endCalls", False)),
    )


def _package(raw: Any) -> Package:
    file = raw.get("file")
    if file is None:
        return Package(raw["name"], raw.get("minimum", ""))
    if not file["sha256"]:
        raise ValueError("a package's file without a digest")
    return Package(raw["name"], raw.get("minimum", ""), file["sha256"], file.get("url", ""))


def _known_keys(raw: Any) -> dict[str, dict[str, frozenset[str]]]:
    return {file: {name: frozenset(keys) for name, keys in sections.items()} for file, sections in raw.items()}


def _authority(raw: Any) -> Authority:
    names, acme = tuple(tuple(pieces) for pieces in raw["names"]), raw.get("acme", {"client": "", "trusted": ""})
    given = raw.get("given", {"certificate": "", "privateKey": ""})
    files = given["certificate"], given["privateKey"]
    return Authority(raw["directory"], raw["group"], names, int(raw["port"]), acme["client"], acme["trusted"], *files)


def _probe(raw: Any) -> Probe:
    return Probe(
        raw["id"],
        tuple(raw["argv"]),
        tuple(tuple(pieces) for pieces in raw["contains"]),
        tuple(tuple(pieces) for pieces in raw["lacks"]),
        float(raw["withinSeconds"]),
        raw["service"],
        bool(raw.get("unknownInContainer", False)),
        tuple(raw.get("early", ())),
    )


def _mode(text: str) -> int:
    if not MODE.fullmatch(text):
        raise ValueError(f"mode {text!r} is not four octal digits starting with 0")
    return int(text, 8)


def references(bundle: Bundle) -> set[str]:
    """Names of every secret the bundle's files and probes refer to."""
    pieces = [piece for file in bundle.files for piece in file.content]
    pieces += [piece for name in (bundle.authority.names if bundle.authority else ()) for piece in name]
    pieces += [piece for probe in bundle.probes for text in (*probe.contains, *probe.lacks) for piece in text]
    return {piece["ref"] for piece in pieces if not isinstance(piece, str)}


def check_values(bundle: Bundle, values: dict[str, str]) -> None:
    """Refuse a missing or badly formed value, naming the reference and never the value."""
    for name in sorted(references(bundle)):
        if name not in values:
            raise Refusal(f"no value was given for the reference {name}; the bundle and its secrets do not match")
    for name, value in sorted(values.items()):
        if not isinstance(value, str) or not VALUE.fullmatch(value):
            raise Refusal(f"the value of {name} has characters or a length that are not allowed (not shown here)")


def resolve(pieces: tuple[Any, ...], values: dict[str, str]) -> str:
    """The text of pieces with every reference replaced by its value."""
    return "".join(piece if isinstance(piece, str) else values[piece["ref"]] for piece in pieces)


def redact(text: str, values: dict[str, str]) -> str:
    """Text with every resolved value of four or more characters replaced by its reference's name."""
    for name, value in sorted(values.items(), key=lambda item: -len(item[1])):
        if len(value) >= 4:
            text = text.replace(value, f"<{name}>")
    return text


def actions_due(bundle: Bundle, changed: set[str], also: Iterable[Action] = ()) -> list[Action]:
    """Actions whose files changed, and others, in order; a service that restarts is not reloaded as well."""
    wanted = tuple(also)
    due = [action for action in bundle.actions if action in wanted or changed.intersection(action.on_change)]
    restarted = {action.service for action in due if action.kind == "restart"}
    return [action for action in due if action.kind == "restart" or action.service not in restarted]
