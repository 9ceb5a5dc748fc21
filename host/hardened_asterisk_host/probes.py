"""Probes: the host is asked whether the configuration is in effect."""

from __future__ import annotations

from typing import Any

from .bundle import Probe, resolve
from .commands import last_lines
from .errors import Refusal
from .generations import Generation
from .host import Host

STEP_SECONDS = 0.25
ANSWER_SECONDS = 15
SHOWN = 10
# A socket that a short-lived program has for a moment is not refused.
EARLY_LOOKS = 3
EARLY_SECONDS = 1.0


def run_probes(host: Host, generation: Generation) -> list[dict[str, Any]]:
    """Run every probe, repeating it until it agrees or its time is up. Rows: id, ok (None: unknown), and why not.

    After one that never agreed the others are asked once: what they wait for is mostly the same.
    """
    rows: list[dict[str, Any]] = []
    contained = host.commands.run(["systemd-detect-virt", "--container", "--quiet"]).status == 0
    for probe in generation.bundle.probes:
        if contained and probe.unknown_in_container:
            rows.append(
                {"id": probe.id, "ok": None, "why": "unknown: this is a container, and only its machine has it"}
            )
            continue
        patient = all(row["ok"] is not False for row in rows)
        why = _until(host, generation, probe, probe.within if patient else 0)
        rows.append({"id": probe.id, "ok": True} if why is None else {"id": probe.id, "ok": False, "why": why})
    return rows


def refuse_early(host: Host, generation: Generation) -> None:
    """Ask what can be known before anything is installed; raises Refusal with every sentence of the answer."""
    for probe in generation.bundle.probes:
        if not probe.early:
            continue
        result = host.commands.run(probe.early, seconds=ANSWER_SECONDS)
        for _ in range(EARLY_LOOKS - 1):
            if result.status != 0:
                host.wait(EARLY_SECONDS)
                result = host.commands.run(probe.early, seconds=ANSWER_SECONDS)
        if result.status != 0:
            words = last_lines(result.text, SHOWN) or f"`{' '.join(probe.early)}` exits {result.status}"
            raise Refusal(f"{words}, then run pulumi up again (nothing was installed)")


def without_reasons(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows as the receipt holds them: id, and ok where it is known."""
    return [{key: row[key] for key in ("id", "ok") if row[key] is not None} for row in rows]


def failures(rows: list[dict[str, Any]]) -> str:
    """The probes that disagree and why, on one line."""
    return "; ".join(f"probe {row['id']}: {row['why']}" for row in rows if row["ok"] is False)


def _until(host: Host, generation: Generation, probe: Probe, seconds: float) -> str | None:
    deadline = host.elapsed() + seconds
    said = False
    while True:
        why = _once(host, generation, probe)
        if why is None or host.elapsed() >= deadline:
            return why
        if not said and deadline - host.elapsed() < seconds - 2:
            host.progress(f"waiting for probe {probe.id}")
            said = True
        host.wait(STEP_SECONDS)


def _once(host: Host, generation: Generation, probe: Probe) -> str | None:
    result = host.commands.run(probe.argv, seconds=ANSWER_SECONDS)
    command = " ".join(probe.argv)
    # Consoles align with runs of blanks whose width follows other lines.
    said = _one_blank(result.out)
    if result.status != 0:
        return f"`{command}` exits {result.status}: {last_lines(result.text, 3)}"
    for number, pieces in enumerate(probe.contains, 1):
        if resolve(pieces, generation.values) not in said:
            return f"`{command}` does not say expected text {number} ({_shown(pieces)})"
    for number, pieces in enumerate(probe.lacks, 1):
        if resolve(pieces, generation.values) in said:
            return f"`{command}` says forbidden text {number} ({_shown(pieces)})"
    return None


def _one_blank(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.splitlines())


def _shown(pieces: tuple[Any, ...]) -> str:
    return "".join(piece if isinstance(piece, str) else f"<{piece['ref']}>" for piece in pieces)
