"""Sends datagrams one after the other, each from its own source, and collects the first answer to each.

Usage: datagrams.py HOST4 HOST6 PORT MILLISECONDS. Input: a JSON list of {"from": ADDRESS, "data": BASE64}. Output: a JSON
list with the answer to each in base64, or null when none came within MILLISECONDS.
"""

import base64
import json
import socket
import sys


def exchange(order, host4, host6, port, patience):
    version6 = ":" in order["from"]
    with socket.socket(socket.AF_INET6 if version6 else socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((order["from"], 0))
        sock.settimeout(patience)
        sock.sendto(base64.b64decode(order["data"]), (host6 if version6 else host4, port))
        try:
            return base64.b64encode(sock.recv(65536)).decode()
        except TimeoutError:
            return None


def main(host4, host6, port, milliseconds):
    orders = json.load(sys.stdin)
    answers = [exchange(order, host4, host6, int(port), int(milliseconds) / 1000) for order in orders]
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
