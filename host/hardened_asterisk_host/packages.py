"""Packages: what is missing or too old, and apt with its output kept for the journal and the error."""

from __future__ import annotations

import time
from collections.abc import Iterable

from . import apt_locks, apt_servers, package_files
from .bundle import Package
from .commands import last_lines
from .errors import Refusal
from .host import Host

APT_SECONDS = 1200
HEARTBEAT_SECONDS = 5
KEEP = "--force-confold"
SOURCES = (
    "make the package sources in /etc/apt reachable from this machine (route, DNS, proxy) "
    "until `apt-get update` succeeds"
)
APT = (
    "apt-get",
    "--yes",
    "--quiet",
    "--option=DPkg::Lock::Timeout=300",
    "--option=Acquire::Retries=2",
    "--option=Acquire::http::Timeout=20",
    "--option=Acquire::https::Timeout=20",
)


# Debian's own, and the one that is made for a release without.
CARRY_ASTERISK = ("asterisk", "hardened-asterisk-asterisk")


def carry_asterisk(packages: Iterable[Package]) -> bool:
    """Whether Asterisk itself is among them."""
    return any(package.name in CARRY_ASTERISK for package in packages)


def lacking(host: Host, packages: Iterable[Package]) -> list[Package]:
    """Packages that are not installed, below their minimum version, or not out of the file they must come from."""
    return [package for package in packages if not _satisfied(host, package)]


def _satisfied(host: Host, package: Package) -> bool:
    commands = host.commands
    answer = commands.run(["dpkg-query", "-W", "-f=${db:Status-Status} ${Version}", package.name])
    status, _, version = answer.out.partition(" ")
    if answer.status != 0 or status != "installed":
        return False
    if package.sha256 and not package_files.is_installed(host, package, version):
        return False
    compare = ["dpkg", "--compare-versions", version, "ge", package.minimum]
    return not package.minimum or commands.run(compare).status == 0


def install(host: Host, packages: list[Package]) -> None:
    """Install packages by apt, keeping existing configuration files; raises Refusal with apt's words and a cure."""
    # Our own firewall is loaded by now, and closes what is not open to apt by its settings.
    permitted = apt_servers.permit(host, [package.url for package in packages if package.url])
    if permitted:
        host.progress(permitted)
    files = {package.name: package_files.have(host, package) for package in packages if package.sha256}
    names = list(dict.fromkeys(package.name for package in packages))
    host.progress(f"installing packages: {' '.join(names)}")
    _finish_interrupted(host)
    _apt(host, ["update"], "apt-get update", SOURCES)
    options = ["--no-install-recommends", f"--option=Dpkg::Options::={KEEP}"]
    # The same version may have been built anew, or an older one be asked for by its digest.
    options += ["--allow-downgrades", "--reinstall"] if files else []
    asked = [files.get(name, name) for name in names]
    title = f"apt-get install {' '.join(asked)}"
    _apt(host, ["install", *options, *asked], title, f"run `{title}` on this machine to see and mend it")
    for package in packages:
        if package.sha256:
            package_files.note_installed(host, package)
    still = lacking(host, packages)
    if still:
        wanted = ", ".join(f"{p.name} {('≥ ' + p.minimum) if p.minimum else ''}".strip() for p in still)
        raise Refusal(f"apt's newest packages do not give {wanted}; add a package source that carries it")


def _finish_interrupted(host: Host) -> None:
    """An earlier installation that was killed blocks apt until dpkg has finished it; asterisk stays masked."""
    # While another installation runs, dpkg counts what that one has not finished yet.
    apt_locks.wait_until_free(host)
    if host.commands.run(["dpkg", "--audit"]).out.strip():
        host.progress("finishing an interrupted installation")
        # What dpkg cannot finish, apt installs anew; if it cannot either, it says why.
        host.commands.run(["dpkg", "--configure", "--pending", KEEP], seconds=APT_SECONDS)


def _apt(host: Host, arguments: list[str], title: str, cure: str) -> None:
    deadline = host.elapsed() + apt_locks.PATIENCE_SECONDS
    while True:
        apt_locks.wait_until_free(host)
        status, lines = _apt_once(host, arguments, title)
        # Somebody may take a lock between our look and apt's.
        if status == 0 or not apt_locks.was_taken(lines) or host.elapsed() >= deadline:
            break
        host.progress(f"{title}: another program took apt's lock first; trying again")
        host.wait(apt_locks.STEP_SECONDS)
    failed = [text for text in lines if text.startswith(("E:", "Err:", "W: Failed", "dpkg: error"))]
    # apt-get update exits 0 when it cannot reach a source; the installation would then fail less clearly.
    if status == 0 and not (arguments[0] == "update" and failed):
        return
    words = " | ".join(failed[-3:]) or last_lines("\n".join(lines), 3)
    raise Refusal(f"{title} failed ({status}): {words.rstrip('. ')}; {cure}, then run pulumi up again")


def _apt_once(host: Host, arguments: list[str], title: str) -> tuple[int, list[str]]:
    """apt's status and lines; what lasts is shown as progress."""
    lines: list[str] = []
    said = [time.monotonic()]

    def line(text: str) -> None:
        lines.append(text)
        print(f"apt: {text}", flush=True)
        if time.monotonic() - said[0] > HEARTBEAT_SECONDS:
            said[0] = time.monotonic()
            host.progress(f"{title}: {text[:100]}")

    return host.commands.stream([*APT, *arguments], line, APT_SECONDS), lines
