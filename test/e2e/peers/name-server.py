"""Answers every question for one name with one IPv4 address (RFC 1035), and every other with "no such name".

Arguments: address to listen on (port 53), name, address it has. Prints "ready" when it listens.
"""

import socket
import struct
import sys

NO_ERROR, NO_SUCH_NAME, A, IN = 0, 3, 1, 1


def question_of(packet: bytes) -> tuple[str, int, bytes]:
    labels, at = [], 12
    while packet[at]:
        labels.append(packet[at + 1 : at + 1 + packet[at]].decode("ascii"))
        at += 1 + packet[at]
    return ".".join(labels).lower(), struct.unpack_from("!H", packet, at + 1)[0], packet[12 : at + 5]


def answer(packet: bytes, name: str, address: str) -> bytes:
    asked, kind, question = question_of(packet)
    known = asked == name.lower()
    records = b""
    if known and kind == A:
        records = struct.pack("!HHHIH", 0xC00C, A, IN, 5, 4) + socket.inet_aton(address)
    flags = 0x8180 | (NO_ERROR if known else NO_SUCH_NAME)
    return packet[:2] + struct.pack("!HHHHH", flags, 1, 1 if records else 0, 0, 0) + question + records


def main() -> None:
    listen, name, address = sys.argv[1:]
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.bind((listen, 53))
    print("ready", flush=True)
    while True:
        packet, sender = line.recvfrom(4096)
        line.sendto(answer(packet, name, address), sender)


main()
