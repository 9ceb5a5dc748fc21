"""Prints, as JSON, what lies at some paths and everywhere below /etc/asterisk, and what some commands say.

Usage: host-state.py JSON, with {"paths": […], "commands": [argv, …]}. All commands run at once; a status other than 0 ends it.
"""

import grp
import hashlib
import json
import os
import pwd
import stat
import subprocess
import sys


def picture(path):
    found = os.lstat(path)
    with open(path, "rb") as handle:
        digest = hashlib.sha256(handle.read()).hexdigest()
    return {
        "sha256": digest,
        "owner": pwd.getpwuid(found.st_uid).pw_name,
        "group": grp.getgrgid(found.st_gid).gr_name,
        "mode": f"{stat.S_IMODE(found.st_mode):04o}",
    }


def answer(argv, process):
    said, complaint = process.communicate(timeout=30)
    if process.returncode != 0:
        sys.exit(f"{argv}: {said}{complaint}")
    return said


def main(asked):
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    running = [(argv, subprocess.Popen(argv, **pipes)) for argv in asked["commands"]]
    below = [os.path.join(folder, name) for folder, _, names in os.walk("/etc/asterisk") for name in names]
    paths = sorted({*asked["paths"], *below})
    files = {path: picture(path) for path in paths if os.path.lexists(path)}
    print(json.dumps({"files": files, "said": [answer(*one) for one in running]}))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
