"""false-console.py SOCKET HEARD once|endless: what somebody who has taken Asterisk over puts in its console's place."""

import os
import socket
import struct
import sys

path, heard, how = sys.argv[1:]
server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
server.bind(path)
server.listen()
with open(heard, "a", encoding="ascii"):
    pass
while True:
    client, _ = server.accept()
    with client, open(heard, "ab") as log:
        if how == "once":
            # Who speaks: process, user, group.
            log.write(repr(struct.unpack("iii", client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))).encode())
            continue
        client.sendall(b"pbx/%d/22.10.1\n" % os.getpid())
        try:
            while True:
                client.sendall(b"x" * 79 + b"\n")
        except OSError:
            pass
