"""Sends each message over a connection of its own, TCP or TLS, and counts the connections that got any answer.

Input: {"address", "target", "port", "kind": "tcp" | "tls", "messages"}, the messages in base64. A connection is closed 100 ms
after its message at the latest; after three that were refused in a row the rest is not tried.
Output: {"sent", "refused", "answered"}.
"""

import base64
import json
import socket
import ssl
import sys


def connect(address, target, port, kind):
    plain = socket.create_connection((target, port), timeout=2, source_address=(address, 0))
    if kind == "tcp":
        return plain
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    # The twin's default offers nothing newer than TLS 1.0.
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context.wrap_socket(plain)


def main(address, target, port, kind, messages):
    count = {"sent": 0, "refused": 0, "answered": 0}
    silences = 0
    for message in messages:
        if silences == 3:
            break
        try:
            stream = connect(address, target, port, kind)
        except OSError:
            count["refused"] += 1
            silences += 1
            continue
        silences = 0
        with stream:
            stream.settimeout(0.1)
            try:
                stream.sendall(base64.b64decode(message))
                count["sent"] += 1
                count["answered"] += bool(stream.recv(1))
            except OSError:
                pass
    print(json.dumps(count))


if __name__ == "__main__":
    main(**json.load(sys.stdin))
