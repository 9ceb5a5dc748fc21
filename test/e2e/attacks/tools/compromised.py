"""What a thief does with a PBX who has taken Asterisk over: run in the sandbox of its unit.

Arguments: address and port of a listener that waits for TCP and UDP, and the name of the trunk. Output:
{deed: "done" or why not}.
"""

import glob
import json
import os
import re
import socket
import subprocess
import sys
import time

PREMIUM = "0990123456"


def clear_passwords():
    text = "".join(open(path, errors="replace").read() for path in glob.glob("/etc/asterisk/*.conf"))
    if re.search(r"^\s*(password|secret)\s*=\s*\S", text, re.M) is None:
        raise ValueError("there is none")


def manager(trunk):
    """As tutorials set it up; the premium call is seen at the carrier."""
    with socket.create_connection(("127.0.0.1", 5038), 2) as one:
        one.settimeout(2)
        one.sendall(b"Action: Login\r\nUsername: admin\r\nSecret: amp111\r\nEvents: off\r\n\r\n")
        one.sendall(
            f"Action: Originate\r\nChannel: PJSIP/{PREMIUM}@{trunk}\r\nApplication: Wait\r\nData: 1\r\n\r\n".encode()
        )
        heard = b""
        while b"Originate successfully queued" not in heard:
            more = one.recv(4096)
            if not more:
                raise ValueError(heard.decode(errors="replace"))
            heard += more


def call_file(trunk):
    path = "/var/spool/asterisk/outgoing/compromised.call"
    with open(path, "w") as file:
        file.write(f"Channel: PJSIP/{PREMIUM}@{trunk}\nApplication: Wait\nData: 1\n")
    deadline = time.monotonic() + 4
    while os.path.exists(path) and time.monotonic() < deadline:
        time.sleep(0.1)
    if os.path.exists(path):
        os.unlink(path)
        raise ValueError("nobody read it")


def console(command, wanted):
    done = subprocess.run(
        ["/usr/sbin/asterisk", "-rx", command],
        capture_output=True,
        text=True,
        timeout=10,
        check=False,
    )
    if re.search(wanted, done.stdout) is None:
        raise ValueError((done.stdout + done.stderr).strip()[:200])


def connect(address, port, kind):
    with socket.socket(socket.AF_INET, kind) as one:
        one.settimeout(2)
        one.connect((address, port))
        one.send(b"x")
        if one.recv(1) != b"y":
            raise ValueError("no answer")


def main(address, port, trunk):
    place = (address, int(port))
    deeds = {
        "read a password in clear": clear_passwords,
        "have the manager interface place a premium call": lambda: manager(trunk),
        "have a call file place a premium call": lambda: call_file(trunk),
        "have the dialplan run programs, with System()": lambda: console("core show application System", "Synopsis"),
        "have the dialplan run programs, with SHELL()": lambda: console("core show function SHELL", "Synopsis"),
        "load what the owner left out": lambda: console("module load app_system.so", "Loaded|already loaded"),
        "place a premium call at the console": lambda: (
            console("module load res_clioriginate.so", ""),
            console(f"channel originate PJSIP/{PREMIUM}@{trunk} application Wait 1", "^$"),
        ),
        "write an AGI program": lambda: open("/usr/share/asterisk/agi-bin/compromised", "w").close(),
        "write a dialplan": lambda: open("/etc/asterisk/extensions.conf", "a").close(),
        "call home over TCP": lambda: connect(*place, socket.SOCK_STREAM),
        "call home over UDP": lambda: connect(*place, socket.SOCK_DGRAM),
    }
    outcome = {}
    for name, deed in deeds.items():
        try:
            deed()
            outcome[name] = "done"
        except Exception as problem:
            outcome[name] = f"{type(problem).__name__}: {problem}"
    json.dump(outcome, sys.stdout)


main(*sys.argv[1:4])
