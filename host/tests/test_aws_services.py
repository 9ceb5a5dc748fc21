"""Requests to AWS: the signature of AWS's own example, the metadata's protocol, and answers that are refused."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import threading
import unittest
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar
from unittest import mock

from hardened_asterisk_host.aws import services
from hardened_asterisk_host.aws.services import Unserved, ask, get_object, metadata, signed

KEYS = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "")


class Answers(BaseHTTPRequestHandler):
    """A stand-in for IMDSv2 and for one service, which answers from a list."""

    later: ClassVar[list[tuple[int, bytes]]] = []
    seen: ClassVar[list[tuple[str, str, dict[str, str]]]] = []
    facts: ClassVar[dict[str, str]] = {}

    def answer(self) -> None:
        """Answer whatever method it is."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        type(self).seen.append((self.command, self.path, dict(self.headers)))
        if self.path == "/latest/api/token":
            self.say(*((200, b"token") if self.command == "PUT" else (405, b"")))
        elif self.path.startswith("/latest/"):
            known = self.headers.get("X-aws-ec2-metadata-token") == "token"
            fact = self.facts.get(self.path[len("/latest/") :])
            self.say(401 if not known else 404 if fact is None else 200, (fact or "").encode())
        else:
            self.say(*(self.later.pop(0) if self.later else (200, body)))

    do_GET = do_PUT = do_POST = answer

    def say(self, status: int, body: bytes) -> None:
        """One answer; status 0 is a body that stops half way, status 3 a redirection to another host."""
        self.send_response({0: 200, 3: 307}.get(status, status))
        if status == 3:
            self.send_header("Location", "http://192.0.2.1/")
        self.send_header("Content-Length", str(len(body) + (100 if status == 0 else 0)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: Any) -> None:
        """Silence."""


@contextmanager
def served(*later: tuple[int, bytes], facts: dict[str, str] | None = None) -> Iterator[type[Answers]]:
    """Metadata and service at an address of this machine."""
    Answers.later, Answers.seen = list(later), []
    keys = {"AccessKeyId": KEYS[0], "SecretAccessKey": KEYS[1], "Token": "session"}
    Answers.facts = {
        "meta-data/iam/security-credentials/": "role\n",
        "meta-data/iam/security-credentials/role": json.dumps(keys),
        "meta-data/placement/region": "eu-central-1",
        "meta-data/services/domain": "amazonaws.com",
        **(facts or {}),
    }
    server = HTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    with tempfile.NamedTemporaryFile("w", suffix=".json") as named:
        json.dump({"s3": url}, named)
        named.flush()
        try:
            with (
                mock.patch.object(services, "METADATA", f"{url}/latest/"),
                mock.patch.object(services, "ENDPOINTS", named.name),
            ):
                yield Answers
        finally:
            server.shutdown()
            server.server_close()


def at_once(_seconds: float) -> None:
    """No waiting."""


class Signature(unittest.TestCase):
    def test_it_is_the_one_aws_prints(self) -> None:
        # "Example: GET Object" of "Signature calculations for the Authorization header" in the S3 API reference.
        keys = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "")
        request = ("GET", "https://examplebucket.s3.amazonaws.com/test.txt", {"Range": "bytes=0-9"}, b"")
        headers = signed(request, "s3", "us-east-1", keys, 1369353600)
        self.assertEqual(headers["X-Amz-Date"], "20130524T000000Z")
        proof = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        self.assertTrue(headers["Authorization"].endswith(f"Signature={proof}"), headers["Authorization"])

    def test_the_session_token_is_signed_too(self) -> None:
        headers = signed(("PUT", "http://h:1/b/k", {}, b"x"), "s3", "r", (*KEYS[:2], "t"), 0)
        self.assertIn(";x-amz-security-token,", headers["Authorization"])
        self.assertEqual(headers["X-Amz-Content-Sha256"], hashlib.sha256(b"x").hexdigest())


class Metadata(unittest.TestCase):
    def test_it_is_asked_with_a_token_only(self) -> None:
        with served() as seen:
            self.assertEqual(metadata("meta-data/placement/region"), ["eu-central-1"])
            self.assertEqual(seen.seen[0][:2], ("PUT", "/latest/api/token"))

    def test_silence_and_a_missing_role_are_told(self) -> None:
        with (
            mock.patch.object(services, "METADATA", "http://127.0.0.1:9/latest/"),
            self.assertRaisesRegex(Unserved, "metadata at .* does not answer"),
        ):
            metadata("meta-data/instance-id")
        with (
            served(facts={"meta-data/iam/security-credentials/role": '{"Code": "Failed"}'}),
            self.assertRaisesRegex(Unserved, "no keys of its role"),
        ):
            ask("s3", "GET", "/b/k")


class Asking(unittest.TestCase):
    def test_an_object_comes_whole_or_not_at_all(self) -> None:
        digest = hashlib.sha256(b"content").hexdigest()
        with served((200, b"content")) as seen:
            self.assertEqual(get_object("b", "k", digest), b"content")
            self.assertEqual(seen.seen[-1][2]["X-Amz-Security-Token"], "session")
        with served((200, b"tampered")), self.assertRaisesRegex(Unserved, "8 bytes came whose sha256"):
            get_object("b", "k", digest)

    def test_a_failing_service_is_asked_again_and_a_refusing_one_is_not(self) -> None:
        with served((503, b""), (0, b"half"), (200, b"content")):
            self.assertEqual(ask("s3", "GET", "/b/k", wait=at_once), b"content")
        denied = b"<Error><Code>AccessDenied</Code><Message>no such right</Message></Error>"
        with served((403, denied), (200, b"content")) as seen:
            with self.assertRaisesRegex(Unserved, "s3 answered 403 AccessDenied: no such right"):
                ask("s3", "GET", "/b/k", wait=at_once)
            self.assertEqual(len(seen.later), 1)

    def test_it_gives_up_and_says_why(self) -> None:
        with (
            served(*[(0, b"half")] * services.ATTEMPTS),
            self.assertRaisesRegex(Unserved, "s3 does not answer: .*Incomp"),
        ):
            ask("s3", "GET", "/b/k", wait=at_once)
        with served(*[(500, b"")] * services.ATTEMPTS), self.assertRaisesRegex(Unserved, "s3 answered 500"):
            ask("s3", "GET", "/b/k", wait=at_once)

    def test_a_redirection_is_not_followed_with_signed_headers(self) -> None:
        with served((3, b"")), self.assertRaisesRegex(Unserved, "s3 answered 307"):
            ask("s3", "GET", "/b/k", wait=at_once)

    def test_no_proxy_of_the_environment_is_used(self) -> None:
        with served((200, b"direct")), mock.patch.dict(os.environ, {"http_proxy": "http://127.0.0.1:9"}):
            self.assertEqual(ask("s3", "GET", "/b/k"), b"direct")


if __name__ == "__main__":
    unittest.main()
