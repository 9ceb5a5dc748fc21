"""A refused order that the schedule asks for again and again: how rarely it is tried, and how rarely it is told."""

from __future__ import annotations

import dataclasses
import os
import unittest
from typing import Any
from unittest import mock

from delivery_bench import ORDER, DeliveryBench

from hardened_asterisk_host import steps
from hardened_asterisk_host.aws import refused
from hardened_asterisk_host.aws.delivery import Order, deliver
from hardened_asterisk_host.aws.services import Unserved
from hardened_asterisk_host.disk import make_parents
from hardened_asterisk_host.errors import Refusal

HALF_AN_HOUR = 1800


class Again(DeliveryBench):
    """A refused order asked for by the schedule, every half an hour."""

    def setUp(self) -> None:
        super().setUp()
        self.tries = 0
        self.cause: Exception | None = Refusal("asterisk would not start with it")
        patch = mock.patch.object(steps, "activate", self.counted)
        patch.start()
        self.addCleanup(patch.stop)

    def counted(self, *words: Any) -> dict[str, Any]:
        self.tries += 1
        if self.cause is not None:
            os.unlink(words[0])
            raise self.cause
        return self.activate(*words)

    def run_at(self, seconds: float, order: Order = ORDER) -> str:
        self.clock = 1_000_000 + seconds
        with self.assertRaisesRegex(Refusal, "generation one: ") as caught:
            deliver(order, self.machine.said.append)
        return str(caught.exception)

    def tried_at(self, runs: int, early: float = 0) -> list[int]:
        """Numbers of the runs of the schedule, each `early` seconds before its time, that really tried."""
        tried = []
        for run in range(runs):
            before = self.tries
            self.run_at(run * HALF_AN_HOUR - early * (run % 2))
            if self.tries > before:
                tried.append(run)
        return tried

    def test_the_schedule_tries_it_ever_more_rarely_and_every_eight_hours_at_last(self) -> None:
        self.assertEqual(self.tried_at(64), [0, 1, 3, 7, 15, 31, 47, 63])

    def test_a_schedule_that_is_not_punctual_tries_it_as_often(self) -> None:
        self.assertEqual(self.tried_at(40, early=240), [0, 1, 3, 7, 15, 31])

    def test_one_alarm_for_the_first_and_one_a_day(self) -> None:
        told = []
        for run in range(48 * 3):
            self.run_at(run * HALF_AN_HOUR)
            told.extend([run] * (len(self.alarms) - len(told)))
        self.assertEqual(len(told), 3)
        self.assertEqual(told[0], 0)
        self.assertTrue(all(later - earlier >= 48 for earlier, later in zip(told, told[1:])), told)

    def test_each_run_fails_and_says_why_and_until_when(self) -> None:
        self.run_at(0)
        self.run_at(HALF_AN_HOUR)
        self.asked.clear()
        said = self.run_at(2 * HALF_AN_HOUR)
        self.assertRegex(said, r"refusal 2, at 1970-01-12T14:16:40Z\): asterisk would not start with it; it is tried ")
        self.assertIn("again after 1970-01-12T15:16:40Z", said)
        self.assertEqual((self.tries, self.asked), (2, []))

    def test_another_generation_is_tried_at_once_and_told(self) -> None:
        for run in range(3):
            self.run_at(run * HALF_AN_HOUR)
        self.assertEqual((self.tries, len(self.alarms)), (2, 1))
        for change in ({"version": "version-2"}, {"address": "203.0.113.11"}, {"bundle": "0" * 64}):
            before = len(self.alarms)
            with self.assertRaises(Refusal):
                deliver(dataclasses.replace(ORDER, **change), self.machine.said.append)
            self.assertEqual(len(self.alarms), before + 1, change)

    def test_a_run_that_is_not_the_schedules_is_tried_at_once_without_another_alarm(self) -> None:
        for run in range(3):
            self.run_at(run * HALF_AN_HOUR)
        self.assertEqual(self.tries, 2)
        self.run_at(2 * HALF_AN_HOUR + 600)
        self.assertEqual((self.tries, len(self.alarms)), (3, 1))

    def test_after_a_boot_and_after_a_clock_that_was_set_back_it_is_tried(self) -> None:
        for run in range(3):
            self.run_at(run * HALF_AN_HOUR)
        self.boot = "boot-2"
        self.run_at(3 * HALF_AN_HOUR)
        self.assertEqual(self.tries, 3)
        self.run_at(-10_000_000)
        self.assertEqual(self.tries, 4)

    def test_what_aws_does_not_serve_is_asked_for_each_time(self) -> None:
        self.bundle = Unserved("s3 answered 503")
        for run in range(4):
            self.run_at(run * HALF_AN_HOUR)
        gets = [path for _, path in self.asked if path.startswith("GET")]
        self.assertEqual((len(gets), len(self.alarms)), (4, 4))

    def test_once_it_is_in_effect_nothing_is_remembered(self) -> None:
        self.run_at(0)
        self.cause = None
        self.clock += HALF_AN_HOUR
        deliver(ORDER, self.machine.said.append)
        self.assertEqual(self.machine.disk.entry(refused.FILE).kind, "absent")

    def test_a_memory_that_cannot_be_written_or_read_stops_nothing(self) -> None:
        with mock.patch.object(refused.Refused, "_keep", side_effect=OSError("no space left")):
            self.run_at(0)
            self.run_at(HALF_AN_HOUR)
        self.assertEqual((self.tries, len(self.alarms)), (2, 2))
        make_parents(self.machine.disk, refused.FILE)
        self.machine.disk.write(refused.FILE, b"{half", 0o600)
        self.run_at(2 * HALF_AN_HOUR)
        self.assertEqual(self.tries, 3)


if __name__ == "__main__":
    unittest.main()
