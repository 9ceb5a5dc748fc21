"""fail2ban's own database: put aside when it cannot be read, because fail2ban would not start."""

from __future__ import annotations

import os
import sqlite3

DATABASE = "/var/lib/fail2ban/fail2ban.sqlite3"


def put_aside_if_damaged(path: str = DATABASE) -> str:
    """Rename a damaged database; a whole one stays, because it knows who was banned before and how often."""
    if not os.path.exists(path) or _whole(path):
        return "fail2ban's database is whole"
    os.replace(path, f"{path}.damaged")
    for rest in ("-journal", "-wal", "-shm"):
        if os.path.exists(path + rest):
            os.replace(path + rest, f"{path}.damaged{rest}")
    return "<4>fail2ban's database was damaged and is put aside: how often somebody was banned counts anew"


def _whole(path: str) -> bool:
    try:
        connection = sqlite3.connect(path, timeout=5)
        try:
            answer: list[tuple[str]] = connection.execute("PRAGMA quick_check").fetchall()
        finally:
            connection.close()
    except sqlite3.Error:
        return False
    return answer == [("ok",)]
