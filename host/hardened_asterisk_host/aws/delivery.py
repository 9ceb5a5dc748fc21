"""Fetch, activate, confirm: one delivery to an instance on AWS, as its delivery document asks for it."""

from __future__ import annotations

import http.client
import json
import os
import syslog
import tempfile
import time
import urllib.error
from dataclasses import asdict, dataclass
from typing import Any, Callable

from .. import package_files, steps
from ..bundle import digest, parse_bundle
from ..disk import Disk
from ..errors import Refusal
from ..generations import NAME, Generations, printed_receipt
from ..host import Host
from ..lock import RUN
from . import data_volume, services
from .refused import Refused
from .services import Unserved, alarm

Progress = Callable[[str], None]
# Without these nobody could mend this machine any more, or would learn how it is.
NEEDED = ("ssm", "ssmmessages", "s3", "secretsmanager")
REACH_SECONDS = 20
PAUSE_SECONDS = 2


@dataclass(frozen=True)
class Order:
    """What the document was given. Digests and names only."""

    bucket: str
    bundle: str
    generation: str
    secret: str
    version: str
    address: str


def deliver(order: Order, progress: Progress) -> str:
    """Make the ordered generation true and keep it; one line for a person. Raises Refusal, and says when it alarms."""
    host, store = steps.open_host(progress)
    known = Refused(store.disk, digest(json.dumps([asdict(order), host.boot]).encode()), host.now())
    try:
        known.wait_its_turn()
    except Refusal as problem:
        raise Refusal(f"generation {order.generation}: {problem}") from None
    try:
        said = _deliver(order, host, store, progress)
    except (Refusal, Unserved, OSError) as problem:
        reason = f"generation {order.generation}: {problem}"
        # What AWS did not serve costs next to nothing to ask for again.
        if isinstance(problem, Unserved) or _to_tell(known, str(problem)):
            alarm("delivery-failed", reason)
        services.leave_refusal(order.bucket, order.generation, problem, host.now())
        raise Refusal(reason) from None
    known.forget()
    return said


def _to_tell(known: Refused, reason: str) -> bool:
    try:
        return known.note(reason)
    except OSError:
        return True


def _deliver(order: Order, host: Host, store: Generations, progress: Progress) -> str:
    if not NAME.fullmatch(order.generation):
        raise Refusal("that is not the name of a generation")
    (instance,) = services.metadata("meta-data/instance-id")
    data_volume.attach(host.disk, host.commands, progress)
    document = _kept(store, order) or _fetched(order, progress)
    _bring_packages(order, document["bundle"], store.disk, progress)
    receipt = steps.activate(_written(document), order.bundle, order.version, order.generation, instance)
    if receipt["state"] != "confirmed":
        receipt = _keep(order, progress)
    if receipt["drift"] or not receipt.get("reported"):
        try:
            _report(order, receipt)
        except Unserved as problem:
            raise Unserved(f"is in effect, but its receipt could not be left in the bucket: {problem}") from None
        _note_reported(store, order.generation)
    return f"generation {order.generation} is in effect ({len(receipt['changed'])} files changed)"


def _kept(store: Generations, order: Order) -> dict[str, Any] | None:
    """What was fetched for this generation before: drift is repaired without asking anybody."""
    receipt = store.receipt(order.generation)
    if receipt is None or (receipt["bundle"], receipt["secretsDigest"]) != (order.bundle, order.version):
        return None
    known = store.load(order.generation)
    if known is None:
        return None
    return {"bundle": store.disk.read(f"{known.directory}/bundle.json").decode(), "values": known.values}


def _fetched(order: Order, progress: Progress) -> dict[str, Any]:
    progress(f"fetching the bundle {order.bundle[:12]} from s3://{order.bucket}")
    bundle = services.get_object(order.bucket, f"bundles/{order.bundle}.json", order.bundle).decode()
    progress(f"fetching version {order.version} of the secret")
    values = secret_values(order.secret, order.version)
    return {
        "bundle": bundle,
        "values": {**values, "host.external-address": order.address, "host.domain": order.address},
    }


def _bring_packages(order: Order, bundle: str, disk: Disk, progress: Progress) -> None:
    """Fetch the package files that come by the bucket; one with an address of its own is fetched when it is needed."""
    for package in parse_bundle(bundle).packages:
        if package.sha256 and not package.url and disk.entry(package_files.kept(package.sha256)).kind != "file":
            progress(f"fetching the package {package.name} from s3://{order.bucket}")
            content = services.get_object(order.bucket, f"packages/{package.sha256}.deb", package.sha256)
            package_files.keep(disk, package.sha256, content)


def secret_values(secret: str, version: str) -> dict[str, str]:
    """The values in one version of the secret; raises Unserved, which never holds one."""
    wanted = json.dumps({"SecretId": secret, "VersionId": version}).encode()
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "secretsmanager.GetSecretValue"}
    answer = services.ask("secretsmanager", "POST", "/", headers, wanted)
    try:
        values = json.loads(json.loads(answer)["SecretString"])
    except (ValueError, KeyError):
        values = None
    if not isinstance(values, dict):
        raise Unserved("the secret does not hold a JSON object of names and values")
    return values


def _written(document: dict[str, Any]) -> str:
    os.makedirs(RUN, mode=0o700, exist_ok=True)
    handle, path = tempfile.mkstemp(prefix="delivered-", dir=RUN)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(document, stream)
    return path


def _keep(order: Order, progress: Progress) -> dict[str, Any]:
    """Confirm the armed generation when the services still answer, else undo it."""
    silent = unreached(progress)
    if silent:
        cause = f"with it this machine does not reach {'; '.join(silent)}"
        steps.undo(order.generation, cause, progress)
        raise Refusal(f"{cause}; it was undone")
    receipt = steps.confirm_if_armed(order.generation, progress)
    if receipt is None:
        raise Refusal("it was undone or replaced before it could be confirmed; it is tried again on schedule")
    return receipt


def unreached(progress: Progress, wait: Callable[[float], None] = time.sleep) -> list[str]:
    """Of the services this machine cannot do without, those that no new connection reaches, and why."""
    region, domain = services.metadata("meta-data/placement/region", "meta-data/services/domain")
    deadline = time.monotonic() + REACH_SECONDS
    silent = dict.fromkeys(NEEDED, "")
    while True:
        for name in list(silent):
            why = _silence(services.endpoint(name, region, domain))
            if why is None:
                del silent[name]
            else:
                silent[name] = why
        if not silent or time.monotonic() > deadline:
            return [f"{name} ({why})" for name, why in silent.items()]
        progress(f"waiting for {', '.join(silent)} to answer")
        wait(PAUSE_SECONDS)


def _silence(url: str) -> str | None:
    """None when something answers there, whatever it says: a refused request has come through too."""
    try:
        services.fetch("GET", url + "/", seconds=REACH_SECONDS / 8)
    except urllib.error.HTTPError:
        return None
    except (OSError, http.client.HTTPException) as problem:
        return str(problem)
    return None


def _report(order: Order, receipt: dict[str, Any]) -> None:
    """Leave the receipt in the journal, and where `pulumi up` waits for it."""
    told = {key: receipt[key] for key in ("generation", "state", "changed", "drift", "at")}
    services.note(syslog.LOG_NOTICE, {"receipt": told})
    services.leave_report(order.bucket, "receipt", printed_receipt(receipt))


def _note_reported(store: Generations, generation: str) -> None:
    """The bucket holds one receipt, the latest: an earlier generation that comes back has to be reported again."""
    for name in store.names():
        store.update_receipt(name, reported=name == generation)
