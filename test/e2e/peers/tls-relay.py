"""A TLS connection for SIP from a network namespace, worked from outside through standard streams.

Usage: tls-relay.py ADDRESS TARGET. Connects to TARGET:5061 and takes any certificate. Input lines and printed lines are those of
udp-relay.py; where a line is sent is not looked at. Each message that arrives is printed whole, by its Content-Length. Ends with its
input or with the connection.
"""

import base64
import json
import os
import re
import select
import socket
import ssl
import sys


def show(**fields):
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


def split(stream):
    """Whole messages at the start of a stream, and the rest."""
    messages = []
    while True:
        stream = stream.lstrip(b"\r\n")
        head, end, _ = stream.partition(b"\r\n\r\n")
        if not end:
            return messages, stream
        length = re.search(rb"\r\n(?:Content-Length|l) *: *(\d+)", head, re.I)
        size = len(head) + 4 + int(length.group(1) if length else 0)
        if len(stream) < size:
            return messages, stream
        messages.append(stream[:size])
        stream = stream[size:]


def main(address, target):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    raw = socket.create_connection((target, 5061), timeout=10, source_address=(address, 0))
    sock = context.wrap_socket(raw)
    sock.settimeout(None)
    show(bound=sock.getsockname()[1])
    pending = stream = b""
    while True:
        ready, _, _ = select.select([0, sock], [], [])
        if sock in ready:
            more = sock.recv(65536)
            if not more:
                return
            while sock.pending():
                more += sock.recv(65536)
            messages, stream = split(stream + more)
            for message in messages:
                show(host=target, port=5061, data=base64.b64encode(message).decode())
        if 0 in ready:
            more = os.read(0, 65536)
            if not more:
                return
            *lines, pending = (pending + more).split(b"\n")
            for line in lines:
                sock.sendall(base64.b64decode(json.loads(line)["data"]))


if __name__ == "__main__":
    main(*sys.argv[1:3])
