"""Sends what is too large or never ends: datagrams of many fragments, fragments that never become a whole, endless streams.

Input: {"address", "target"}. Needs a raw socket. Output: {"large", "fragments", "streamed"}: large datagrams, lone fragments
and bytes of streams that were sent.
"""

import json
import os
import socket
import struct
import sys
import time

HEAD = "INVITE sip:100@{target} SIP/2.0\r\nVia: SIP/2.0/UDP {address}:5060;branch=z9hG4bK{token}\r\n"
REST = "From: <sip:a@{target}>;tag=1\r\nTo: <sip:100@{target}>\r\nCall-ID: {token}\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\n"


def message(address, target, size):
    words = {"address": address, "target": target, "token": os.urandom(6).hex()}
    text = (HEAD + REST).format(**words)
    return f"{text}X-Filler: {'x' * (size - len(text) - 40)}\r\nContent-Length: 0\r\n\r\n".encode()


def large_datagrams(address, target):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind((address, 0))
        sizes = [1400, 1600, 2600, 4000, 8000, 20000, 65000] * 20
        for size in sizes:
            one.sendto(message(address, target, size), (target, 5060))
            time.sleep(0.01)
    return len(sizes)


def lone_fragments(address, target, count=3000):
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    payload = struct.pack("!HHHH", 5060, 5060, 9000, 0) + b"INVITE sip:100@x SIP/2.0\r\n".ljust(800, b"x")
    ends = socket.inet_aton(address) + socket.inet_aton(target)
    for number in range(count):
        # Half are first fragments, half begin amid their datagram; all say that more follow (RFC 791, 3.1).
        offset = 0x2000 | (number % 2) * 100
        head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 1 + number // 2, offset, 64, 17, 0)
        raw.sendto(head + ends + payload, (target, 0))
        if number % 20 == 0:
            time.sleep(0.01)
    return count


def endless_stream(address, target, limit=8_000_000):
    sent = 0
    try:
        with socket.create_connection((target, 5060), 2, (address, 0)) as one:
            one.settimeout(2)
            one.sendall(HEAD.format(address=address, target=target, token="endless").encode())
            while sent < limit:
                sent += one.send(b"X: y\r\n" * 1000)
    except OSError:
        pass
    return sent


def main(address, target):
    done = {
        "large": large_datagrams(address, target),
        "fragments": lone_fragments(address, target),
    }
    print(json.dumps({**done, "streamed": endless_stream(address, target)}))


if __name__ == "__main__":
    main(**json.load(sys.stdin))
