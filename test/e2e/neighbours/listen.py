"""Listens at a TCP port, greets everybody and keeps the connection: PORT."""

import socket
import sys

server = socket.create_server(("0.0.0.0", int(sys.argv[1])), backlog=512)
kept = []
while True:
    connection, _ = server.accept()
    connection.sendall(b"hello\n")
    kept.append(connection)
