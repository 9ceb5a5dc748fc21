"""Sends SIP messages one after the other, each from its own source, and collects the first answer to each.

Usage: exchange.py HOST4 HOST6 PORT TLS-PORT MILLISECONDS. Input: a JSON list of {"from": ADDRESS, "over": "udp", "tcp" or
"tls", "data": BASE64}. Output: a JSON list with the answer to each in base64, or null when none came in time.
"""

import base64
import json
import socket
import ssl
import sys


def over_datagram(sock, data, address):
    # Not connected: within one host the answer's source is whichever address the kernel likes.
    sock.sendto(data, address)
    return sock.recv(65536)


def over_stream(sock, data, address):
    sock.connect(address)
    sock.sendall(data)
    return sock.recv(65536)


def over_tls(sock, data, address):
    # Who answers is not in question here: the connection does not leave this namespace.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    sock.connect(address)
    with context.wrap_socket(sock) as channel:
        channel.sendall(data)
        return channel.recv(65536)


WAYS = {"udp": over_datagram, "tcp": over_stream, "tls": over_tls}


def exchange(order, host4, host6, port, tls_port, patience):
    six, over = ":" in order["from"], order["over"]
    kind = socket.SOCK_DGRAM if over == "udp" else socket.SOCK_STREAM
    address = (host6 if six else host4, tls_port if over == "tls" else port)
    with socket.socket(socket.AF_INET6 if six else socket.AF_INET, kind) as sock:
        sock.settimeout(patience)
        sock.bind((order["from"], 0))
        try:
            return base64.b64encode(WAYS[over](sock, base64.b64decode(order["data"]), address)).decode()
        except TimeoutError:
            return None


def main(host4, host6, port, tls_port, milliseconds):
    orders = json.load(sys.stdin)
    patience = int(milliseconds) / 1000
    json.dump([exchange(order, host4, host6, int(port), int(tls_port), patience) for order in orders], sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
