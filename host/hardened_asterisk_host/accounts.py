"""Accounts that anybody could enter: with no password, or with one that everybody tries first."""

from __future__ import annotations

import ctypes
import ctypes.util
from typing import Callable

# The first guesses of every scanner and what images and appliances come with; an account's own name is tried too.
COMMON = (
    *("123456", "12345678", "admin", "administrator", "alpine", "amp111", "asterisk", "changeme", "debian", "default"),
    *("freepbx", "guest", "password", "passw0rd", "pbx", "pi", "qwerty", "raspberry", "root", "secret", "test", "toor"),
    *("user", "vagrant"),
)
Crypt = Callable[[str, str], str]


def system_crypt() -> Crypt:
    """crypt(3) of the host, which knows every kind of digest its own /etc/shadow may hold."""
    library = ctypes.CDLL(ctypes.util.find_library("crypt") or "libcrypt.so.1")
    library.crypt.restype = ctypes.c_char_p

    def crypt(password: str, digest: str) -> str:
        return (library.crypt(password.encode(), digest.encode()) or b"").decode()

    return crypt


def weak_accounts(shadow: str, crypt: Crypt) -> list[str]:
    """One sentence for each account of a shadow file that has no password or a common one."""
    found = []
    for line in shadow.splitlines():
        name, _, rest = line.partition(":")
        digest = rest.partition(":")[0]
        if digest == "":
            found.append(f"account {name} has an empty password; lock it with `passwd --lock {name}`")
        elif digest[0] not in "!*" and any(crypt(word, digest) == digest for word in (name, *COMMON)):
            found.append(f"account {name} has a password that everybody tries first; `passwd {name}` sets another")
    return found
