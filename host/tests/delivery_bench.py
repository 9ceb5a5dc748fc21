"""A machine on AWS that is delivered to: its services answer as a test says, and its clock stands still."""

from __future__ import annotations

import hashlib
import json
import os
import unittest
from typing import Any
from unittest import mock

from simulated_host import SimulatedMachine
from small import VALUES, activate, bundle, request

from hardened_asterisk_host import steps
from hardened_asterisk_host.aws import delivery, services
from hardened_asterisk_host.aws.delivery import Order
from hardened_asterisk_host.generations import Generations
from hardened_asterisk_host.host import Host
from hardened_asterisk_host.transaction import confirm_transaction, undo_transaction

TEXT = request("one", bundle(1)).bundle
ORDER = Order("bucket", hashlib.sha256(TEXT.encode()).hexdigest(), "one", "arn:secret", "version-1", "203.0.113.10")
FACTS = {"meta-data/instance-id": "i-1", "meta-data/placement/region": "r", "meta-data/services/domain": "d"}


class DeliveryBench(unittest.TestCase):
    """A case with such a machine."""

    def setUp(self) -> None:
        self.machine = SimulatedMachine()
        self.addCleanup(self.machine.discard)
        self.asked: list[tuple[str, str]] = []
        self.left: dict[str, dict[str, Any]] = {}
        self.secret: Any = json.dumps({"SecretString": json.dumps(VALUES)})
        self.bundle: Any = TEXT.encode()
        self.silent: dict[str, Exception] = {}
        self.alarms: list[tuple[str, str]] = []
        self.noted: list[dict[str, Any]] = []
        self.clock = 1_000_000.0
        self.boot = "boot-1"
        for where, name, replacement in (
            (services, "metadata", lambda *paths: [FACTS[path] for path in paths]),
            (delivery, "RUN", self.machine.folder),
            (services, "ask", self.ask),
            (services, "fetch", self.fetch),
            (services, "note", lambda _level, record: self.noted.append(record)),
            (delivery, "alarm", lambda name, reason: self.alarms.append((name, reason))),
            (steps, "open_host", self.open_host),
            (steps, "activate", self.activate),
            (steps, "confirm_if_armed", self.confirm),
            (steps, "undo", self.undo),
        ):
            patch = mock.patch.object(where, name, replacement)
            patch.start()
            self.addCleanup(patch.stop)

    def open_host(self, _progress: Any) -> tuple[Host, Generations]:
        host = self.machine.host()
        host.now, host.boot = (lambda: self.clock), self.boot
        return host, self.store

    @property
    def store(self) -> Generations:
        return Generations(self.machine.disk)

    def ask(
        self, service: str, method: str, path: str, _headers: dict[str, str] | None = None, body: bytes = b""
    ) -> bytes:
        self.asked.append((service, f"{method} {path}"))
        if method == "PUT":
            self.left[path] = json.loads(body)
            return b""
        answer = self.bundle if service == "s3" else self.secret
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, bytes) else answer.encode()

    def fetch(self, _method: str, url: str, **_rest: Any) -> bytes:
        for name, problem in self.silent.items():
            if name in url:
                raise problem
        return b""

    def activate(self, path: str, _bundle: str, version: str, generation: str, identity: str) -> dict[str, Any]:
        with open(path, encoding="utf-8") as handle:
            self.delivered = json.load(handle)
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        os.unlink(path)
        self.assertEqual((version, identity), ("version-1", "i-1"))
        known = {"secretsDigest": version}
        receipt = activate(self.machine, generation, bundle(1))
        self.store.update_receipt(generation, **known)
        return receipt

    def confirm(self, name: str, _progress: Any) -> dict[str, Any] | None:
        if self.store.transaction is None:
            return None
        confirm_transaction(self.machine.host(), self.store)
        return self.store.receipt(name)

    def undo(self, _name: str, cause: str, _progress: Any) -> None:
        undo_transaction(self.machine.host(), self.store, cause)
