"""The master secret: a configuration made with another one than before is refused unless its owner says so."""

from __future__ import annotations

import re

from .errors import Refusal
from .generations import Generation, Generations

# Names of values, as core/secrets/secret-name.ts has them.
DIGEST = "master.digest"
NEW = "master.new"
PHONE = re.compile(r"phone\.(.+)\.(?:user|digest)")
SHOWN = 10


def check_master_secret(store: Generations, values: dict[str, str]) -> str:
    """Refuse values of another master secret than the confirmed generation's; what a person should know, or nothing.

    A generation of a version without the digest is not compared: it is learned with the first one that has it.
    """
    present = _confirmed(store)
    known = present.values.get(DIGEST) if present else None
    if present is None or known is None or known == values.get(DIGEST):
        return ""
    if DIGEST not in values:
        raise Refusal(
            "masterSecret: the delivered values do not say which one they were derived from; nothing was changed. "
            "Print them again with `hardened-asterisk secrets` of this version and put them into the secret"
        )
    what = _what_changes(present.values, values)
    if values.get(NEW) == "yes":
        return f"masterSecret: is a new one, as its owner says; {what.format('changes')}"
    raise Refusal(
        f"masterSecret: is not the one that this PBX was set up with: {what.format('would change')}; nothing was "
        "changed. Give the right one (`pulumi config set --secret pbx:masterSecret`). To change it on purpose, set "
        "`newMasterSecret: true` (`pulumi config set pbx:newMasterSecret true`; for a secret of your own on AWS "
        "`hardened-asterisk secrets --new-master-secret`), run `pulumi up`, and enter or scan every phone's new card"
    )


def _confirmed(store: Generations) -> Generation | None:
    record = store.transaction or {}
    # Between the commit point of a confirmation and its bookkeeping the record names the confirmed one.
    name = record["generation"] if record.get("phase") == "confirmed" else store.current
    return store.load(name) if name else None


def _what_changes(old: dict[str, str], new: dict[str, str]) -> str:
    """The phones whose user name or password differs, in words; `{}` stands where the verb goes."""
    phones = {found[1] for name in old if (found := PHONE.fullmatch(name)) and name in new}
    differing = sorted(
        phone
        for phone in phones
        if any(old.get(name) != new.get(name) for name in (f"phone.{phone}.user", f"phone.{phone}.digest"))
    )
    if not differing:
        return "no phone's user name or password {}"
    named = ", ".join(differing[:SHOWN]) + (" and others" if len(differing) > SHOWN else "")
    return f"the user name or password of {len(differing)} of {len(phones)} phones ({named}) {{}}"
