"""Requests to AWS signed with the instance's own role. Part of the delivery document too: imports nothing of ours."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import re
import ssl
import syslog
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Callable

METADATA = "http://169.254.169.254/latest/"
ROLE = "meta-data/iam/security-credentials/"
# Only where the services have other addresses than AWS's own: {"s3": "https://…", …}.
ENDPOINTS = "/etc/hardened-asterisk-endpoints.json"
ATTEMPTS = 4
SECONDS = 20
MOST_BYTES = 128 * 1024 * 1024


class Unserved(Exception):
    """AWS did not give what was asked for; the text says what and why, and never holds a secret."""


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A signed request goes where it was signed for, or nowhere."""

    def redirect_request(self, *_arguments: Any) -> None:
        """Refuse."""
        return


def note(level: int, record: dict[str, Any]) -> None:
    """One line of JSON in the journal, for whoever watches it."""
    syslog.openlog("hardened-asterisk", 0, syslog.LOG_AUTHPRIV)
    syslog.syslog(level, json.dumps(record))


def alarm(name: str, reason: object) -> None:
    """Note what must not wait."""
    note(syslog.LOG_ALERT, {"alarm": name, "reason": " ".join(str(reason).split())[:900]})


def fetch(
    method: str, url: str, headers: dict[str, str] | None = None, body: bytes = b"", seconds: float = SECONDS
) -> bytes:
    """One request over a new connection, never by a proxy; its whole answer. Raises OSError or HTTPException."""
    https = urllib.request.HTTPSHandler(context=ssl.create_default_context())
    handlers = (urllib.request.ProxyHandler({}), NoRedirect(), https)
    request = urllib.request.Request(url, data=body or None, headers=headers or {}, method=method)  # noqa: S310
    with urllib.request.build_opener(*handlers).open(request, timeout=seconds) as answer:
        if int(answer.headers.get("Content-Length") or 0) > MOST_BYTES:
            raise OSError(f"{url} is larger than {MOST_BYTES} bytes")
        # Read to its end: only so is a body that stops half way told from a whole one.
        content: bytes = answer.read()
    return content


def metadata(*paths: str) -> list[str]:
    """What the instance knows of itself (IMDSv2), one text for each path; raises Unserved."""
    try:
        token = fetch("PUT", METADATA + "api/token", {"X-aws-ec2-metadata-token-ttl-seconds": "60"}).decode()
        return [fetch("GET", METADATA + path, {"X-aws-ec2-metadata-token": token}).decode() for path in paths]
    except (OSError, http.client.HTTPException) as problem:
        raise Unserved(f"the instance's metadata at {METADATA} does not answer: {problem}") from None


def _keys() -> tuple[str, str, str]:
    (role,) = metadata(ROLE)
    (text,) = metadata(ROLE + role.strip())
    try:
        keys = json.loads(text)
        return keys["AccessKeyId"], keys["SecretAccessKey"], keys["Token"]
    except (ValueError, KeyError):
        raise Unserved("the instance's metadata has no keys of its role; see the role's trust policy") from None


def endpoint(service: str, region: str, domain: str) -> str:
    """Address of a service: AWS's own in this region, unless a file on this machine names another."""
    try:
        with open(ENDPOINTS, encoding="utf-8") as handle:
            named: str = json.load(handle)[service]
            return named
    except FileNotFoundError:
        return f"https://{service}.{region}.{domain}"


def signed(
    request: tuple[str, str, dict[str, str], bytes],
    service: str,
    region: str,
    keys: tuple[str, str, str],
    when: float,
) -> dict[str, str]:
    """The headers with those of AWS's Signature Version 4 added. No query: nothing here asks with one."""
    method, url, headers, body = request
    identity, secret, token = keys
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(when))
    place = urllib.parse.urlsplit(url)
    digest = hashlib.sha256(body).hexdigest()
    stamped = {**headers, "Host": place.netloc, "X-Amz-Date": stamp, "X-Amz-Content-Sha256": digest}
    if token:
        stamped["X-Amz-Security-Token"] = token
    lines = sorted((name.lower(), value.strip()) for name, value in stamped.items())
    names = ";".join(name for name, _ in lines)
    canonical = [method, place.path or "/", "", *(f"{name}:{value}" for name, value in lines), "", names, digest]
    scope = [stamp[:8], region, service, "aws4_request"]
    summary = hashlib.sha256("\n".join(canonical).encode()).hexdigest()
    key = b"AWS4" + secret.encode()
    for part in scope:
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, "/".join(scope), summary])
    proof = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    credential = f"{identity}/{'/'.join(scope)}"
    stamped["Authorization"] = f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={proof}"
    return stamped


def ask(
    service: str,
    method: str,
    path: str,
    headers: dict[str, str] | None = None,
    body: bytes = b"",
    wait: Callable[[float], None] = time.sleep,
) -> bytes:
    """One signed request to a service of this region, tried again while that fails; raises Unserved."""
    region, domain = metadata("meta-data/placement/region", "meta-data/services/domain")
    url = endpoint(service, region, domain) + path
    words = ""
    for attempt in range(ATTEMPTS):
        if attempt:
            wait(2 ** (attempt - 1))
        try:
            sent = signed((method, url, headers or {}, body), service, region, _keys(), time.time())
            return fetch(method, url, sent, body)
        except urllib.error.HTTPError as problem:
            said = problem.read(4096).decode(errors="replace")
            words = f"{service} answered {problem.code} {_words(said)}".strip()
            if problem.code < 500 and problem.code != 429:
                break
        except (OSError, http.client.HTTPException) as problem:
            words = f"{service} does not answer: {problem}"
    raise Unserved(words)


def _words(said: str) -> str:
    """Code and message of AWS's answer, in XML or JSON."""
    found = re.findall(r'<(?:Code|Message)>([^<]{1,300})<|"(?:__type|[Mm]essage)"\s*:\s*"([^"]{1,300})"', said)
    return ": ".join(one or other for one, other in found)


def get_object(bucket: str, key: str, sha256: str) -> bytes:
    """An object of the bucket, whole and with this digest; raises Unserved."""
    try:
        content = ask("s3", "GET", f"/{bucket}/{key}")
    except Unserved as problem:
        raise Unserved(f"s3://{bucket}/{key}: {problem}") from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Unserved(f"s3://{bucket}/{key}: {len(content)} bytes came whose sha256 is not the announced one")
    return content


def leave_report(bucket: str, kind: str, text: str) -> None:
    """Replace this instance's latest `receipt` or `refusal`, which `pulumi up` waits for; raises Unserved."""
    (instance,) = metadata("meta-data/instance-id")
    path = f"/{bucket}/receipts/{instance}/latest-{kind}.json"
    ask("s3", "PUT", path, {"Content-Type": "application/json"}, text.encode())


def leave_refusal(bucket: str, generation: str, reason: object, when: float) -> None:
    """Tell `pulumi up` why it waits in vain. Without S3 it is not told, and waits until its time is over."""
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(when))
    record = {"generation": generation, "reason": " ".join(str(reason).split())[:2000], "at": at}
    try:
        leave_report(bucket, "refusal", json.dumps(record))
    except Unserved as problem:
        note(syslog.LOG_WARNING, {"refusalNotLeft": str(problem)})
