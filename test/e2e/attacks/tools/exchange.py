"""Asks a PBX many things through one door and tells what came back.

Input: {"door": {"source", "host", "port", "over"}, "patience": SECONDS, "giveUp": COUNT, "workers": COUNT, "orders"}.
Each worker has a line of its own. After `giveUp` silent orders in a row, or when a connection is refused as often, a
worker leaves the rest unanswered. Output: a JSON list with an answer for each order.

A call that is answered is confirmed and hung up at once; one that still rings when patience ends is cancelled.
"""

import json
import queue
import sys
import threading
import time

from sip_line import Closed, Digest, Line, Response, challenge_of, request, token

SILENCE = {"status": None, "reason": "", "provisional": [], "headers": {}, "ms": None, "challenged": False}


def complete(order, host):
    order.setdefault("callId", token())
    order.setdefault("to", f"<{order['uri']}>")
    if ";tag=" not in order["from"]:
        order["from"] += f";tag={token()}"
    return order


class Asker:
    def __init__(self, line, patience):
        self.line = line
        self.patience = patience

    def ask(self, order):
        started = time.monotonic()
        final, provisional = self.exchange(order, 1, {})
        first = (time.monotonic() - started) * 1000
        challenged = final is not None and final.status in (401, 407) and challenge_of(final) != ""
        if challenged and "credentials" in order:
            name = "Authorization" if final.status == 401 else "Proxy-Authorization"
            answer = Digest(challenge_of(final)).answer(
                **order["credentials"], method=order["method"], uri=order["uri"]
            )
            final, provisional = self.exchange(order, 2, {name: answer})
        if final is None:
            return {**SILENCE, "provisional": provisional, "challenged": challenged}
        told = {"status": final.status, "reason": final.reason, "headers": final.headers}
        return {**told, "provisional": provisional, "ms": first, "challenged": challenged}

    def exchange(self, order, sequence, headers):
        branch = token()
        self.line.send(request(self.line, order, sequence, headers, branch))
        provisional, cancelled = [], False
        deadline = time.monotonic() + self.patience
        while True:
            response = self.next(order, sequence, deadline - time.monotonic())
            if response is None:
                if order["method"] != "INVITE" or not provisional or cancelled:
                    return None, provisional
                self.follow(order, "CANCEL", sequence, branch=branch)
                cancelled, deadline = True, time.monotonic() + self.patience
            elif response.status < 200:
                provisional.append(response.status)
                deadline = max(deadline, time.monotonic() + min(self.patience, order.get("ring", self.patience)))
            else:
                if order["method"] == "INVITE":
                    self.end(order, sequence, response, branch)
                return response, provisional

    def next(self, order, sequence, seconds):
        """The next response to this very request."""
        deadline = time.monotonic() + max(seconds, 0)
        while (text := self.line.receive(deadline - time.monotonic())) is not None:
            if not text.startswith("SIP/2.0 "):
                continue
            response = Response(text)
            if response.first("call-id") != order["callId"].strip():
                continue
            if response.first("cseq").split() == [str(sequence), order.get("cseqMethod", order["method"])]:
                return response
        return None

    def follow(self, order, method, sequence, to=None, branch=None, uri=None):
        kept = {key: order[key] for key in ("from", "callId", "to", "uri")}
        kept.update({"method": method, **({"to": to} if to else {}), **({"uri": uri} if uri else {})})
        self.line.send(request(self.line, kept, sequence, None, branch))

    def end(self, order, sequence, final, branch):
        to = final.first("to")
        if final.status >= 300:
            self.follow(order, "ACK", sequence, to, branch)
            return
        contact = final.first("contact")
        uri = contact[contact.find("<") + 1 : contact.find(">")] if "<" in contact else order["uri"]
        self.follow(order, "ACK", sequence, to, uri=uri)
        time.sleep(order.get("talk", 0))
        self.follow(order, "BYE", sequence + 1, to, uri=uri)


def work(job, orders, answers):
    """Takes orders until none is left or nobody answers any more."""
    line, silent = None, 0
    while silent < job["giveUp"]:
        try:
            index, order = orders.get_nowait()
        except queue.Empty:
            return
        try:
            line = line or Line(job["door"], job["patience"])
            answers[index] = Asker(line, job["patience"]).ask(complete(order, job["door"]["host"]))
        except Closed:
            line = None
        silent = silent + 1 if answers[index]["status"] is None else 0


def main():
    job = json.load(sys.stdin)
    orders = queue.Queue()
    for entry in enumerate(job["orders"]):
        orders.put(entry)
    answers = [SILENCE] * len(job["orders"])
    threads = [threading.Thread(target=work, args=(job, orders, answers)) for _ in range(job["workers"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
