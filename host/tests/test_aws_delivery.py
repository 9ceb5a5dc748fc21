"""One delivery on AWS: what is asked for when, what is refused, and the alarm of each refusal."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import unittest
from unittest import mock

from delivery_bench import ORDER, TEXT, DeliveryBench
from small import VALUES

from hardened_asterisk_host import package_files, steps
from hardened_asterisk_host.aws import delivery, services
from hardened_asterisk_host.aws.delivery import deliver
from hardened_asterisk_host.aws.services import Unserved
from hardened_asterisk_host.errors import Refusal

RECEIPT = "/bucket/receipts/i-1/latest-receipt.json"
REFUSAL = "/bucket/receipts/i-1/latest-refusal.json"


class Delivery(DeliveryBench):
    def refused(self, words: str) -> None:
        before = self.machine.picture()
        with self.assertRaisesRegex(Refusal, words) as caught:
            deliver(ORDER, self.machine.said.append)
        self.assertEqual(self.machine.picture(), before)
        self.assertEqual(self.alarms, [("delivery-failed", str(caught.exception))])
        left = self.left[REFUSAL]
        self.assertEqual((left["generation"], left["at"]), ("one", "1970-01-12T13:46:40Z"))
        self.assertEqual(f"generation one: {left['reason']}", str(caught.exception))
        for value in VALUES.values():
            self.assertNotIn(value, str(caught.exception))

    def test_it_fetches_activates_confirms_and_leaves_its_receipt(self) -> None:
        self.assertIn("one is in effect", deliver(ORDER, self.machine.said.append))
        self.assertEqual(self.store.current, "one")
        self.assertEqual(
            self.asked,
            [
                ("s3", f"GET /bucket/bundles/{ORDER.bundle}.json"),
                ("secretsmanager", "POST /"),
                ("s3", f"PUT {RECEIPT}"),
            ],
        )
        self.assertEqual(
            self.delivered["values"], {**VALUES, "host.external-address": "203.0.113.10", "host.domain": "203.0.113.10"}
        )
        self.assertEqual(self.alarms, [])
        self.assertEqual(
            [(n["receipt"]["generation"], n["receipt"]["state"]) for n in self.noted], [("one", "confirmed")]
        )

    def test_a_package_file_of_the_bucket_is_kept_where_its_installation_looks(self) -> None:
        content = b"!<arch>\n"
        sha256 = hashlib.sha256(content).hexdigest()
        packages = [
            {"name": "own", "file": {"sha256": sha256}},
            {"name": "far", "file": {"sha256": sha256, "url": "x"}},
        ]
        text = json.dumps({**json.loads(TEXT), "packages": [*packages, {"name": "asterisk"}]})
        text = text.replace('"url": "x"', '"url": "https://h/p.deb"')
        with mock.patch.object(delivery.services, "get_object", lambda *words: self.asked.append(words) or content):
            for _ in range(2):
                delivery._bring_packages(ORDER, text, self.machine.disk, self.machine.said.append)
        self.assertEqual(self.asked, [("bucket", f"packages/{sha256}.deb", sha256)])
        self.assertEqual(self.machine.disk.read(package_files.kept(sha256)), content)

    def test_the_same_again_asks_aws_for_nothing(self) -> None:
        with mock.patch.object(delivery, "_kept", lambda *_words: None):
            deliver(ORDER, self.machine.said.append)
        self.asked.clear()
        self.store.update_receipt("one", bundle=ORDER.bundle)
        self.bundle = self.secret = Unserved("an outage")
        with mock.patch.object(steps, "activate", lambda *_words: self.store.receipt("one")):
            self.assertIn("(", deliver(ORDER, self.machine.said.append))
        self.assertEqual(self.asked, [])

    def test_what_cannot_be_fetched_is_refused(self) -> None:
        self.bundle = Unserved("s3 answered 503")
        self.refused("generation one: .*bundles/.*s3 answered 503")

    def test_a_tampered_bundle_is_refused(self) -> None:
        self.bundle = TEXT.replace("; 1", "; 2").encode()
        self.refused("whose sha256 is not the announced one")

    def test_a_missing_secret_is_refused(self) -> None:
        self.secret = Unserved("secretsmanager answered 400 ResourceNotFoundException")
        self.refused("ResourceNotFoundException")

    def test_a_secret_of_another_shape_is_refused_without_being_shown(self) -> None:
        for text in ('{"SecretString": "secret-user"}', '{"SecretBinary": "x"}', "secret-user"):
            self.secret = text
            self.alarms.clear()
            self.refused("does not hold a JSON object")

    def test_a_host_cut_off_by_its_new_configuration_undoes_it(self) -> None:
        self.silent = {"ssm.": OSError("timed out")}
        words = r"does not reach ssm \(timed out\); it was undone"
        with mock.patch.object(delivery, "REACH_SECONDS", -1), self.assertRaisesRegex(Refusal, words):
            deliver(ORDER, self.machine.said.append)
        self.assertEqual([name for name, _ in self.alarms], ["delivery-failed"])
        self.assertIsNone(self.store.transaction)
        self.assertIsNone(self.store.current)

    def test_a_receipt_that_cannot_be_left_is_told_and_left_the_next_time(self) -> None:
        with (
            mock.patch.object(delivery, "_report", side_effect=Unserved("s3 answered 500")),
            self.assertRaisesRegex(Refusal, "generation one: is in effect, but its receipt .* s3 answered 500"),
        ):
            deliver(ORDER, self.machine.said.append)
        self.asked.clear()
        with mock.patch.object(steps, "activate", lambda *_words: self.store.receipt("one")):
            deliver(ORDER, self.machine.said.append)
        self.assertEqual(self.asked[-1], ("s3", f"PUT {RECEIPT}"))

    def test_an_earlier_generation_that_comes_back_is_reported_again(self) -> None:
        for name in ("one", "two"):
            deliver(dataclasses.replace(ORDER, generation=name), self.machine.said.append)
            self.assertEqual(self.left[RECEIPT]["generation"], name)
        again = {**(self.store.receipt("one") or {}), "state": "confirmed"}
        with mock.patch.object(steps, "activate", lambda *_words: again):
            deliver(ORDER, self.machine.said.append)
        self.assertEqual(self.left[RECEIPT]["generation"], "one")

    def test_a_refusal_that_cannot_be_left_hides_nothing(self) -> None:
        self.bundle = Unserved("s3 answered 503")
        with (
            mock.patch.object(services, "leave_report", side_effect=Unserved("s3 answered 500")),
            self.assertRaisesRegex(Refusal, "s3 answered 503"),
        ):
            deliver(ORDER, self.machine.said.append)
        self.assertEqual(self.noted, [{"refusalNotLeft": "s3 answered 500"}])

    def test_one_that_was_replaced_meanwhile_is_not_activated_again(self) -> None:
        with (
            mock.patch.object(steps, "confirm_if_armed", lambda *_words: None),
            self.assertRaisesRegex(Refusal, "undone or replaced"),
        ):
            deliver(ORDER, self.machine.said.append)


if __name__ == "__main__":
    unittest.main()
