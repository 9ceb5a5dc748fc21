"""One end of an audio stream, or somebody who sends into those of others.

Input: {"address", "port", "seconds", "byte", "target", "ports"}. Sends PCMU of that byte (0-255), 50 packets a second to each of
the target's ports (none: it only listens). Output: {"sent", "heard": {byte: packets}}.
"""

import json
import random
import select
import socket
import struct
import sys
import time


def main(address, port, seconds, byte, target, ports):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((address, port))
    source = random.getrandbits(32)
    heard = {}
    sent = 0
    start = time.monotonic()
    while (spent := time.monotonic() - start) < seconds:
        while sent < spent * 50:
            header = struct.pack("!BBHII", 0x80, 0, sent & 0xFFFF, sent * 160 & 0xFFFFFFFF, source)
            for one in ports:
                sock.sendto(header + bytes([byte]) * 160, (target, one))
            sent += 1
        if select.select([sock], [], [], 0.005)[0]:
            packet = sock.recv(2048)
            if len(packet) > 12:
                heard[packet[12]] = heard.get(packet[12], 0) + 1
    print(json.dumps({"sent": sent * len(ports), "heard": heard}))


if __name__ == "__main__":
    main(**json.load(sys.stdin))
