"""A small real configuration for the tests: the files below fixtures/root with their owners, actions and probes."""

from __future__ import annotations

import json
import os
import re
from typing import Any

ROOT = os.path.join(os.path.dirname(__file__), "fixtures", "root")
VALUES = {"reception.user": "reception-a1b2c3", "reception.ha1": "0123456789abcdef0123456789abcdef"}
REFERENCE = re.compile(r"\{\{([a-z.0-9]+)\}\}")
FIREWALL = "/etc/nftables.d/hardened-asterisk.nft"
DROP_IN = "/etc/systemd/system/asterisk.service.d/hardened-asterisk.conf"


def pieces(text: str) -> list[Any]:
    """Text with `{{name}}` as the bundle holds it."""
    parts = REFERENCE.split(text)
    mixed = [{"ref": part} if number % 2 else part for number, part in enumerate(parts)]
    return [piece for piece in mixed if piece != ""]


def fixture_files(changes: dict[str, str]) -> list[dict[str, Any]]:
    """Every file below fixtures/root, with `changes` (path → text) laid over."""
    texts = {}
    for folder, _, names in os.walk(ROOT):
        for name in names:
            with open(os.path.join(folder, name), encoding="utf-8") as handle:
                texts[os.path.join(folder, name)[len(ROOT) :]] = handle.read()
    texts.update(changes)
    return [
        {
            "path": path,
            "owner": "root",
            "group": "asterisk" if path.startswith("/etc/asterisk/") else "root",
            "mode": "0640" if path.startswith("/etc/asterisk/") else "0644",
            "content": pieces(text),
        }
        for path, text in sorted(texts.items())
    ]


def bundle(changes: dict[str, str] | None = None, **fields: Any) -> dict[str, Any]:
    """The fixture as a bundle; `fields` replace top-level fields."""
    files = fixture_files(changes or {})
    paths = [file["path"] for file in files]
    return {
        "format": 1,
        "platform": {"os": "debian-14", "asterisk": "22"},
        "admins": ["203.0.113.7/32"],
        "packages": [{"name": "nftables"}, {"name": "asterisk", "minimum": "1:22.10.1"}, {"name": "fail2ban"}],
        "directories": [
            {"path": "/etc/asterisk", "owner": "root", "group": "asterisk", "mode": "0750", "exclusive": True},
            {"path": "/var/log/asterisk", "owner": "asterisk", "group": "asterisk", "mode": "0750", "exclusive": False},
        ],
        "files": files,
        "actions": actions(paths),
        "probes": probes(),
        "firewall": FIREWALL,
        "services": ["hardened-asterisk-firewall.service", "asterisk.service", "fail2ban.service"],
        "knownKeys": {},
        "rollbackSeconds": 60,
        "restartWithCalls": False,
        **fields,
    }


def actions(paths: list[str]) -> list[dict[str, Any]]:
    """Reloads where they suffice, restarts where they do not."""
    reload_only = ["/etc/asterisk/pjsip.conf", "/etc/asterisk/extensions.conf"]
    restarts = [p for p in paths if (p.startswith("/etc/asterisk/") and p not in reload_only) or p == DROP_IN]

    def action(name: str, service: str, kind: str, argv: list[str], on: list[str]) -> dict[str, Any]:
        return {"id": name, "service": service, "kind": kind, "argv": argv, "onChange": on}

    return [
        action("firewall", "hardened-asterisk-firewall.service", "reload", ["nft", "-f", FIREWALL], [FIREWALL]),
        action("asterisk", "asterisk.service", "restart", ["systemctl", "restart", "asterisk.service"], restarts),
        action(
            "pjsip", "asterisk.service", "reload", ["asterisk", "-rx", "module reload res_pjsip.so"], reload_only[:1]
        ),
        action("dialplan", "asterisk.service", "reload", ["asterisk", "-rx", "dialplan reload"], reload_only[1:]),
        action(
            "fail2ban",
            "fail2ban.service",
            "restart",
            ["systemctl", "restart", "fail2ban.service"],
            [p for p in paths if p.startswith("/etc/fail2ban/")],
        ),
    ]


def probes() -> list[dict[str, Any]]:
    """What must be in effect."""
    return [
        {
            "service": "asterisk",
            "id": "transport",
            "argv": ["asterisk", "-rx", "pjsip show transports"],
            "contains": [["203.0.113.10:5060"]],
            "lacks": [["tcp"]],
            "withinSeconds": 10,
        },
        {
            "service": "asterisk",
            "id": "user",
            "argv": ["asterisk", "-rx", "pjsip show auths"],
            "contains": [[{"ref": "reception.user"}]],
            "lacks": [],
            "withinSeconds": 10,
        },
        {
            "service": "hardened-asterisk-firewall.service",
            "id": "firewall",
            "argv": ["nft", "list", "table", "inet", "hardened_asterisk"],
            "contains": [["policy drop"]],
            "lacks": [],
            "withinSeconds": 5,
        },
    ]


def text_of(document: dict[str, Any]) -> str:
    """Canonical JSON."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
