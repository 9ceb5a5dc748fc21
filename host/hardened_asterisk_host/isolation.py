"""The examination of a staged generation: a child process in namespaces of its own, which leaves nothing behind."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from .bundle import redact
from .checks import check_after_boot, check_before_boot
from .commands import Commands, last_lines
from .disk import Disk
from .errors import Refusal
from .generations import Generation, Generations
from .host import Host
from .preflight import boot_isolated, host_addresses, make_network
from .timer import AGENT
from .view import View

SECONDS = 180


@dataclass(frozen=True)
class Isolation:
    """Examines a staged generation for the activation that runs on this host."""

    host: Host

    def examine(self, generation: Generation) -> None:
        """Check every staged file by its own tool and boot the staged Asterisk apart; raises Refusal with the cause."""
        # The process namespace ends every process in it with its first one, the mount namespace with its last.
        namespaces = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
        refusals: list[str] = []
        other: list[str] = []

        def line(text: str) -> None:
            record = _record(text)
            if record is None:
                other.append(text)
            elif "refusal" in record:
                refusals.append(record["refusal"])
            else:
                self.host.progress(redact(record["progress"], generation.values))

        status = self.host.commands.stream(
            [*namespaces, AGENT, "isolate", "--generation", generation.name], line, SECONDS
        )
        if refusals:
            raise Refusal(f"{refusals[0]}; nothing was changed")
        if status != 0:
            words = last_lines("\n".join(other), 3) or "it said nothing"
            raise Refusal(f"the examination in isolation ended with {status}: {words}; nothing was changed")


def isolate(name: str) -> int:
    """The child: build the private view, check, boot, check again. One JSON line per message; status 0 or 1."""
    commands, disk = Commands(), Disk()
    store = Generations(disk)
    generation = store.load(name)
    current = store.load(store.current) if store.current else None
    try:
        if generation is None:
            raise Refusal(f"generation {name} is not staged")
        view = View(commands, disk)
        addresses = host_addresses(commands)
        view.build(generation, current)
        check_before_boot(commands, disk, generation, _progress)
        _boot(commands, view.log_directory, addresses)
        check_after_boot(commands, generation, _progress)
    except Refusal as problem:
        _say(refusal=str(problem))
        return 1
    return 0


def boot(log_directory: str, addresses: list[str]) -> int:
    """The child's child, in a network namespace of its own: boot the staged Asterisk. Status 0 or 1."""
    commands = Commands()
    try:
        make_network(commands, addresses)
        boot_isolated(commands, Disk(), log_directory, _progress)
    except Refusal as problem:
        _say(refusal=str(problem))
        return 1
    return 0


def _boot(commands: Commands, log_directory: str, addresses: list[str]) -> None:
    argv = ["unshare", "--net", AGENT, "boot-isolated", "--log-directory", log_directory, *addresses]
    said: list[str] = []
    refused: list[str] = []

    def line(text: str) -> None:
        record = _record(text)
        if record is not None and "refusal" in record:
            refused.append(record["refusal"])
        elif record is not None:
            _say(**record)
        else:
            said.append(text)

    status = commands.stream(argv, line, SECONDS)
    if refused or status != 0:
        raise Refusal(
            refused[0] if refused else f"booting in isolation failed ({status}): {last_lines(chr(10).join(said), 3)}"
        )


def _progress(text: str) -> None:
    _say(progress=text)


def _say(**record: Any) -> None:
    print(json.dumps(record), flush=True)


def _record(text: str) -> dict[str, Any] | None:
    try:
        record = json.loads(text)
    except ValueError:
        return None
    return record if isinstance(record, dict) and ("progress" in record or "refusal" in record) else None
