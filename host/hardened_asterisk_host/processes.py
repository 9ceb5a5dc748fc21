"""What /proc says about a process: its name, and the systemd unit that it belongs to."""

from __future__ import annotations

UNIT_KINDS = (".service", ".scope")


def name_of(pid: int, proc: str = "/proc") -> str:
    """The kernel's name of a process, printable characters only; empty when it has ended."""
    return "".join(letter for letter in _read(f"{proc}/{pid}/comm").strip() if letter.isprintable())


def service_of(pid: int, proc: str = "/proc") -> str:
    """The service that a process runs in, for example `nginx.service`; empty for a login's or the kernel's."""
    for line in _read(f"{proc}/{pid}/cgroup").splitlines():
        units = [part for part in line.split(":", 2)[-1].split("/") if part.endswith(UNIT_KINDS)]
        # A login's processes lie in a scope, which nobody disables; a user's manager is a service around its own.
        if units and units[-1].endswith(".service") and not units[0].startswith("user@") and units[-1].isprintable():
            return units[-1]
    return ""


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as handle:
            return handle.read(4096)
    except OSError:
        return ""
