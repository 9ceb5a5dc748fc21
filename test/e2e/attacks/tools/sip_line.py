"""One SIP connection of an attacker: UDP, TCP or TLS, from an address of the attacker's choice.

Texts are bytes written as Latin-1, so that a request can hold bytes that are not UTF-8.
"""

import hashlib
import re
import secrets
import socket
import ssl
import time

token = lambda: secrets.token_hex(8)  # noqa: E731


class Closed(Exception):
    """The other side does not take the connection, or has ended it."""


class Response:
    def __init__(self, text):
        head = text.split("\r\n\r\n", 1)[0].split("\r\n")
        _, status, self.reason = [*head[0].split(" ", 2), "", ""][:3]
        self.status = int(status)
        self.headers = {}
        for line in head[1:]:
            name, _, value = line.partition(":")
            self.headers.setdefault(name.strip().lower(), []).append(value.strip())

    def first(self, name):
        return self.headers.get(name, [""])[0]


class Line:
    """Raises Closed when a connection cannot be had within `patience` seconds."""

    def __init__(self, door, patience):
        self.over = door["over"]
        self.patience = patience
        self.pending = b""
        kind = socket.SOCK_DGRAM if self.over == "udp" else socket.SOCK_STREAM
        self.sock = socket.socket(socket.AF_INET6 if ":" in door["source"] else socket.AF_INET, kind)
        self.sock.settimeout(patience)
        try:
            self.sock.bind((door["source"], door.get("sourcePort", 0)))
            self.sock.connect((door["host"], door["port"]))
            if self.over == "tls":
                self.sock = any_tls().wrap_socket(self.sock)
        except OSError as error:
            self.sock.close()
            raise Closed(str(error)) from error
        address, port = self.sock.getsockname()[:2]
        self.via = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"

    def send(self, text):
        try:
            self.sock.sendall(text.encode("latin-1"))
        except OSError as error:
            # ICMP tells a UDP socket so: nobody listens there, or a firewall rejects.
            if self.over != "udp":
                raise Closed(str(error)) from error

    def receive(self, seconds):
        """The next message as text, or None when none came in time."""
        deadline = time.monotonic() + seconds
        while (message := self.take()) is None:
            left = deadline - time.monotonic()
            if left <= 0 or not self.read(left):
                return None
        return message

    def read(self, seconds):
        self.sock.settimeout(max(seconds, 0.0005))
        try:
            data = self.sock.recv(65536)
        except (TimeoutError, ssl.SSLWantReadError):
            return False
        except OSError as error:
            if self.over == "udp":
                return True
            raise Closed(str(error)) from error
        if not data and self.over != "udp":
            raise Closed("ended by the other side")
        self.pending += data
        return True

    def take(self):
        if self.over == "udp":
            message, self.pending = self.pending, b""
            return message.decode("latin-1") if message else None
        head, end, rest = self.pending.lstrip(b"\r\n").partition(b"\r\n\r\n")
        length = re.search(rb"(?im)^(?:content-length|l)\s*:\s*(\d+)", head)
        size = int(length[1]) if length else 0
        if not end or len(rest) < size:
            return None
        self.pending = rest[size:]
        return (head + end + rest[:size]).decode("latin-1")

    def close(self):
        self.sock.close()


def any_tls():
    """A client that takes every version and cipher: the weak twin offers TLS 1.0 only."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def request(line, order, sequence=1, headers=None, branch=None):
    """Lays out a request; what the order holds is neither checked nor escaped."""
    method, uri = order["method"], order["uri"]
    fields = {
        "Via": f"SIP/2.0/{line.over.upper()} {line.via};branch=z9hG4bK{branch or token()};rport",
        "Max-Forwards": "70",
        "From": order["from"],
        "To": order["to"],
        "Call-ID": order["callId"],
        "CSeq": f"{sequence} {order.get('cseqMethod', method)}",
    }
    if method in ("INVITE", "SUBSCRIBE", "REFER"):
        fields["Contact"] = f"<sip:peer@{line.via};transport={line.over}>"
    fields.update(order.get("headers", {}))
    fields.update(headers or {})
    body = order.get("body", "").replace("{address}", line.via.rpartition(":")[0])
    fields["Content-Length"] = str(len(body.encode("latin-1")))
    return f"{method} {uri} SIP/2.0\r\n" + "".join(f"{k}: {v}\r\n" for k, v in fields.items()) + "\r\n" + body


def challenge_of(response):
    return response.first("www-authenticate") or response.first("proxy-authenticate")


class Digest:
    """Answers to one challenge (RFC 7616, RFC 8760)."""

    def __init__(self, challenge):
        self.fields = {
            name.lower(): quoted or plain
            for name, quoted, plain in re.findall(r'(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))', challenge)
        }
        algorithm = self.fields.get("algorithm", "MD5")
        self.hash = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}[algorithm.upper()]
        self.count = 0

    def answer(self, user, password, method, uri):
        digest = lambda text: self.hash(text.encode("latin-1")).hexdigest()  # noqa: E731
        realm, nonce = self.fields.get("realm", ""), self.fields.get("nonce", "")
        secret, asked = digest(f"{user}:{realm}:{password}"), digest(f"{method}:{uri}")
        parts = [f'Digest username="{user}", realm="{realm}", nonce="{nonce}", uri="{uri}"']
        parts.append(f"algorithm={self.fields.get('algorithm', 'MD5')}")
        middle = nonce
        if "auth" in self.fields.get("qop", ""):
            self.count += 1
            cnonce = token()
            middle = f"{nonce}:{self.count:08x}:{cnonce}:auth"
            parts.append(f'qop=auth, nc={self.count:08x}, cnonce="{cnonce}"')
        parts.append(f'response="{digest(f"{secret}:{middle}:{asked}")}"')
        if "opaque" in self.fields:
            parts.append(f'opaque="{self.fields["opaque"]}"')
        return ", ".join(parts)
