"""The bundles and steps that the transaction's tests share."""

from __future__ import annotations

from typing import Any

import location  # noqa: F401
from fixture import text_of
from simulated_host import SimulatedMachine

from hardened_asterisk_host.activation import Activator, Request
from hardened_asterisk_host.generations import Generation, Generations

VALUES = {"phone.user": "secret-user"}
FIREWALL = "/etc/nftables.d/pbx.nft"


def table(words: str) -> str:
    """A firewall file."""
    return f"table inet pbx\ndelete table inet pbx\ntable inet pbx {{\n {words}\n}}\n"


def file(path: str, *content: Any, mode: str = "0640", group: str = "asterisk") -> dict[str, Any]:
    """A file of the bundle, owned by root."""
    return {"path": path, "owner": "root", "group": group, "mode": mode, "content": list(content)}


def bundle(
    number: int,
    extra: tuple[str, ...] = (),
    admins: tuple[str, ...] = ("192.0.2.0/24",),
    units: tuple[str, ...] = (),
    **fields: Any,
) -> dict[str, Any]:
    """A small bundle whose every file differs with its number.

    `extra` adds files below /etc/asterisk, `units` services with their unit files.
    """
    files = [
        file("/etc/asterisk/pjsip.conf", f"; {number}\nusername = ", {"ref": "phone.user"}, "\n"),
        file(FIREWALL, table(f"number {number}"), mode="0600", group="root"),
        file("/etc/systemd/system/firewall.service", f"[Service]\n# {number}\n", mode="0644", group="root"),
        *(file(f"/etc/asterisk/{name}", f"; {number}\n") for name in extra),
        *(file(f"/etc/systemd/system/{unit}", f"[Service]\n# {number}\n", mode="0644", group="root") for unit in units),
    ]
    return {
        "format": 1,
        "platform": {"os": "debian-14", "asterisk": "22"},
        "admins": list(admins),
        "packages": [{"name": "asterisk"}],
        "directories": [
            {"path": "/etc/asterisk", "owner": "root", "group": "asterisk", "mode": "0750", "exclusive": True}
        ],
        "files": files,
        "actions": actions([f["path"] for f in files if f["path"].startswith("/etc/asterisk/")]),
        "probes": [probe()],
        "firewall": FIREWALL,
        "services": ["firewall.service", "asterisk.service", *units],
        "knownKeys": {},
        "rollbackSeconds": 60,
        "restartWithCalls": False,
        **fields,
    }


def actions(configuration: list[str]) -> list[dict[str, Any]]:
    """Asterisk restarts for its configuration, the firewall is loaded for its own."""
    restart = ["systemctl", "restart", "asterisk.service"]
    return [
        {"id": "restart", "service": "asterisk", "kind": "restart", "argv": restart, "onChange": configuration},
        {
            "id": "load",
            "service": "firewall",
            "kind": "reload",
            "argv": ["nft", "-f", FIREWALL],
            "onChange": [FIREWALL],
        },
    ]


def probe() -> dict[str, Any]:
    """Agrees as long as the simulated probe works."""
    contains = [["fine ", {"ref": "phone.user"}]]
    return {
        "id": "fine",
        "argv": ["probe"],
        "contains": contains,
        "lacks": [["bad"]],
        "withinSeconds": 1,
        "service": "firewall",
    }


def activator(machine: SimulatedMachine, examine: Any = None) -> Activator:
    """An activator of a fresh process on this machine."""
    host = machine.host()

    def pass_all(generation: Generation) -> None:
        return None

    return Activator(host, Generations(host.disk), examine or pass_all)


def request(name: str, document: dict[str, Any], digest: str = "digest") -> Request:
    """An activation request."""
    return Request(name, text_of(document), VALUES, digest, "host-1")


def activate(machine: SimulatedMachine, name: str, document: dict[str, Any], examine: Any = None) -> dict[str, Any]:
    """Activate in a fresh process."""
    return activator(machine, examine).activate(request(name, document))
