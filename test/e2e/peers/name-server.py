"""Answers every question for the names it knows with one IPv4 address (RFC 1035), and every other with "no such name".

Over UDP and TCP (RFC 7766). Arguments: address to listen on (port 53), then names and the addresses they have by turns.
Prints "ready" when it listens.
"""

import socket
import socketserver
import struct
import sys
import threading

NO_ERROR, NO_SUCH_NAME, A, IN = 0, 3, 1, 1


def question_of(packet: bytes) -> tuple[str, int, bytes]:
    labels, at = [], 12
    while packet[at]:
        labels.append(packet[at + 1 : at + 1 + packet[at]].decode("ascii"))
        at += 1 + packet[at]
    return ".".join(labels).lower(), struct.unpack_from("!H", packet, at + 1)[0], packet[12 : at + 5]


def answer(packet: bytes, addresses: dict[str, str]) -> bytes:
    asked, kind, question = question_of(packet)
    known = asked in addresses
    records = b""
    if known and kind == A:
        records = struct.pack("!HHHIH", 0xC00C, A, IN, 5, 4) + socket.inet_aton(addresses[asked])
    flags = 0x8180 | (NO_ERROR if known else NO_SUCH_NAME)
    return packet[:2] + struct.pack("!HHHHH", flags, 1, 1 if records else 0, 0, 0) + question + records


def serve_streams(listen: str, addresses: dict[str, str]) -> None:
    class Line(socketserver.StreamRequestHandler):
        timeout = 10

        def handle(self) -> None:
            while len(head := self.rfile.read(2)) == 2:
                told = answer(self.rfile.read(struct.unpack("!H", head)[0]), addresses)
                self.wfile.write(struct.pack("!H", len(told)) + told)

    socketserver.ThreadingTCPServer.allow_reuse_address = True
    server = socketserver.ThreadingTCPServer((listen, 53), Line)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()


def main() -> None:
    listen, *pairs = sys.argv[1:]
    addresses = {name.lower(): address for name, address in zip(pairs[::2], pairs[1::2])}
    serve_streams(listen, addresses)
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.bind((listen, 53))
    print("ready", flush=True)
    while True:
        packet, sender = line.recvfrom(4096)
        line.sendto(answer(packet, addresses), sender)


main()
