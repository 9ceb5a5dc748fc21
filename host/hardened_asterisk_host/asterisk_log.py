"""What Asterisk said while it booted: which lines are problems, and the exact few that are not."""

from __future__ import annotations

import re

ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
LEVEL = re.compile(r"\b(?:WARNING|ERROR)\[\d+\]")
MESSAGE = re.compile(r"^.*?\b(?:WARNING|ERROR)\[\d+\](?:\[C-[0-9a-f]+\])?:? (?P<where>[^ :]+):(?P<text>.*)$")

# Lines of the console that are not problems. Before its logger runs, Asterisk prints without a level, so any other
# console line is taken for a problem.
CONSOLE = (
    # Printed whenever it starts as its own user with no capabilities to keep, as our unit has it (main/asterisk.c).
    re.compile(r"Unable to install capabilities\."),
    # Printed at every start with the host's own identifier.
    re.compile(r"PBX UUID: [0-9a-f-]{36}"),
    # 22.10.1 prints it at every start: its documentation lacks an option that its code registers.
    re.compile(r"Could not find option 'minimum_size' with type 'threadpool' in module 'stasis'"),
)

# Messages that tell of the moment and not of the configuration.
PASSING = (
    # Thousands of phones announce their state at once while a busy machine boots (main/taskprocessor.c, 22.10.1).
    re.compile(
        r"taskprocessor\.c: Taskprocessor '[^']*' queue reached \d+ scheduled tasks \(high water mark: \d+\)[^.]*\."
    ),
)


def problems_in_log(text: str) -> list[str]:
    """WARNING and ERROR lines of a message log, without those that tell of the moment only."""
    lines = [line for line in text.splitlines() if LEVEL.search(line)]
    return [line for line in lines if not any(known.fullmatch(_message(line)) for known in PASSING)]


def problems_on_console(text: str) -> list[str]:
    """Console lines that are not known to be harmless."""
    lines = [ESCAPES.sub("", line).strip() for line in text.splitlines()]
    return [line for line in lines if line and not any(known.fullmatch(line) for known in CONSOLE)]


def _message(line: str) -> str:
    found = MESSAGE.match(line)
    return f"{found['where']}:{found['text']}" if found else line
