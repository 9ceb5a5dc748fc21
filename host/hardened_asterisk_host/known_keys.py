"""Keys that Asterisk knows: it drops a whole pjsip object for one it does not, and ignores others without a word."""

from __future__ import annotations

import difflib
import os
import xml.etree.ElementTree as tree
from collections.abc import Iterable, Iterator, Mapping

from .conf_file import FOLDER, Option, Section, included_in, read_conf
from .errors import Refusal

# What the installed package documents: of this Asterisk, not of another.
DOCUMENTATION = "/usr/share/asterisk/documentation/core-en_US.xml"
ANY = "*"
SHOWN = 10

# File → section, or pjsip's type of object → keys; `*` stands for any other section and for any key.
KeyTables = Mapping[str, Mapping[str, frozenset[str]]]


def documented_keys(xml: bytes) -> dict[str, dict[str, frozenset[str]]]:
    """The tables in Asterisk's own documentation; raises Refusal when the text is no such documentation."""
    tables: dict[str, dict[str, frozenset[str]]] = {}
    try:
        root = tree.fromstring(xml)  # noqa: S314 - a file of root's, out of Debian's package
    except tree.ParseError as problem:
        raise Refusal(f"{DOCUMENTATION} is damaged ({problem}); install the package of Asterisk anew") from None
    for file in root.iter("configFile"):
        sections = tables.setdefault(file.get("name", ""), {})
        for found in file.iter("configObject"):
            keys = frozenset(option.get("name", "").lower() for option in found.iter("configOption"))
            sections[found.get("name", "")] = sections.get(found.get("name", ""), frozenset()) | keys
    return tables


def unknown_keys(texts: Mapping[str, str], tables: KeyTables) -> list[str]:
    """One line for each key below /etc/asterisk that no table knows: path, line, section, key, and what may be meant.

    `texts` are whole files by path; an included file is read where it is included.
    """
    files = {path: text for path, text in texts.items() if path.startswith(f"{FOLDER}/")}
    included = {path for text in files.values() for path in included_in(text)}
    lines: dict[tuple[str, int], str] = {}
    for path in sorted(files):
        known = tables.get(os.path.basename(path))
        if known is None and path in included:
            continue
        if known is None:
            lines[path, 0] = f"{path}: this Asterisk is not known to read a file of this name"
            continue
        for section in read_conf(path, files.get):
            if not section.template:
                for found, why in _unknown(section, known):
                    lines.setdefault((found.path, found.line), why)
    return [lines[where] for where in sorted(lines)]


def _unknown(section: Section, known: Mapping[str, frozenset[str]]) -> Iterator[tuple[Option, str]]:
    """The section itself when nobody knows it, else its unknown options, each with the words for it."""
    allowed = _allowed(section, known)
    if allowed is None:
        yield section.header, f"{_place(section.header)}: [{section.name}] {_stranger(section, known)}"
        return
    for option in section.options:
        if option.key.lower() not in allowed and ANY not in allowed:
            hint = _meant(option.key, allowed)
            yield option, f'{_place(option)}: [{section.name}] has no key "{option.key}"{hint}'


def _stranger(section: Section, known: Mapping[str, frozenset[str]]) -> str:
    """Why nobody knows a section."""
    if section.type is None and any("type" in keys for keys in known.values()):
        return "has no type that says what it is"
    if section.type is None:
        return f"is no section of this file{_meant(section.name, known)}"
    return f'has the unknown type "{section.type}"{_meant(section.type, known)}'


def _meant(word: str, among: Iterable[str]) -> str:
    near = difflib.get_close_matches(word.lower(), among, 1)
    return f'; did you mean "{near[0]}"?' if near else ""


def _allowed(section: Section, known: Mapping[str, frozenset[str]]) -> frozenset[str] | None:
    """Keys of an object by its type, where its kind is told apart by type, else of a section by its name."""
    typed = known.get(section.type or "", frozenset())
    if "type" in typed:
        return typed
    names = [*(("general", "global", "globals") if section.name == "general" else (section.name,)), ANY]
    # The documentation calls some files' [general] global or globals; an object with a type is never told by its name.
    return next((known[name] for name in names if name in known and (name == ANY or "type" not in known[name])), None)


def _place(option: Option) -> str:
    return f"{option.path}:{option.line}"


def check_keys(texts: Mapping[str, str], xml: bytes | None, tables: KeyTables) -> None:
    """Raise Refusal naming every key of `texts` that neither the documentation nor `tables` know."""
    if xml is None:
        raise Refusal(f"{DOCUMENTATION} is missing, so no key can be checked; install the package of Asterisk anew")
    lines = unknown_keys(texts, {**documented_keys(xml), **tables})
    if lines:
        more = f" | and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
        raise Refusal(f"Asterisk does not know what stands here: {' | '.join(lines[:SHOWN])}{more}")
