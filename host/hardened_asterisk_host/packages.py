"""Packages: what is missing or too old, and apt with its output kept for the journal and the error."""

from __future__ import annotations

import time
from collections.abc import Iterable

from .bundle import Package
from .commands import Commands, last_lines
from .errors import Refusal
from .host import Host

APT_SECONDS = 1200
HEARTBEAT_SECONDS = 5
APT = (
    "apt-get",
    "--yes",
    "--quiet",
    "--option=DPkg::Lock::Timeout=300",
    "--option=Acquire::Retries=2",
    "--option=Acquire::http::Timeout=20",
    "--option=Acquire::https::Timeout=20",
)


def lacking(commands: Commands, packages: Iterable[Package]) -> list[Package]:
    """Packages that are not installed or below their minimum version."""
    return [package for package in packages if not _satisfied(commands, package)]


def _satisfied(commands: Commands, package: Package) -> bool:
    answer = commands.run(["dpkg-query", "-W", "-f=${db:Status-Status} ${Version}", package.name])
    status, _, version = answer.out.partition(" ")
    if answer.status != 0 or status != "installed":
        return False
    compare = ["dpkg", "--compare-versions", version, "ge", package.minimum]
    return not package.minimum or commands.run(compare).status == 0


def install(host: Host, packages: list[Package]) -> None:
    """Install packages by apt, keeping existing configuration files; raises Refusal with apt's words and a cure."""
    names = [package.name for package in packages]
    host.progress(f"installing packages: {' '.join(names)}")
    _apt(host, ["update"], "apt-get update")
    options = ["--no-install-recommends", "--option=Dpkg::Options::=--force-confold"]
    _apt(host, ["install", *options, *names], f"apt-get install {' '.join(names)}")
    still = lacking(host.commands, packages)
    if still:
        wanted = ", ".join(f"{p.name} {('≥ ' + p.minimum) if p.minimum else ''}".strip() for p in still)
        raise Refusal(
            f"apt installed its newest packages, yet {wanted} is not met; add a package source that carries it"
        )


def _apt(host: Host, arguments: list[str], title: str) -> None:
    lines: list[str] = []
    said = [time.monotonic()]

    def line(text: str) -> None:
        lines.append(text)
        print(f"apt: {text}", flush=True)
        if time.monotonic() - said[0] > HEARTBEAT_SECONDS:
            said[0] = time.monotonic()
            host.progress(f"{title}: {text[:100]}")

    status = host.commands.stream([*APT, *arguments], line, APT_SECONDS)
    failed = [text for text in lines if text.startswith(("E:", "Err:", "W: Failed", "dpkg: error"))]
    # apt-get update exits 0 when a source cannot be reached; the installation would then fail less clearly.
    if status == 0 and not (arguments[0] == "update" and failed):
        return
    words = " | ".join(failed[-3:]) or last_lines("\n".join(lines), 3)
    raise Refusal(
        f"{title} failed ({status}): {words}. Nothing was changed: make the package sources in /etc/apt reachable "
        "from this machine (route, DNS, proxy), check with `apt-get update`, then run pulumi up again"
    )
