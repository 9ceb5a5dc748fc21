"""A UDP socket in a network namespace, worked from outside through standard streams.

Usage: udp-relay.py ADDRESS [PORT]. Each input line is {"host", "port", "data"} with data in base64, and is sent. Each
datagram that arrives is printed the same way. The first line printed is {"bound": PORT}. Ends with its input.
"""

import base64
import json
import os
import select
import socket
import sys


def show(**fields):
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


def main(address, port="0"):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((address, int(port)))
    show(bound=sock.getsockname()[1])
    pending = b""
    while True:
        ready, _, _ = select.select([0, sock], [], [])
        if sock in ready:
            data, (host, peer) = sock.recvfrom(65536)
            show(host=host, port=peer, data=base64.b64encode(data).decode())
        if 0 in ready:
            more = os.read(0, 65536)
            if not more:
                return
            *lines, pending = (pending + more).split(b"\n")
            for line in lines:
                order = json.loads(line)
                sock.sendto(base64.b64decode(order["data"]), (order["host"], order["port"]))


if __name__ == "__main__":
    main(*sys.argv[1:3])
