"""activate: makes a bundle true on this host, or leaves everything as it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable

from . import packages, timer
from .actions import bring_up_services, restarts, retire_services, run_actions
from .bundle import Action, Package, actions_due, digest, redact
from .calls import refuse_restart_with_calls
from .certificate import ca_certificate, ensure_certificate
from .ended_credentials import changed_phones, end_credentials
from .errors import Refusal
from .firewall import tables_in
from .generations import Generation, Generations
from .host import Host, stamp
from .inspection import Check, drift, inspect, inspect_files, repairs
from .outdated import restarts_for
from .plan import Plan, make_plan
from .probes import failures, refuse_early, run_probes, without_reasons
from .statoverride import overrides_for, set_overrides
from .swap import swap
from .systemd import ASTERISK
from .transaction import recover, undo_transaction
from .undo import save_undo

# Beyond the probes' own limits: what swap, actions and service starts may take before the backstop undoes them.
SLACK_SECONDS = 300


@dataclass(frozen=True)
class Request:
    """What `activate` was asked: the bundle's text, its values, and the names that go into the receipt."""

    generation: str
    bundle: str
    values: dict[str, str]
    secrets_digest: str
    host_identity: str


@dataclass(frozen=True)
class Activator:
    """The host, its memory, and the examination of a staged generation in isolation (raises Refusal)."""

    host: Host
    store: Generations
    examine: Callable[[Generation], None]

    def activate(self, request: Request) -> dict[str, Any]:
        """Activate and return the receipt, armed or already confirmed; raises Refusal after undoing everything."""
        self._recover_predecessor(request.generation)
        known = self._known(request)
        transaction = self.store.transaction
        if transaction is not None and known is not None:
            return self._rearm(known)
        current = self._current()
        if known is not None and current is not None and known.name == current.name:
            return self._keep(known)
        return self._apply(known or self._stage(request), current, inspect_files(self.host, current) if current else [])

    def reactivate(self, name: str) -> dict[str, Any]:
        """Activate a generation whose stage is kept; raises Refusal when it is not known here."""
        self._recover_predecessor(name)
        generation = self.store.load(name)
        if generation is None:
            raise Refusal(f"generation {name} is not known here; deliver it with pulumi up")
        if self.store.transaction is not None:
            return self._rearm(generation)
        current = self._current()
        return self._apply(generation, current, inspect_files(self.host, current) if current else [])

    def _keep(self, generation: Generation) -> dict[str, Any]:
        """The confirmed generation again: nothing when the host is as it says, else what drifted is put right."""
        self.host.progress(f"{generation.name} is confirmed; comparing it with the machine")
        checks = inspect(self.host, generation)
        for line in drift(checks):
            self.host.progress(f"drifted: {line}")
        if drift(checks):
            return self._apply(generation, generation, checks)
        self.host.progress(f"{generation.name} is in effect: nothing to do")
        receipt = self.store.receipt(generation.name) or {}
        if receipt.get("drift"):
            self.store.update_receipt(generation.name, drift=[])
        return {**receipt, "changed": [], "actions": [], "drift": []}

    def _rearm(self, generation: Generation) -> dict[str, Any]:
        seconds = generation.bundle.rollback_seconds
        self.store.save_transaction({**(self.store.transaction or {}), "deadline": self.host.now() + seconds})
        timer.arm(self.host.commands, generation.name, seconds)
        self.host.progress(f"{generation.name} is already active and waits to be confirmed; its rollback starts anew")
        return self.store.receipt(generation.name) or {}

    def _recover_predecessor(self, name: str) -> None:
        self.store.prepare()
        note = recover(self.host, self.store)
        if note:
            self.host.progress(note)
        open_one = self.store.transaction
        if open_one is not None and open_one["generation"] != name:
            self.host.progress(f"undoing {open_one['generation']}, which nobody confirmed")
            undo_transaction(self.host, self.store, f"{name} was activated before it was confirmed")

    def _known(self, request: Request) -> Generation | None:
        """The staged generation of this name, when it is what was asked for."""
        receipt = self.store.receipt(request.generation)
        if receipt is None:
            return None
        if (receipt["bundle"], receipt["secretsDigest"]) != (digest(request.bundle.encode()), request.secrets_digest):
            raise Refusal(f"generation {request.generation} names another configuration here; use a new generation")
        return self.store.load(request.generation)

    def _current(self) -> Generation | None:
        return self.store.load(self.store.current) if self.store.current else None

    def _stage(self, request: Request) -> Generation:
        self.host.progress(f"staging generation {request.generation}")
        facts = {
            "bundle": digest(request.bundle.encode()),
            "secretsDigest": request.secrets_digest,
            "hostIdentity": request.host_identity,
            "previous": self.store.current,
            "at": stamp(self.host.now()),
        }
        try:
            return self.store.stage(request.generation, request.bundle, request.values, facts)
        except OSError:
            self.store.forget(request.generation)
            raise

    def _apply(self, generation: Generation, current: Generation | None, checks: list[Check]) -> dict[str, Any]:
        try:
            return self._attempt(generation, current, checks)
        except Exception as problem:  # whatever went wrong, the host is put back
            words = str(problem) if isinstance(problem, Refusal) else f"{type(problem).__name__}: {problem}"
            cause = redact(words, generation.values)
            if self.store.transaction is None:
                if current is None or current.name != generation.name:
                    self.store.update_receipt(generation.name, state="failed", reason=cause)
                raise Refusal(cause) from None
            self.host.progress("that failed; putting everything back as it was")
            rest = undo_transaction(self.host, self.store, cause)
            raise Refusal("; ".join([cause, "everything was put back (installed packages stay)", *rest])) from None

    def _attempt(self, generation: Generation, current: Generation | None, checks: list[Check]) -> dict[str, Any]:
        refuse_early(self.host, generation)
        missing = packages.lacking(self.host, generation.bundle.packages)
        saved_tables = self._packages(generation, missing)
        issued = ensure_certificate(self.host, generation)
        self.examine(generation)
        plan = make_plan(self.host.disk, generation, current)
        also = [*repairs(generation, checks), *restarts_for(self.host, generation, missing)]
        due = actions_due(generation.bundle, plan.changed | issued, also)
        if any(a.kind == "restart" and a.unit == ASTERISK for a in due) and not generation.bundle.restart_with_calls:
            refuse_restart_with_calls(self.host)
        self._open(generation, current, plan, saved_tables)
        retire_services(self.host, generation, current)
        rows = self._make_live(generation, plan, due, repairing=current == generation)
        # Before the transaction is armed: cut short, it is undone, and with the old passwords their proofs are right.
        end_credentials(self.host, generation, changed_phones(current, generation))
        return self._arm(generation, current, plan, {**rows, "drift": drift(checks)})

    def _packages(self, generation: Generation, missing: list[Package]) -> list[Any] | None:
        """Install what is missing. Returns the tables as they were when ours had to be loaded first, else None."""
        host, bundle = self.host, generation.bundle
        if not missing:
            return None
        if packages.carry_asterisk(missing) and not bundle.restart_with_calls:
            refuse_restart_with_calls(host)
        tools = [package for package in missing if package.name == "nftables"]
        if tools:
            packages.install(host, tools)
        host.progress("checking nftables rules")
        host.firewall.check(generation.staged(bundle.firewall))
        asterisk = host.systemd.state(ASTERISK)
        saved = self._shield(generation, asterisk) if asterisk["enablement"] == "not-found" else None
        packages.install(host, [package for package in missing if package.name != "nftables"] or missing)
        return saved

    def _shield(self, generation: Generation, asterisk: dict[str, Any]) -> list[Any]:
        """Before asterisk's first installation: our firewall is up and asterisk cannot start."""
        host, path = self.host, generation.staged(generation.bundle.firewall)
        saved = host.firewall.save(tables_in(host.disk.read(path).decode()))
        record = self._record(generation, "packages")
        self.store.save_transaction({**record, "tables": saved, "units": [asterisk]})
        host.progress("loading the firewall and masking asterisk before its first installation")
        host.firewall.load(path)
        host.systemd.mask(ASTERISK)
        return saved

    def _record(self, generation: Generation, phase: str) -> dict[str, Any]:
        return {
            "format": 1,
            "generation": generation.name,
            "previous": self.store.current,
            "phase": phase,
            "boot": self.host.boot,
        }

    def _open(self, generation: Generation, current: Generation | None, plan: Plan, tables: list[Any] | None) -> None:
        self.host.progress(f"saving undo copies; {len(plan.writes)} files to write, {len(plan.removals)} to remove")
        save_undo(self.host, generation, current, plan, tables)
        self.store.save_transaction(self._record(generation, "open"))
        within = sum(int(probe.within) for probe in generation.bundle.probes)
        timer.arm(self.host.commands, generation.name, generation.bundle.rollback_seconds + within + SLACK_SECONDS)

    def _make_live(self, generation: Generation, plan: Plan, due: list[Action], repairing: bool) -> dict[str, Any]:
        host = self.host
        swap(host.disk, generation, plan)
        set_overrides(host.commands, overrides_for(host.commands, generation.bundle))
        if any(path.startswith("/etc/systemd/") for path in plan.changed):
            host.systemd.reload_manager()
        actions = run_actions(host, due)
        bring_up_services(host, generation)
        host.progress(f"running {len(generation.bundle.probes)} probes")
        probes = run_probes(host, generation)
        of_machine = [probe.id for probe in generation.bundle.probes if probe.service == "machine"]
        if repairing and any(row["ok"] is False and row["id"] not in of_machine for row in probes):
            actions += self._restart(generation)
            probes = run_probes(host, generation)
        if failures(probes):
            raise Refusal(failures(probes))
        return {"actions": actions, "probes": without_reasons(probes)}

    def _restart(self, generation: Generation) -> list[dict[str, Any]]:
        """The last means against drift, when nothing that can be reloaded helped."""
        self.host.progress("reloading was not enough: asterisk has to restart")
        if not generation.bundle.restart_with_calls:
            refuse_restart_with_calls(self.host)
        return run_actions(self.host, restarts(generation))

    def _arm(
        self, generation: Generation, current: Generation | None, plan: Plan, rows: dict[str, Any]
    ) -> dict[str, Any]:
        host, seconds = self.host, generation.bundle.rollback_seconds
        before = self.store.receipt(generation.name) or {}
        repaired = current is not None and current.name == generation.name
        receipt = {
            **{key: value for key, value in before.items() if key != "reason"},
            **rows,
            "state": "armed",
            "changed": sorted(plan.changed),
            "previous": before.get("previous") if repaired else self.store.current,
            "at": stamp(host.now()),
            **ca_certificate(host, generation),
        }
        host.disk.sync_everything()
        self.store.save_receipt(receipt)
        self.store.save_transaction({**self._record(generation, "armed"), "deadline": host.now() + seconds})
        timer.arm(host.commands, generation.name, seconds)
        host.progress(f"{generation.name} is active; it undoes itself in {seconds} s unless confirmed")
        return receipt
