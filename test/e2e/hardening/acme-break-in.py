"""What a thief tries who has taken the ACME client over, through a server's answer. Prints {attempt: "done" or why not}."""

import json
import os
import socket
import subprocess
import sys

KEY, FOLDER = sys.argv[1:]


def run(path):
    subprocess.run([path], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


def own_program(folder):
    path = f"{folder}/break-in"
    with open(path, "w") as handle:
        handle.write("#!/bin/true\n")
    os.chmod(path, 0o700)
    try:
        run(path)
    finally:
        os.unlink(path)


def listen(kind, *address):
    with socket.socket(kind, socket.SOCK_STREAM) as line:
        line.bind(*address)


def become_root():
    if os.geteuid() != 0:
        os.setuid(0)


attempts = {
    "read the key in use": lambda: open(KEY).close(),
    "read the key being certified": lambda: open("/run/hardened-asterisk/acme/key.pem").close(),
    "read the passwords of phones": lambda: open("/etc/asterisk/pjsip.conf").close(),
    "read who called": lambda: os.listdir("/var/log/asterisk"),
    "write what Asterisk reads": lambda: open("/etc/asterisk/extensions.conf", "a").close(),
    "run a shell": lambda: run("/bin/true"),
    "run a program it left in its state": lambda: own_program(FOLDER),
    "run a program it left in /tmp": lambda: own_program("/tmp"),
    "run a program it left in /run": lambda: own_program("/run"),
    "become root": become_root,
    "ask systemd or Asterisk over their sockets": lambda: listen(socket.AF_UNIX, "\0break-in"),
    "open a raw socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1).close(),
    "fill the disk with one file": lambda: os.truncate(os.open(f"{FOLDER}/full", os.O_CREAT | os.O_RDWR), 1 << 30),
}
outcome = {}
for name, attempt in attempts.items():
    try:
        attempt()
        outcome[name] = "done"
    except BaseException as problem:
        outcome[name] = f"{type(problem).__name__}: {problem}"
json.dump(outcome, sys.stdout)
