"""Waits for TCP and UDP on one address and port, and answers "y" to whatever comes.

Input: one line {"address", "port"}. Output: "listening". Ends with its input.
"""

import json
import selectors
import socket
import sys


def main(address, port):
    stream = socket.create_server((address, port))
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    datagrams.bind((address, port))
    print("listening", flush=True)
    waiting = selectors.DefaultSelector()
    for one in (stream, datagrams, sys.stdin):
        waiting.register(one, selectors.EVENT_READ)
    while True:
        for key, _ in waiting.select():
            if key.fileobj is stream:
                with stream.accept()[0] as one:
                    one.sendall(b"y")
                    one.recv(1)
            elif key.fileobj is datagrams:
                _, sender = datagrams.recvfrom(100)
                datagrams.sendto(b"y", sender)
            elif not sys.stdin.readline():
                return


if __name__ == "__main__":
    main(**json.loads(sys.stdin.readline()))
