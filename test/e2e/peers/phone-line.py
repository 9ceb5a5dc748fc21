"""Companion of one phone, in its namespace: passes steering bytes on, and keeps the times at which audio was heard.

Usage: phone-line.py HOST PORT RECORDINGS CLOCK. Standard input goes to the phone's control port, its answers to standard
output. Every 5 ms the growth of the newest *-dec.wav in RECORDINGS is written to CLOCK as "<monotonic ms> <size> <name>".
Ends when either side closes.
"""

import os
import select
import socket
import sys
import time


def connect(host, port, deadline):
    while True:
        try:
            return socket.create_connection((host, port))
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.005)


def newest(directory):
    names = sorted(name for name in os.listdir(directory) if name.endswith("-dec.wav"))
    return names[-1] if names else None


def main(host, port, recordings, clock_path):
    line = connect(host, int(port), time.monotonic() + 5)
    seen = {}
    with open(clock_path, "w", buffering=1) as clock:
        while True:
            ready, _, _ = select.select([0, line], [], [], 0.005)
            for source, target in ((0, line.fileno()), (line, 1)):
                if source not in ready:
                    continue
                data = os.read(0, 65536) if source == 0 else line.recv(65536)
                if not data:
                    return
                os.write(target, data)
            name = newest(recordings)
            size = os.path.getsize(os.path.join(recordings, name)) if name else 0
            if size != seen.get(name, 0):
                seen[name] = size
                clock.write(f"{time.monotonic() * 1000:.1f} {size} {name}\n")


if __name__ == "__main__":
    main(*sys.argv[1:5])
