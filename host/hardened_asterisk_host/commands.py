"""Child processes: argv lists only, a time limit always."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Callable

from .child_output import TooMuch, collect
from .errors import Refusal
from .servers import without_rights

ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LC_ALL": "C.UTF-8",
    "DEBIAN_FRONTEND": "noninteractive",
    "SYSTEMD_COLORS": "0",
    "SYSTEMD_PAGER": "",
}


@dataclass(frozen=True)
class Result:
    """What a command did: exit status (124 when it ran out of time, 127 when absent) and its two outputs."""

    status: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """Both outputs, trimmed."""
        return (self.out + "\n" + self.err).strip()


class Commands:
    """Runs the host's own tools, without rights where they ask a server of another user's. Tests simulate a host."""

    def run(self, argv: Sequence[str], stdin: str | None = None, seconds: float = 60) -> Result:
        """Run argv to its end; never raises: absence is status 127, no end within `seconds` 124, of output 125."""
        try:
            process = subprocess.Popen(
                without_rights(argv),
                stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=ENVIRONMENT,
                cwd="/",
            )
            out, err = collect(process, None if stdin is None else stdin.encode(), seconds)
        except FileNotFoundError:
            return Result(127, "", f"{argv[0]}: not installed")
        except subprocess.TimeoutExpired:
            return Result(124, "", f"{argv[0]}: no answer within {seconds:g} s")
        except TooMuch:
            return Result(125, "", f"{argv[0]}: its answer has no end; it was cut off")
        return Result(process.returncode, _text(out), _text(err))

    def must(self, argv: Sequence[str], stdin: str | None = None, seconds: float = 60) -> str:
        """Run argv and return its standard output; raises Refusal with the tool's own words when it fails."""
        result = self.run(argv, stdin, seconds)
        if result.status != 0:
            raise Refusal(f"{' '.join(argv)} failed ({result.status}): {last_lines(result.text, 4)}")
        return result.out

    def stream(self, argv: Sequence[str], line: Callable[[str], None], seconds: float) -> int:
        """Run argv handing over each output line as it comes; status 124 after `seconds`, when it is ended."""
        process = subprocess.Popen(
            ["timeout", "--kill-after=10", f"{seconds:g}", *argv],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=ENVIRONMENT,
            cwd="/",
        )
        assert process.stdout is not None  # noqa: S101 - tells the type checker what PIPE means
        for text in process.stdout:
            line(text.rstrip("\n"))
        return process.wait()

    def exists(self, path: str) -> bool:
        """Whether a tool or marker lies at this absolute path."""
        return os.path.exists(path)


def _text(output: bytes) -> str:
    return output.decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n")


def last_lines(text: str, count: int) -> str:
    """The last `count` non-empty lines, joined by ` | `."""
    return " | ".join([line.strip() for line in text.splitlines() if line.strip()][-count:])
