"""Sends UDP packets with forged source addresses, as from a network that does not filter them.

Input: {"host", "port", "gap": SECONDS, "packets": [{"source", "sourcePort", "text"}]}; texts are bytes written as
Latin-1.
Output: {"sent": COUNT}.
"""

import json
import socket
import struct
import sys
import time


def packet(source, source_port, host, port, data):
    datagram = struct.pack("!HHHH", source_port, port, 8 + len(data), 0) + data
    # The kernel fills in the total length, the identification and the checksum (raw(7)); UDP's checksum may be 0.
    header = struct.pack("!BBHHHBBH", 0x45, 0, 0, 0, 0, 64, socket.IPPROTO_UDP, 0)
    return header + socket.inet_aton(source) + socket.inet_aton(host) + datagram


def main():
    job = json.load(sys.stdin)
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as sock:
        for one in job["packets"]:
            data = one["text"].encode("latin-1")
            sock.sendto(packet(one["source"], one["sourcePort"], job["host"], job["port"], data), (job["host"], 0))
            time.sleep(job["gap"])
    json.dump({"sent": len(job["packets"])}, sys.stdout)


if __name__ == "__main__":
    main()
