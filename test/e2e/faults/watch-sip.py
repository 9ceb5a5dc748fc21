"""Asks a host for SIP over and over, until standard input closes: UDP OPTIONS to 5060, and TCP connections to 5060 and 5061.

Usage: watch-sip.py TARGET ADDRESS…. Every round comes from the next of the ADDRESSes. Prints one JSON line a round: its time in
seconds since 1970, and what was answered. A refused connection is no answer.
"""

import itertools
import json
import select
import socket
import sys
import time

PATIENCE_SECONDS = 0.05


def options(target, own, number):
    lines = [
        f"OPTIONS sip:{target} SIP/2.0",
        f"Via: SIP/2.0/UDP {own}:5060;branch=z9hG4bK{number};rport",
        f"From: <sip:stranger@{own}>;tag={number}",
        f"To: <sip:{target}>",
        f"Call-ID: {number}@{own}",
        "CSeq: 1 OPTIONS",
        "Max-Forwards: 70",
        "Content-Length: 0",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def over_udp(target, own, number):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind((own, 0))
        line.connect((target, 5060))
        line.settimeout(PATIENCE_SECONDS)
        try:
            line.send(options(target, own, number))
            return line.recv(4096).split(b"\r\n", 1)[0].decode(errors="replace")
        except OSError:
            return None


def over_tcp(target, own, port):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as line:
        line.bind((own, 0))
        line.settimeout(PATIENCE_SECONDS)
        try:
            line.connect((target, port))
            return f"TCP {port} is open"
        except OSError:
            return None


def main(target, addresses):
    for number, own in enumerate(itertools.cycle(addresses)):
        if select.select([sys.stdin], [], [], 0)[0]:
            break
        at = time.time()
        answers = [over_udp(target, own, number), over_tcp(target, own, 5060), over_tcp(target, own, 5061)]
        print(json.dumps({"at": at, "answers": [answer for answer in answers if answer]}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
