"""The unit's side of a job: what it leaves for whoever follows."""

from __future__ import annotations

import contextlib
import errno
import io
import json
import tempfile
import unittest
from pathlib import Path
from typing import Any, Callable

from hardened_asterisk_host.errors import Refusal
from hardened_asterisk_host.jobs import work

Perform = Callable[[dict[str, Any], Callable[[str], None]], dict[str, Any]]


class Work(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "order.json").write_text(json.dumps({"step": "activate"}), encoding="utf-8")

    def result(self, perform: Perform) -> tuple[int, Any]:
        """Status and result of a job that performs this, its words to the journal put aside."""
        with contextlib.redirect_stderr(io.StringIO()):
            status = work(str(self.folder), perform)
        return status, json.loads((self.folder / "result.json").read_text(encoding="utf-8"))

    def test_a_receipt_is_handed_on_and_the_order_is_gone(self) -> None:
        self.assertEqual(self.result(lambda order, say: {"did": order["step"]}), (0, {"receipt": {"did": "activate"}}))
        self.assertFalse((self.folder / "order.json").exists())

    def test_a_refusal_is_handed_on(self) -> None:
        def perform(order: dict[str, Any], say: Callable[[str], None]) -> dict[str, Any]:
            raise Refusal("not today")

        self.assertEqual(self.result(perform), (1, {"refusal": "not today"}))

    def test_a_full_disk_is_named_with_its_cure(self) -> None:
        def perform(order: dict[str, Any], say: Callable[[str], None]) -> dict[str, Any]:
            raise OSError(errno.ENOSPC, "No space left on device", "/var/lib/x")

        words = "No space left on device: /var/lib/x; make room there, then run pulumi up again"
        self.assertEqual(self.result(perform), (1, {"refusal": words}))


if __name__ == "__main__":
    unittest.main()
