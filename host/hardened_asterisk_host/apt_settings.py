"""Where apt fetches from, by its own settings: its proxies, its sources, and the mirrors that a file names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from .commands import Commands
from .disk import Disk

# apt-transport-http(1): for a protocol, for one host of it, and by a program that is asked for each address.
PROXY = re.compile(r'Acquire::[a-z0-9+-]+::Proxy(?:::[^" ]+)? "([^"]+)";', re.IGNORECASE)
DETECTED = re.compile(r'Acquire::[a-z0-9+-]+::(?:Proxy-Auto-Detect|ProxyAutoDetect) "[^"]+";', re.IGNORECASE)
FOUND = re.compile(r"Using proxy '([^']+)' for URL")
PORTS = {"http": 80, "https": 443, "socks5h": 1080}
MIRROR_FILE = "mirror+file:"
# A name may stand for many sources; no machine has so many.
MOST = 64
ANSWER_SECONDS = 30


class Server(NamedTuple):
    """A machine that apt speaks to over TCP: its name or address, and the port."""

    name: str
    port: int


def servers(commands: Commands, disk: Disk, also: Iterable[str] = ()) -> list[Server]:
    """Every server of apt's proxies and sources, and of the addresses in `also`; each once and sorted."""
    sources = _sources(commands, disk)
    found = {server_of(address) for address in (*_proxies(commands, sources), *sources, *also)}
    return sorted(server for server in found if server is not None)[:MOST]


def server_of(address: str) -> Server | None:
    """The server of an address such as `http://proxy.example:3128/`; None when it names none, as DIRECT does."""
    try:
        parts = urlsplit(address.strip())
        port = parts.port or PORTS.get(parts.scheme)
        return Server(parts.hostname, port) if parts.hostname and port else None
    except ValueError:
        return None


def _proxies(commands: Commands, sources: list[str]) -> list[str]:
    settings = commands.run(["apt-config", "dump"]).out
    given = PROXY.findall(settings)
    if not DETECTED.search(settings):
        return given
    # As apt's methods ask it, without root's rights.
    ask = ["runuser", "-u", "_apt", "--", "/usr/lib/apt/apt-helper", "auto-detect-proxy", *sources]
    return [*given, *FOUND.findall(commands.run(ask, seconds=ANSWER_SECONDS).out)]


def _sources(commands: Commands, disk: Disk) -> list[str]:
    listed = commands.run(["apt-get", "indextargets", "--format", "$(REPO_URI)"]).out.splitlines()
    found: list[str] = []
    for address in dict.fromkeys(listed):
        found += _mirrors(disk, address[len(MIRROR_FILE) :]) if address.startswith(MIRROR_FILE) else [address]
    return [address for address in found if server_of(address)]


def _mirrors(disk: Disk, path: str) -> list[str]:
    """What a list of mirrors holds: an address a line, with options behind it (apt-transport-mirror(1))."""
    path = path.rstrip("/")
    if disk.entry(path).kind != "file":
        return []
    return [line.split()[0] for line in disk.read(path).decode(errors="replace").splitlines() if line.split()]
