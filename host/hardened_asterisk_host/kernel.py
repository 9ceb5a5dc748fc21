"""The kernel's settings: which ones a generation sets, as they were before it, and put back."""

from __future__ import annotations

import fnmatch

from .commands import Commands, last_lines
from .generations import Generation

FOLDER = "/etc/sysctl.d/"


def save_settings(commands: Commands, generation: Generation) -> dict[str, str]:
    """Name → value now, of every setting that the generation's files name, also by a pattern such as `conf.*`."""
    texts = [generation.text(f).decode() for f in generation.bundle.files if f.path.startswith(FOLDER)]
    patterns = [pattern for text in texts for pattern in _names(text)]
    if not patterns:
        return {}
    live = _live(commands)
    return {name: live[name] for pattern in patterns for name in fnmatch.filter(live, pattern)}


def restore_settings(commands: Commands, saved: dict[str, str]) -> list[str]:
    """Write back what differs from the saved values. Returns what did not work."""
    if not saved:
        return []
    live = _live(commands)
    words = [f"{name}={value}" for name, value in saved.items() if live.get(name, value) != value]
    if not words:
        return []
    result = commands.run(["sysctl", "--quiet", "--write", *words])
    return (
        [] if result.status == 0 else [f"sysctl could not put the kernel's settings back: {last_lines(result.text, 3)}"]
    )


def _names(text: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines()]
    return [line.partition("=")[0].strip().lstrip("-") for line in lines if "=" in line and line[0] not in "#;"]


def _live(commands: Commands) -> dict[str, str]:
    # Some settings may not be read even by root; sysctl says so and goes on.
    pairs = [line.partition(" = ") for line in commands.run(["sysctl", "--all"]).out.splitlines()]
    return {name: value for name, found, value in pairs if found}
