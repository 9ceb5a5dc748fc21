"""Tries to speak SIP over transports that nobody declared: WebSocket and SCTP.

Input: {"sources", "target"}. Output: {transport: what it answered, or null}. SCTP needs a raw socket.
"""

import json
import os
import socket
import struct
import sys
import time

OPTIONS = (
    "OPTIONS sip:{target} SIP/2.0\r\nVia: SIP/2.0/WS x.invalid;branch=z9hG4bKws\r\nMax-Forwards: 70\r\n"
    "From: <sip:x@x.invalid>;tag=1\r\nTo: <sip:x@{target}>\r\nCall-ID: ws\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
)
UPGRADE = (
    b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Protocol: sip\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def websocket(source, target, port):
    try:
        with socket.create_connection((target, port), 2, (source, 0)) as one:
            one.settimeout(2)
            one.sendall(UPGRADE)
            if b"101" not in one.recv(4096).split(b"\r\n")[0]:
                return None
            text = OPTIONS.format(target=target).encode()
            mask = os.urandom(4)
            masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(text))
            one.sendall(b"\x81" + struct.pack("!BH", 0x80 | 126, len(text)) + mask + masked)
            return one.recv(4096)[2:40].decode(errors="replace").split("\r\n")[0]
    except OSError:
        return None


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def sctp(source, target, port):
    # INIT: tag, window, one stream each way, first sequence number (RFC 9260, 3.3.2).
    init = struct.pack("!BBHIIHHI", 1, 0, 20, 1, 65536, 1, 1, 1)
    head = struct.pack("!HHI", 30000, port, 0)
    packet = head + struct.pack("<I", crc32c(head + bytes(4) + init)) + init
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, 132) as raw:
        raw.bind((source, 0))
        raw.settimeout(2)
        raw.sendto(packet, (target, 0))
        deadline = time.monotonic() + 2
        try:
            while time.monotonic() < deadline:
                heard, (host, _) = raw.recvfrom(2048)
                if host == target:
                    return f"chunk {heard[32]}"
        except OSError:
            pass
        return None


def main(sources, target):
    transports = {
        "WebSocket on 8088": lambda source: websocket(source, target, 8088),
        "WebSocket on 5060": lambda source: websocket(source, target, 5060),
        "SCTP on 5060": lambda source: sctp(source, target, 5060),
        "SCTP on 5061": lambda source: sctp(source, target, 5061),
    }
    print(json.dumps({name: knock(source) for (name, knock), source in zip(transports.items(), sources)}))


if __name__ == "__main__":
    main(**json.load(sys.stdin))
