"""Prints, as JSON lines, the UDP payloads that come from HOST into this network namespace, whoever they are for.

Usage: overhear.py HOST. The first line is "ready"; ends when its input ends.
"""

import json
import select
import socket
import sys


def main(host):
    wanted = socket.inet_aton(host)
    with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.ntohs(0x0800)) as sock:
        print('"ready"', flush=True)
        while True:
            ready, _, _ = select.select([sock, sys.stdin], [], [])
            if sys.stdin in ready:
                return
            packet, (_, _, kind, *_) = sock.recvfrom(65536)
            start = (packet[0] & 15) * 4
            if kind == socket.PACKET_HOST and packet[9] == socket.IPPROTO_UDP and packet[12:16] == wanted:
                print(json.dumps(packet[start + 8 :].decode("latin-1")), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
