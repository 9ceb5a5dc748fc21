"""Runs on the PBX beside an activation and does one thing at one instant of it. Standard library only.

Usage: at-instant.py WHAT MILLISECONDS. Prints "ready", waits for the next activation unit, and that many milliseconds after
its control group appeared does WHAT: `kill` (SIGKILL to every process of the unit at once), `cut` (SIGKILL to every SSH
session), `tell` (prints "now"), `watch` (nothing) or `swap` (prints "now" as soon as a file of /etc/asterisk is replaced).
The last line is JSON: whether the unit still ran, its length in milliseconds when it ended by itself, and the transaction's
phase right after.
"""

import json
import os
import sys
import time

UNITS = "/sys/fs/cgroup/system.slice"
PREFIX = "hardened-asterisk-activate-"
PATIENCE_SECONDS = 90


def units():
    return {name for name in os.listdir(UNITS) if name.startswith(PREFIX)}


def wait_for(condition, why):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            sys.exit(f"waited {PATIENCE_SECONDS} s: {why}")
        time.sleep(0.001)


def phase():
    try:
        with open("/var/lib/hardened-asterisk/transaction.json", encoding="utf-8") as handle:
            return json.load(handle)["phase"]
    except FileNotFoundError:
        return None


def kill_group(folder):
    with open(f"{folder}/cgroup.kill", "w", encoding="ascii") as handle:
        handle.write("1")


def cut_sessions():
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/comm", encoding="ascii") as handle:
                session = handle.read().strip() == "sshd-session"
            if session:
                os.kill(int(entry), 9)
        except (FileNotFoundError, ProcessLookupError):
            continue


def inodes():
    # What the listing itself says: a file may be gone before it could be asked.
    with os.scandir("/etc/asterisk") as entries:
        return {entry.name: entry.inode() for entry in entries}


def main(what, milliseconds):
    earlier, files = units(), inodes()
    print("ready", flush=True)
    unit = wait_for(lambda: units() - earlier, "no activation began").pop()
    started = time.monotonic()
    folder = f"{UNITS}/{unit}"
    over = lambda: not os.path.isdir(folder)
    if what == "swap":
        wait_for(lambda: inodes() != files or over(), "no file changed and the unit did not end")
    else:
        wait_for(lambda: (time.monotonic() - started) * 1000 >= milliseconds or over(), "the unit did not end")
    ran = not over()
    length = None if ran else (time.monotonic() - started) * 1000
    if ran and what == "kill":
        kill_group(folder)
    elif ran and what == "cut":
        cut_sessions()
    elif what in ("tell", "swap"):
        print("now", flush=True)
    print(json.dumps({"ran": ran, "length": length, "phase": phase()}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
