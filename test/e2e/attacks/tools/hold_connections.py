"""Opens many TCP connections from one address and keeps them, saying nothing, or only the first bytes of a TLS handshake.

Input: one line {"address", "target", "port", "count", "kind": "silent" | "slow-tls"}. Output: {"connected", "held"}, once every
attempt has ended, at the latest after 10 s: how many were accepted, and how many of these are still open. Keeps them until its
input ends.
"""

import errno
import json
import resource
import select
import socket
import sys
import time

# A ClientHello record that announces 512 bytes and never brings them (RFC 8446, 5.1).
HELLO = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(32)


def begin(address, target, port):
    one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    one.setblocking(False)
    one.bind((address, 0))
    one.connect_ex((target, port))
    return one


def still_open(one):
    try:
        return one.recv(1) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def main(address, target, port, count, kind):
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    poll = select.poll()
    waiting = {}
    connected = []
    deadline = time.monotonic() + 10
    begun = 0
    while (begun < count or waiting) and time.monotonic() < deadline:
        # No more than the backlog of a SIP server at a time: what overflows it looks open here, but is not there.
        for _ in range(min(4, count - begun)):
            one = begin(address, target, port)
            waiting[one.fileno()] = one
            poll.register(one, select.POLLOUT)
            begun += 1
        time.sleep(0.004)
        for number, _ in poll.poll(1):
            one = waiting.pop(number)
            poll.unregister(one)
            if one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) in (0, errno.EISCONN):
                connected.append(one)
                if kind == "slow-tls":
                    one.send(HELLO)
    held = sum(still_open(one) for one in connected)
    print(json.dumps({"connected": len(connected), "held": held}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(**json.loads(sys.stdin.readline()))
