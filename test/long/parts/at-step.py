"""Runs an activation's work on the PBX and strikes before one of its steps; put before the agent by a unit drop-in.

Usage: at-step.py UNIT, with /run/fault/order.json {"what": …, "step": n}. A step is one change: a file created, renamed or
removed, an owner or mode set, a command that changes something. The n-th (from 1) is preceded by `kill` (SIGKILL to the whole
unit), `stop` (the process stops itself, for a power cut) or nothing (`count`). What was seen goes to /run/fault/steps.json.
"""

import json
import os
import runpy
import signal
import sys

AGENT = "/usr/local/sbin/hardened-asterisk"
RUN = "/run/hardened-asterisk"
PATH_EVENTS = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chown", "os.chmod", "os.symlink"}
READING = {"dpkg-query", "ss", "tail", "journalctl", "ip", "find"}
READING_WORDS = {"is-active", "is-enabled", "show", "list", "--list", "-c", "status", "--audit", "--compare-versions"}


def changes(event, arguments):
    """What a step does, in words, or None when it changes nothing of the host."""
    if event == "open" and isinstance(arguments[0], str):
        path, writes = arguments[0], (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR)
        return f"create {path}" if writes and not path.startswith((RUN, "/dev/")) else None
    if event in PATH_EVENTS:
        path = str(arguments[0])
        return None if path.startswith(RUN) else f"{event[3:]} {path}"
    if event == "subprocess.Popen":
        argv = [str(word) for word in arguments[1]]
        words = argv[3:] if argv[0] == "timeout" else argv
        asks = words[0] == "asterisk" and not {"reload", "restart"} & set(" ".join(words).split())
        reads = words[0] in READING or asks or READING_WORDS & set(words)
        return None if reads else f"run {' '.join(words)[:120]}"
    return None


def main(unit):
    with open("/run/fault/order.json", encoding="utf-8") as handle:
        order = json.load(handle)
    steps = []

    def hook(event, arguments):
        step = changes(event, arguments)
        if step is None or steps == ["over"]:
            return
        steps.append(step)
        if order["what"] != "count" and len(steps) == order["step"]:
            strike(list(steps))

    def strike(seen):
        steps[:] = ["over"]
        leave(seen)
        if order["what"] == "stop":
            os.kill(os.getpid(), signal.SIGSTOP)
            return
        with open(f"/sys/fs/cgroup/system.slice/{unit}/cgroup.kill", "w", encoding="ascii") as handle:
            handle.write("1")

    sys.addaudithook(hook)
    sys.argv = [AGENT, "work", "--folder", f"{RUN}/{unit[len('hardened-asterisk-activate-') : -len('.service')]}"]
    try:
        runpy.run_path(AGENT, run_name="__main__")
    finally:
        seen, steps[:] = list(steps), ["over"]
        leave(seen)


def leave(seen):
    with open("/run/fault/steps.new", "w", encoding="utf-8") as handle:
        json.dump(seen, handle)
    os.rename("/run/fault/steps.new", "/run/fault/steps.json")


if __name__ == "__main__":
    main(sys.argv[1])
