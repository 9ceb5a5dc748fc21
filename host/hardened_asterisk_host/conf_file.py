"""Asterisk's .conf files as its own reader takes them (main/config.c): sections, templates, includes, keys."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Callable

from .errors import Refusal

HEADER = re.compile(r"\[([^\]]+)\](?:\(([^)]*)\))?$")
OPTION = re.compile(r"([^=\s]+?)\s*(?:\+?=>?)\s*(.*)$")
INCLUDE = re.compile(r"#(include)\s+[\"<]?([^\">]+)[\">]?$")
COMMENT = re.compile(r"(?<!\\);.*")
# Opens a comment over several lines, in which a key could hide from a reader of lines.
BLOCK = re.compile(r"(?<!\\);--(?!-)")
FOLDER = "/etc/asterisk"
DEPTH = 10


@dataclass(frozen=True)
class Option:
    """One `key = value`, and where it stands: the file's path and the line from 1."""

    path: str
    line: int
    key: str
    value: str


@dataclass
class Section:
    """One [section], with what it takes over from its templates; `header` is where it begins."""

    name: str
    header: Option
    template: bool = False
    options: list[Option] = field(default_factory=list)

    @property
    def type(self) -> str | None:
        """The value of its `type`, by which pjsip tells objects apart."""
        return next((o.value for o in reversed(self.options) if o.key.lower() == "type"), None)


def read_conf(path: str, text_of: Callable[[str], str | None]) -> list[Section]:
    """Sections of a file and of what it includes, templates too; `text_of` gives a file's text, or None.

    Raises Refusal with path and line for anything that Asterisk would not take, and for #exec.
    """
    sections: list[Section] = []
    for where, line in _lines(path, text_of, DEPTH):
        found = HEADER.match(line)
        if found:
            sections.append(_section(sections, Option(*where, found[1], found[2] or "")))
            continue
        option = OPTION.match(line)
        if not option or not sections:
            raise Refusal(f"{where[0]}:{where[1]}: this line is neither a [section] nor a key with a value")
        sections[-1].options.append(Option(*where, option[1], option[2]))
    return sections


def _section(earlier: list[Section], header: Option) -> Section:
    words = [word.strip() for word in header.value.split(",") if word.strip()]
    section = Section(header.key, header, template="!" in words)
    for word in (word for word in words if word not in ("!", "+")):
        base = next((s for s in reversed(earlier) if s.name == word and s.template), None)
        if base is None:
            raise Refusal(
                f"{header.path}:{header.line}: [{header.key}] builds on [{word}](!), which does not stand above it"
            )
        section.options.extend(base.options)
    return section


def included_in(text: str) -> set[str]:
    """Paths of the files that a file's text includes."""
    return {
        os.path.join(FOLDER, found[2].strip()) for line in text.splitlines() if (found := INCLUDE.match(_bare(line)))
    }


def _lines(path: str, text_of: Callable[[str], str | None], depth: int) -> Iterator[tuple[tuple[str, int], str]]:
    """Lines that say something, without comments, with where each stands."""
    text = text_of(path)
    if text is None or depth == 0:
        raise Refusal(f"{path}: this file is included and does not exist, or includes itself")
    for number, raw in enumerate(text.splitlines(), 1):
        line = _bare(raw)
        included = INCLUDE.match(line)
        if included:
            yield from _lines(os.path.join(FOLDER, included[2].strip()), text_of, depth - 1)
        elif line.startswith("#") or BLOCK.search(raw):
            raise Refusal(f"{path}:{number}: {line.split()[0] if line else 'a block comment'} is not allowed here")
        elif line:
            yield (path, number), line


def _bare(raw: str) -> str:
    """A line without its comment: what follows a `;` that no backslash protects."""
    return COMMENT.sub("", raw).strip()
