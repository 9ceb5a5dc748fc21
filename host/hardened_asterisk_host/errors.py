"""The one exception type whose text is meant for the person who runs the command."""

from __future__ import annotations


class Refusal(Exception):
    """A refusal or failure: the text says what, where, and what to do, and never holds a secret."""


class Busy(Refusal):
    """Another run keeps the lock for longer than we may wait."""
