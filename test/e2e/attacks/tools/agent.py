"""A SIP user agent with valid credentials whose every header can be chosen: UDP, TCP or TLS, several calls.

One process drives all its agents, so that a caller waits while the called one answers: see `pump`.
"""

import time

from sip_line import Digest, Line, Response, challenge_of, request, token

OFFER = "v=0\r\no=- 1 1 IN IP4 {address}\r\ns=-\r\nc=IN IP4 {address}\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0 8\r\n"
SECURE = OFFER.replace("RTP/AVP", "RTP/SAVP") + (
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n"
)
SDP = {"Content-Type": "application/sdp"}


class Message:
    """A request as it arrived."""

    def __init__(self, text):
        self.text = text
        head, _, self.body = text.partition("\r\n\r\n")
        first, *rest = head.split("\r\n")
        self.method = first.split(" ", 1)[0]
        self.headers = [tuple(part.strip() for part in line.split(":", 1)) for line in rest if ":" in line]

    def all(self, name):
        return [value for key, value in self.headers if key.lower() == name]

    def first(self, name):
        return (self.all(name) or [""])[0]


class Dialog:
    """One side of an answered call; `ids` are what another must know to replace it (RFC 3891)."""

    def __init__(self, call_id, local, remote, target):
        self.call_id, self.local, self.remote, self.target = call_id, local, remote, target
        self.sequence = 10
        self.ended = False

    @property
    def ids(self):
        tag = lambda value: value.partition(";tag=")[2].partition(";")[0]  # noqa: E731
        return {"call": self.call_id, "theirs": tag(self.remote), "own": tag(self.local)}


def uri_of(contact):
    return contact.partition("<")[2].partition(">")[0] or contact.partition(";")[0]


class Agent:
    """`answering` is "pick up", "ring" or a status line with headers, such as ("302 Moved Temporarily", [...])."""

    def __init__(self, door, user, password, extension=""):
        self.line = Line(door, 4)
        self.host, self.user, self.password, self.extension = door["host"], user, password, extension
        self.me = f"<sip:{user}@{door['host']}>"
        self.contact = f"<sip:{user}@{self.line.via};transport={self.line.over}>"
        self.sdp = SECURE if self.line.over == "tls" else OFFER
        self.received, self.dialogs, self.responses = [], [], []
        self.answering = "pick up"

    def answer(self, message, status, extra=(), body=""):
        body = body.replace("{address}", self.line.via.rpartition(":")[0])
        to = message.first("to")
        lines = [f"SIP/2.0 {status}", *(f"Via: {via}" for via in message.all("via"))]
        lines += [f"From: {message.first('from')}", f"To: {to if ';tag=' in to else to + ';tag=' + self.user}"]
        lines += [f"Call-ID: {message.first('call-id')}", f"CSeq: {message.first('cseq')}", *extra]
        self.line.send("\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]))

    def take(self, seconds):
        """Handles what arrives within `seconds`."""
        text = self.line.receive(seconds)
        if text is None:
            return
        if text.startswith("SIP/2.0 "):
            self.responses.append(Response(text))
            return
        message = Message(text)
        self.received.append(message)
        if message.method == "ACK":
            return
        if message.method == "INVITE":
            self.invited(message)
            return
        for dialog in self.dialogs:
            if message.method == "BYE" and dialog.call_id == message.first("call-id"):
                dialog.ended = True
        self.answer(message, "200 OK", [f"Contact: {self.contact}"])

    def invited(self, message):
        contact = f"Contact: {self.contact}"
        again = ";tag=" in message.first("to")
        if self.answering == "ring" and not again:
            self.answer(message, "180 Ringing", [contact])
        elif self.answering == "pick up" or again:
            self.answer(message, "200 OK", [contact, "Content-Type: application/sdp"], self.sdp)
            if not again:
                local = f"{message.first('to')};tag={self.user}"
                target = uri_of(message.first("contact"))
                self.dialogs.append(Dialog(message.first("call-id"), local, message.first("from"), target))
        else:
            self.answer(message, *self.answering)

    def ask(self, agents, order, sequence, headers=None, seconds=6):
        """Sends one request, twice if it is challenged, and returns its final response; None without one."""
        reply = self.transact(agents, order, sequence, headers, seconds)
        if reply is None or reply.status not in (401, 407) or not challenge_of(reply):
            return reply
        answer = Digest(challenge_of(reply)).answer(self.user, self.password, order["method"], order["uri"])
        name = "Authorization" if reply.status == 401 else "Proxy-Authorization"
        return self.transact(agents, order, sequence + 1, {**(headers or {}), name: answer}, seconds)

    def transact(self, agents, order, sequence, headers, seconds):
        branch = token()
        own = {"Contact": self.contact, **(headers or {})}
        self.line.send(request(self.line, order, sequence, own, branch))
        wanted = f"{sequence} {order['method']}"
        mine = lambda reply: reply.first("call-id") == order["callId"] and reply.first("cseq") == wanted  # noqa: E731
        final = lambda: next((r for r in self.responses if mine(r) and r.status >= 200), None)  # noqa: E731
        pump(agents, final, seconds)
        reply = final()
        if order["method"] == "INVITE" and reply is not None:
            to = reply.first("to")
            if reply.status < 300:
                target = uri_of(reply.first("contact"))
                branch, order = token(), {**order, "uri": target}
            self.line.send(request(self.line, {**order, "method": "ACK", "to": to, "body": ""}, sequence, {}, branch))
        if order["method"] == "INVITE" and reply is None:
            self.line.send(request(self.line, {**order, "method": "CANCEL", "body": ""}, sequence, headers, branch))
            pump(agents, final, 2)
        return reply

    def register(self, agents, expires=120):
        order = {"method": "REGISTER", "uri": f"sip:{self.host}", "from": f"{self.me};tag={token()}", "to": self.me}
        reply = self.ask(agents, {**order, "callId": token()}, 1, {"Expires": str(expires)})
        return None if reply is None else reply.status

    def call(self, agents, number, headers=None, name="", seconds=6):
        """Returns the status and, when the call was answered, its dialog. Not answered: it is cancelled."""
        uri = f"sip:{number}@{self.host}"
        order = {"method": "INVITE", "uri": uri, "from": f"{name}{self.me};tag={token()}", "to": f"<{uri}>"}
        order.update({"callId": token(), "body": self.sdp})
        reply = self.ask(agents, order, 1, {**SDP, **(headers or {})}, seconds)
        if reply is None or reply.status >= 300:
            return (None if reply is None else reply.status), None
        remote, target = reply.first("to"), uri_of(reply.first("contact"))
        dialog = Dialog(order["callId"], order["from"], remote, target)
        self.dialogs.append(dialog)
        return reply.status, dialog

    def within(self, agents, dialog, method, headers=None, body=""):
        """Sends a request inside a call and returns the status of its answer."""
        order = {"method": method, "uri": dialog.target, "from": dialog.local, "to": dialog.remote}
        dialog.sequence += 10
        more = {**(SDP if body else {}), **(headers or {})}
        reply = self.ask(agents, {**order, "callId": dialog.call_id, "body": body}, dialog.sequence, more)
        return None if reply is None else reply.status

    def hang_up(self, agents):
        for dialog in self.dialogs:
            if not dialog.ended:
                dialog.ended = True
                self.within(agents, dialog, "BYE")


def pump(agents, until=lambda: None, seconds=1.0):
    """Lets the agents answer what reaches them until a condition holds, at most so many seconds."""
    deadline = time.monotonic() + seconds
    while not until() and time.monotonic() < deadline:
        for agent in agents:
            agent.take(0.02)
