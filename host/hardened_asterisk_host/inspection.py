"""The live host compared with a generation: files, packages, services, certificate, and what probes say."""

from __future__ import annotations

from dataclasses import dataclass

from . import packages
from .bundle import Action, Package, redact
from .certificate import good_for, presented
from .generations import Generation
from .host import Host
from .plan import make_plan
from .probes import run_probes
from .statoverride import current_overrides, overrides_for
from .systemd import ASTERISK, STANDING


@dataclass(frozen=True)
class Check:
    """One thing that must be as the generation says; `why` is empty when it is, `service` whose effect it is."""

    what: str
    why: str = ""
    service: str = ""
    # Cannot be seen here: neither well nor drift.
    unknown: bool = False

    @property
    def ok(self) -> bool:
        """Whether nothing is known to be wrong with it."""
        return self.unknown or not self.why

    @property
    def mark(self) -> str:
        """How a person reads it at the start of a line."""
        return "?   " if self.unknown else "ok  " if self.ok else "FAIL"


def inspect(host: Host, generation: Generation) -> list[Check]:
    """Everything a generation says, compared with the host; probes that disagree are given a few seconds."""
    return [*inspect_files(host, generation), *_inspect_machine(host, generation), *inspect_effect(host, generation)]


def inspect_files(host: Host, generation: Generation) -> list[Check]:
    """The generation's files and directories, and what does not belong there."""
    plan = make_plan(host.disk, generation, generation)
    differing = {file.path for file in plan.writes}
    checks = []
    for file in generation.bundle.files:
        why = "missing" if host.disk.entry(file.path).kind == "absent" else "content, owner or mode differs"
        checks.append(Check(f"file {file.path}", why if file.path in differing else ""))
    checks += [Check(f"file {path}", "does not belong here") for path in plan.removals]
    checks += [Check(f"directory {directory.path}", "owner or mode differs") for directory in plan.directories]
    return checks


def _inspect_machine(host: Host, generation: Generation) -> list[Check]:
    bundle = generation.bundle
    lacking = packages.lacking(host, bundle.packages)
    checks = [Check(f"package {p.name}", _why_lacking(p)) for p in lacking]
    have = current_overrides(host.commands)
    off = [path for path, text in overrides_for(host.commands, bundle).items() if have.get(path) != text]
    checks += [Check(f"owner and mode of {path}", "not kept through package upgrades") for path in off]
    for unit in bundle.services:
        state = host.systemd.state(unit)
        standing = "" if state["enablement"] in STANDING else state["enablement"]
        checks.append(
            Check(f"service {unit}", ", ".join(["not running"] * (not state["active"]) + [standing] * bool(standing)))
        )
    if bundle.authority is not None:
        good, shown = good_for(host, generation), presented(host, bundle.authority)
        checks.append(Check("certificate", "" if good else "missing, foreign or about to expire"))
        checks.append(Check("certificate in effect", "" if shown else "phones are shown another, or none", "asterisk"))
    return checks


def _why_lacking(package: Package) -> str:
    if package.sha256:
        return "missing, or not out of the file that was delivered"
    return f"missing or below {package.minimum}" if package.minimum else "missing"


def inspect_effect(host: Host, generation: Generation) -> list[Check]:
    """The generation's probes, without secrets in what they answered."""
    services = {probe.id: probe.service for probe in generation.bundle.probes}
    rows = run_probes(host, generation)
    return [
        Check(f"probe {r['id']}", redact(r.get("why", ""), generation.values), services[r["id"]], r["ok"] is None)
        for r in rows
    ]


def drift(checks: list[Check]) -> list[str]:
    """What disagrees, in words."""
    return [f"{check.what}: {check.why}" for check in checks if not check.ok]


def repairs(generation: Generation, checks: list[Check]) -> list[Action]:
    """Actions that bring services' own files into effect again, without asterisk's restart, which cuts calls."""
    services = {check.service for check in checks if not check.ok}
    actions = [action for action in generation.bundle.actions if action.service in services]
    return [action for action in actions if action.kind == "reload" or action.unit != ASTERISK]
