"""Knocks at the services of an Asterisk that are not SIP, each from an address of its own, and tells who let it in.

Input: {"sources", "target"}. Output: {service: what it answered, or null}.
"""

import base64
import json
import socket
import struct
import sys
from concurrent.futures import ThreadPoolExecutor

TIMEOUT = 2


def stream(source, target, port, request, wanted):
    try:
        with socket.create_connection((target, port), TIMEOUT, (source, 0)) as one:
            one.settimeout(TIMEOUT)
            one.sendall(request)
            heard = b""
            while wanted not in heard and (more := one.recv(4096)):
                heard += more
            return wanted.decode() if wanted in heard else f"answered: {heard[:40]!r}"
    except OSError:
        return None


def datagram(source, target, port, request):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind((source, 0))
        one.settimeout(TIMEOUT)
        one.connect((target, port))
        try:
            one.send(request)
            return f"answered: {one.recv(2048)[:20].hex()}"
        except OSError:
            return None


def iax_full_frame(subclass, elements=b""):
    # Call number 1, no destination, timestamp 0, both sequence numbers 0, frame type 6 (IAX) (RFC 5456, 8.1).
    return struct.pack("!HHIBBBB", 0x8001, 0, 0, 0, 0, 6, subclass) + elements


def manager(source, target):
    login = b"Action: Login\r\nUsername: admin\r\nSecret: amp111\r\n\r\n"
    return stream(source, target, 5038, login, b"Authentication accepted")


def rest(source, target):
    password = base64.b64encode(b"asterisk:asterisk")
    request = b"GET /ari/asterisk/info HTTP/1.1\r\nHost: x\r\nAuthorization: Basic " + password + b"\r\n\r\n"
    return stream(source, target, 8088, request, b"200 OK")


SERVICES = {
    "AMI": manager,
    "ARI": rest,
    "HTTP": lambda source, target: stream(source, target, 8088, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"HTTP/1.1"),
    "HTTPS": lambda source, target: stream(source, target, 8089, b"\x16\x03\x01\x00\x01\x00", b"\x15"),
    "IAX2 POKE": lambda source, target: datagram(source, target, 4569, iax_full_frame(30)),
    # NEW with a called number, version 2 and codec mu-law (RFC 5456, 8.6).
    "IAX2 call": lambda source, target: datagram(
        source, target, 4569, iax_full_frame(1, b"\x0b\x02\x00\x02\x01\x01s\x09\x04\x00\x00\x00\x04")
    ),
    "DUNDi": lambda source, target: datagram(source, target, 4520, struct.pack("!HHBBBB", 1, 0, 0, 0, 1, 0)),
    "UNISTIM": lambda source, target: datagram(source, target, 5000, bytes.fromhex("0000000002ffffffff9e0308")),
    "MGCP": lambda source, target: datagram(source, target, 2427, b"AUEP 1 *@x MGCP 1.0\r\n\r\n"),
    "Skinny": lambda source, target: stream(source, target, 2000, struct.pack("<III", 4, 0, 0), b"\x00"),
}


def main(sources, target):
    with ThreadPoolExecutor(len(SERVICES)) as pool:
        answers = pool.map(lambda knock, source: knock(source, target), SERVICES.values(), sources)
    print(json.dumps(dict(zip(SERVICES, answers))))


if __name__ == "__main__":
    main(**json.load(sys.stdin))
