"""Text that somebody else wrote, on a terminal or in a log."""

from __future__ import annotations

MOST = 240


def shown(text: str, most: int = MOST) -> str:
    """Text safe on a terminal: no control character, nothing beyond ASCII, at most `most` characters."""
    plain = text.encode("unicode_escape").decode("ascii")
    return plain if len(plain) <= most else f"{plain[:most]}…"
