"""Guesses the password of one user and counts the guesses the PBX answered.

Input: {"doors": [{"source", "host", "port", "over"}], "user", "tries", "how", "pace", "pause"}. `how`: `sequential`
asks, is challenged and answers, one guess after the other; `pipelined` keeps sending guesses on the last challenge,
`pace` a second, whether answers come or not; `slow` lets `pause` seconds pass between guesses, each on a line of its
own. Every door is a source of its own; all guess at the same time, `tries` each. A sequential guesser gives up after
20 silences of 0.5 s in a row, a pipelined one when 10 s brought no answer; a cut connection is opened again, 20 times
at most, until 8 in a row are not taken within 2 s each. Output: {"sent", "answered", "found", "seconds"}: requests
with a guess, guesses answered, and whether one was right.
"""

import json
import sys
import threading
import time

from sip_line import Closed, Digest, Line, Response, challenge_of, request, token

PATIENCE = 0.5
GIVE_UP = 20
REFUSED = 8


class Guesser:
    def __init__(self, door, job):
        self.door, self.job = door, job
        self.uri = f"sip:{door['host']}"
        self.sent = self.answered = 0
        self.found = False
        self.digest = None
        self.call = token()
        self.outstanding = {}

    def run(self):
        cuts = refused = 0
        while self.sent < self.job["tries"] and cuts < GIVE_UP and refused < REFUSED:
            try:
                line = Line(self.door, 2)
            except Closed:
                refused += 1
                continue
            refused = 0
            self.digest = None
            try:
                {"sequential": self.sequential, "pipelined": self.pipelined}[self.job["how"]](line)
                return
            except Closed:
                cuts += 1
            finally:
                line.close()

    def run_slow(self):
        """A line, a challenge and a guess each time; silence and refusal count as tries."""
        for tries in range(self.job["tries"]):
            if tries > 0:
                time.sleep(self.job["pause"])
            self.digest, self.call = None, token()
            try:
                line = Line(self.door, 2)
                self.ask(line, 1)
                if self.take(line, 2) is not None and self.digest is not None:
                    self.ask(line, 2)
                    self.take(line, 2)
                line.close()
            except Closed:
                continue

    def ask(self, line, sequence):
        """Without Contact, so that a hit binds nothing."""
        account = f"<sip:{self.job['user']}@{self.door['host']}>"
        order = {"method": "REGISTER", "uri": self.uri, "from": f"{account};tag={self.call}", "to": account}
        headers = {}
        if self.digest is not None:
            password = f"guess{self.sent}"
            answer = self.digest.answer(self.job["user"], password, "REGISTER", self.uri)
            headers = {"Authorization": answer}
            self.sent += 1
            self.outstanding[sequence] = True
        line.send(request(line, {**order, "callId": self.call}, sequence, headers))

    def take(self, line, seconds):
        """One response; returns its sequence number, or None when none came."""
        text = line.receive(seconds)
        if text is None or not text.startswith("SIP/2.0 "):
            return None
        response = Response(text)
        sequence = int((response.first("cseq").split() or ["0"])[0])
        if response.status >= 200:
            self.answered += self.outstanding.pop(sequence, False)
            self.found = self.found or response.status == 200
            if challenge_of(response):
                self.digest = Digest(challenge_of(response))
        return sequence

    def sequential(self, line):
        silent, sequence = 0, 0
        while self.sent < self.job["tries"] and silent < GIVE_UP:
            sequence += 1
            self.ask(line, sequence)
            deadline = time.monotonic() + PATIENCE
            while time.monotonic() < deadline:
                if self.take(line, deadline - time.monotonic()) == sequence:
                    silent = 0
                    break
            else:
                silent += 1

    def pipelined(self, line):
        sequence, started, heard = 0, time.monotonic(), time.monotonic()
        while self.sent < self.job["tries"] and time.monotonic() - heard < 10:
            due = (time.monotonic() - started) * self.job["pace"]
            if sequence < due and (self.digest is not None or sequence < 1 + 2 * (time.monotonic() - started)):
                sequence += 1
                self.ask(line, sequence)
            if self.take(line, 0.0005) is not None:
                heard = time.monotonic()
        while self.take(line, 1) is not None:
            pass


def main():
    job = json.load(sys.stdin)
    guessers = [Guesser(door, job) for door in job["doors"]]
    started = time.monotonic()
    slow = job["how"] == "slow"
    threads = [threading.Thread(target=guesser.run_slow if slow else guesser.run) for guesser in guessers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total = {"sent": sum(g.sent for g in guessers), "answered": sum(g.answered for g in guessers)}
    seconds = time.monotonic() - started
    json.dump({**total, "found": any(g.found for g in guessers), "seconds": seconds}, sys.stdout)


if __name__ == "__main__":
    main()
