"""Long work runs as a systemd unit and outlives the SSH session that asked for it; the session only follows along."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
import tempfile
import time
import traceback
from typing import Any, Callable

from .commands import Commands
from .errors import Refusal
from .lock import RUN
from .timer import AGENT, RECOVER

PREFIX = "hardened-asterisk-activate-"
UNIT_SECONDS = 3600
POLL_SECONDS = 0.1


def submit(commands: Commands, order: dict[str, Any]) -> dict[str, Any]:
    """Run an order as a unit, its progress on standard error; returns its receipt, raises Refusal as the unit did."""
    os.makedirs(RUN, mode=0o700, exist_ok=True)
    folder = tempfile.mkdtemp(prefix="job-", dir=RUN)
    unit = f"{PREFIX}{os.path.basename(folder)}.service"
    try:
        _put(f"{folder}/order.json", order)
        commands.must(
            [
                "systemd-run",
                "--quiet",
                "--collect",
                "--no-block",
                f"--unit={unit}",
                "--description=Activate a configuration of the PBX",
                f"--property=OnFailure={RECOVER}",
                f"--property=RuntimeMaxSec={UNIT_SECONDS}",
                AGENT,
                "work",
                "--folder",
                folder,
            ]
        )
        return _follow(commands, folder, unit)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def work(folder: str, perform: Callable[[dict[str, Any], Callable[[str], None]], dict[str, Any]]) -> int:
    """The unit's side: read and remove the order, perform it, leave the result. Status 0 or 1."""
    with open(f"{folder}/order.json", encoding="utf-8") as handle:
        order = json.load(handle)
    os.unlink(f"{folder}/order.json")
    try:
        result = {"receipt": perform(order, lambda text: _say(folder, text))}
    except Refusal as problem:
        print(f"refused: {problem}", file=sys.stderr, flush=True)
        result = {"refusal": str(problem)}
    except OSError as problem:
        traceback.print_exc()
        result = {"refusal": _words(problem)}
    if os.path.isdir(folder):
        _put(f"{folder}/result.json", result)
    return 0 if "receipt" in result else 1


def _words(problem: OSError) -> str:
    cure = "make room there" if problem.errno in (errno.ENOSPC, errno.EDQUOT) else "see the journal of this machine"
    return f"{problem.strerror or problem}: {problem.filename or 'while writing'}; {cure}, then run pulumi up again"


def kill_workers(commands: Commands) -> None:
    """End every activation that still runs; the recovery unit then puts things right."""
    commands.run(["systemctl", "kill", "--signal=KILL", f"{PREFIX}*"])


def _say(folder: str, text: str) -> None:
    """To the journal always; to the follower as long as it is there."""
    print(text, flush=True)
    try:
        with open(f"{folder}/progress", "a", encoding="utf-8") as handle:
            handle.write(text.replace("\n", " ") + "\n")
    except FileNotFoundError:
        return


def _follow(commands: Commands, folder: str, unit: str) -> dict[str, Any]:
    shown, looked = 0, time.monotonic()
    while True:
        finished = os.path.exists(f"{folder}/result.json")
        shown = _show(f"{folder}/progress", shown)
        if finished:
            break
        if time.monotonic() - looked > 1:
            looked = time.monotonic()
            if not _runs(commands, unit) and not os.path.exists(f"{folder}/result.json"):
                _await_recovery(commands)
                raise Refusal(
                    "the activation was killed on the host and what it had begun was undone; "
                    f"`journalctl -u {unit}` and `hardened-asterisk status` tell more; run pulumi up again"
                )
        time.sleep(POLL_SECONDS)
    with open(f"{folder}/result.json", encoding="utf-8") as handle:
        result = json.load(handle)
    if "refusal" in result:
        raise Refusal(result["refusal"])
    receipt: dict[str, Any] = result["receipt"]
    return receipt


def _show(path: str, shown: int) -> int:
    try:
        with open(path, encoding="utf-8") as handle:
            handle.seek(shown)
            text = handle.read()
    except FileNotFoundError:
        return shown
    sys.stderr.write(text)
    sys.stderr.flush()
    return shown + len(text.encode())


def _runs(commands: Commands, unit: str) -> bool:
    return commands.run(["systemctl", "is-active", unit]).out.strip() in ("active", "activating", "deactivating")


def _await_recovery(commands: Commands) -> None:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline and _runs(commands, RECOVER):
        time.sleep(POLL_SECONDS)


def _put(path: str, record: Any) -> None:
    handle = os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(record, stream)
    os.rename(path + ".new", path)
