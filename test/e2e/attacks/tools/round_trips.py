"""A phone that measures: OPTIONS and REGISTER (with its password) in turn, at a steady rate, over UDP.

Input: {"address", "target", "port", "rate", "seconds", "account": {"user", "password"}}. Every request is sent once and any
final answer to it counts; one not answered within a second is lost. Output: for each method {"sent", "lost", "p95"}, the
95th percentile of the round trip in milliseconds.
"""

import hashlib
import json
import os
import re
import select
import socket
import sys
import time


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


class Phone:
    def __init__(self, address, target, port, account):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 0))
        self.peer = (target, port)
        self.account = account
        self.challenge = None
        self.waiting = {}
        self.trips = {"OPTIONS": [], "REGISTER": []}
        self.sent = {"OPTIONS": 0, "REGISTER": 0}
        self.number = 0

    def authorization(self, method, uri):
        if self.challenge is None:
            return ""
        user, (realm, nonce, opaque) = self.account["user"], self.challenge
        secret = md5(f"{user}:{realm}:{self.account['password']}")
        count = f"{self.number:08x}"
        response = md5(f"{secret}:{nonce}:{count}:c0ffee:auth:{md5(f'{method}:{uri}')}")
        return (
            f'Authorization: Digest username="{user}", realm="{realm}", nonce="{nonce}", uri="{uri}", algorithm=MD5, '
            f'response="{response}", qop=auth, nc={count}, cnonce="c0ffee", opaque="{opaque}"\r\n'
        )

    def send(self, method):
        self.number += 1
        token = f"{os.getpid():x}n{self.number:x}"
        host, port = self.socket.getsockname()
        uri = f"sip:{self.peer[0]}"
        me = f"<sip:{self.account['user']}@{self.peer[0]}>"
        self.socket.sendto(
            (
                f"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{token};rport\r\n"
                f"Max-Forwards: 70\r\nFrom: {me};tag={token}\r\nTo: {me}\r\nCall-ID: {token}\r\n"
                f"CSeq: {self.number} {method}\r\n{self.authorization(method, uri)}Content-Length: 0\r\n\r\n"
            ).encode(),
            self.peer,
        )
        self.waiting[token] = (method, time.monotonic())
        self.sent[method] += 1

    def receive(self):
        data = self.socket.recv(65535).decode(errors="replace")
        now = time.monotonic()
        challenge = re.search(r'realm="([^"]*)",\s*nonce="([^"]*)"(?:.*?opaque="([^"]*)")?', data)
        if challenge:
            self.challenge = (challenge[1], challenge[2], challenge[3] or "")
        token = re.search(r"^Call-ID:\s*(\S+)", data, re.M | re.I)
        method, since = self.waiting.pop(token[1] if token else "", (None, 0))
        if method and now - since <= 1:
            self.trips[method].append((now - since) * 1000)

    def run(self, rate, seconds):
        start = time.monotonic()
        sent = 0
        while (spent := time.monotonic() - start) < seconds + 1:
            if spent < seconds and sent < rate * spent:
                self.send("REGISTER" if sent % 2 else "OPTIONS")
                sent += 1
            if select.select([self.socket], [], [], 0.002)[0]:
                self.receive()

    def report(self):
        return {method: self.judge(method, sorted(trips)) for method, trips in self.trips.items()}

    def judge(self, method, trips):
        p95 = round(trips[int(len(trips) * 0.95)], 2) if trips else None
        return {"sent": self.sent[method], "lost": self.sent[method] - len(trips), "p95": p95}


def main(address, target, port, rate, seconds, account):
    phone = Phone(address, target, port, account)
    phone.run(rate, seconds)
    print(json.dumps(phone.report()))


if __name__ == "__main__":
    main(**json.load(sys.stdin))
