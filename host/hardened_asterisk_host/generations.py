"""What the PBX remembers: staged generations, their receipts, which one is current, and the open transaction."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from typing import Any

from .bundle import Bundle, File, check_values, digest, parse_bundle, resolve
from .disk import Disk, make_parents, walk_directories, walk_files
from .errors import Refusal

STATE = "/var/lib/hardened-asterisk"
KEPT = 5
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class Generation:
    """One staged generation: its bundle, the values resolved into it, and where its files lie."""

    name: str
    bundle: Bundle
    values: dict[str, str]

    @property
    def directory(self) -> str:
        """Its folder, root only."""
        return f"{STATE}/generations/{self.name}"

    def staged(self, path: str) -> str:
        """Where the staged copy of a live path lies."""
        return f"{self.directory}/root{path}"

    @property
    def undo(self) -> str:
        """Where the copies of what it replaced lie."""
        return f"{self.directory}/undo"

    def text(self, file: File) -> bytes:
        """A file's resolved content."""
        return resolve(file.content, self.values).encode()


class Generations:
    """The state directory. Every record is replaced atomically and synced."""

    def __init__(self, disk: Disk) -> None:
        """Keep state on this disk, under /var/lib/hardened-asterisk (root 0700)."""
        self.disk = disk

    def prepare(self) -> None:
        """Create the state directory when missing."""
        make_parents(self.disk, f"{STATE}/generations/x", 0o755)
        for path in (STATE, f"{STATE}/generations"):
            self.disk.own(path, 0o700, 0, 0)

    def names(self) -> list[str]:
        """Every known generation, oldest first."""
        known = [name for name in self.disk.names(f"{STATE}/generations") if self.receipt(name) is not None]
        return sorted(known, key=lambda name: (self.receipt(name) or {}).get("sequence", 0))

    def stage(self, name: str, bundle_text: str, values: dict[str, str], facts: dict[str, Any]) -> Generation:
        """Write a generation's bundle, values and resolved files; a half-written one is replaced."""
        generation = Generation(name, parse_bundle(bundle_text), values)
        check_values(generation.bundle, values)
        sequence = max([(self.receipt(n) or {}).get("sequence", 0) for n in self.names()], default=0) + 1
        self.forget(name)
        self.disk.make_directory(generation.directory, 0o700)
        self.disk.make_directory(f"{generation.directory}/root", 0o700)
        self._write(f"{generation.directory}/bundle.json", bundle_text)
        self._write(f"{generation.directory}/values.json", _text(values))
        for file in generation.bundle.files:
            make_parents(self.disk, generation.staged(file.path), 0o700)
            self.disk.write(generation.staged(file.path), generation.text(file), 0o600)
        self.save_receipt({**facts, "generation": name, "state": "staged", "sequence": sequence})
        return generation

    def load(self, name: str) -> Generation | None:
        """A staged generation, or None when it is not known (any more); raises Refusal when its bundle was altered."""
        receipt = self.receipt(name)
        if receipt is None:
            return None
        folder = f"{STATE}/generations/{name}"
        text = self.disk.read(f"{folder}/bundle.json")
        if digest(text) != receipt["bundle"]:
            raise Refusal(f"{folder}/bundle.json was altered; deliver the configuration again with pulumi up")
        return Generation(name, parse_bundle(text.decode()), json.loads(self.disk.read(f"{folder}/values.json")))

    def receipt(self, name: str) -> dict[str, Any] | None:
        """A generation's receipt with its bookkeeping fields, or None."""
        if not NAME.fullmatch(name):
            return None
        return self._read(f"{STATE}/generations/{name}/receipt.json")

    def save_receipt(self, receipt: dict[str, Any]) -> None:
        """Replace a generation's receipt."""
        self._write(f"{STATE}/generations/{receipt['generation']}/receipt.json", _text(receipt))

    def update_receipt(self, name: str, **fields: Any) -> None:
        """Change fields of a receipt; nothing when the generation is gone."""
        receipt = self.receipt(name)
        if receipt is not None:
            self.save_receipt({**receipt, **fields})

    @property
    def current(self) -> str | None:
        """Name of the confirmed generation, or None before the first."""
        record = self._read(f"{STATE}/current")
        return record["generation"] if record else None

    def set_current(self, name: str) -> None:
        """Name the confirmed generation."""
        self._write(f"{STATE}/current", _text({"generation": name}))

    @property
    def transaction(self) -> dict[str, Any] | None:
        """The open transaction's record, or None."""
        return self._read(f"{STATE}/transaction.json")

    def save_transaction(self, record: dict[str, Any]) -> None:
        """Replace the transaction's record: each call is a commit point."""
        self._write(f"{STATE}/transaction.json", _text(record))

    def close_transaction(self) -> None:
        """Forget the transaction."""
        self.disk.remove(f"{STATE}/transaction.json")

    def forget(self, name: str) -> None:
        """Remove a generation's folder; its receipt goes first, so that half of it is never taken for one."""
        folder = f"{STATE}/generations/{name}"
        self.disk.remove(f"{folder}/receipt.json")
        for path in walk_files(self.disk, folder):
            self.disk.remove(path)
        for path in reversed(walk_directories(self.disk, folder)):
            self.disk.remove_directory(path)

    def prune(self) -> None:
        """Keep the newest five, and whatever is current, its predecessor, or in a transaction; half a stage goes."""
        current = self.current
        transaction = self.transaction or {}
        needed = {current, transaction.get("generation"), transaction.get("previous")}
        needed.add((self.receipt(current) or {}).get("previous") if current else None)
        halves = [name for name in self.disk.names(f"{STATE}/generations") if self.receipt(name) is None]
        for name in [*halves, *self.names()[:-KEPT]]:
            if name not in needed:
                self.forget(name)
        self._prune_packages()

    def _prune_packages(self) -> None:
        """Package files that no generation names any more."""
        bundles = [self.disk.read(f"{STATE}/generations/{name}/bundle.json").decode() for name in self.names()]
        for file in self.disk.names(f"{STATE}/packages"):
            digest_of_it, kind = os.path.splitext(file)
            if kind != ".json" and not any(digest_of_it in text for text in bundles):
                self.disk.remove(f"{STATE}/packages/{file}")

    def _read(self, path: str) -> Any:
        if self.disk.entry(path).kind != "file":
            return None
        return json.loads(self.disk.read(path))

    def _write(self, path: str, text: str) -> None:
        self.disk.write(path, text.encode(), 0o600)


RECEIPT = ("generation", "bundle", "secretsDigest", "state", "changed", "actions", "probes", "drift", "previous", "at")


def printed_receipt(receipt: dict[str, Any]) -> str:
    """The receipt as one JSON line with the agreed keys only, in a fixed order."""
    empty: dict[str, Any] = {"changed": [], "actions": [], "probes": [], "drift": [], "previous": None}
    printed = {key: receipt.get(key, empty.get(key)) for key in RECEIPT}
    # Only where a certificate is made on the host.
    optional = {key: receipt[key] for key in ("caCertificate",) if key in receipt}
    return json.dumps({**printed, **optional}, separators=(",", ":"))


def _text(record: Any) -> str:
    return json.dumps(record, sort_keys=True, indent=1) + "\n"
