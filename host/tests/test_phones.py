"""What the console shows of phones, when what strangers and phones said of themselves is hostile."""

from __future__ import annotations

import json
import unittest

from fixture import bundle, text_of
from simulated_host import SimulatedMachine

from hardened_asterisk_host.bundle import parse_bundle
from hardened_asterisk_host.commands import Result
from hardened_asterisk_host.disk import make_parents
from hardened_asterisk_host.errors import Refusal
from hardened_asterisk_host.generations import Generation
from hardened_asterisk_host.phones import phone_text, phones_of, phones_text, shown, the_phone
from hardened_asterisk_host.security_log import LOG, last_events

PJSIP = """[base](!)
type = endpoint
[reception-a1](base)
callerid = "reception" <101>
[reception-a1]
type = aor
[van-b2](base)
callerid = "van" <104>
"""
VALUES = {"phone.reception.user": "reception-a1", "phone.van.user": "van-b2", "phone.van.digest": "x"}
HOSTILE = "\x1b[2Jrouter\r\nregistered  104\u202e"
RECORD = {
    "via_addr": "192.168.7.9\x1b[31m",
    "via_port": "5061",
    "endpoint": "van-b2",
    "uri": "sip:van-b2@100.64.7.2:5061;transport=TLS;x-ast-orig-host=192.168.7.9:5061",
    "user_agent": HOSTILE,
    "expiration_time": "1100",
}
STORED = f"/registrar/contact/van-b2;@0123456789{'a' * 22}: {json.dumps(RECORD)}\n1 results\n"
LISTED = " Endpoint:  <Endpoint/CID>  <State>  <Channels.>\n Endpoint:  van-b2/104     In use    2 of inf\n"
EVENT = 'SecurityEvent="{}",EventTV="t",Severity="Error",Service="PJSIP",EventVersion="1",AccountID="{}",{}'
ANSWERS = {
    "pjsip show contacts": "  Contact:  van-b2/sip:van-b2@100.64.7.2:50 0123456789 Avail         1.25\n",
    "database show registrar/contact": STORED,
    "pjsip show endpoints": LISTED,
}


def event(kind: str, account: str, rest: str) -> str:
    """One line of the security log; `rest` is what a stranger may have had a hand in."""
    message = EVENT.format(kind, account, rest)
    return json.dumps({"timestamp": "2026-11-22 20:00:00", "logmsg": {"message": message}})


class Phones(unittest.TestCase):
    def setUp(self) -> None:
        self.machine = SimulatedMachine()
        self.addCleanup(self.machine.discard)
        document = bundle({"/etc/asterisk/pjsip.conf": PJSIP})
        self.generation = Generation("one", parse_bundle(text_of(document)), VALUES)
        self.answers = dict(ANSWERS)
        self.machine.commands._asterisk = lambda words, stdin: Result(
            0 if words[-1] in self.answers else 1, self.answers.get(words[-1], ""), ""
        )

    def phones(self):
        """As the console asks."""
        return phones_of(self.machine.host(), self.generation)

    def test_a_table_of_all_phones_also_of_those_that_are_not_registered(self) -> None:
        rows = [line.split() for line in phones_text(self.phones(), 1000).splitlines()]
        self.assertEqual(rows[1], ["reception", "101", "NOT", "REGISTERED", "-", "-", "-", "0", "-"])
        self.assertEqual(rows[2], ["van", "104", "registered", "100.64.7.2:5061", "tls", "1.2", "ms", "2", "100", "s"])

    def test_a_phone_that_does_not_answer_is_said_to_be_silent(self) -> None:
        self.answers["pjsip show contacts"] = ANSWERS["pjsip show contacts"].replace(
            "Avail         1.25", "Unavail  nan"
        )
        self.assertIn("registered, SILENT", phones_text(self.phones(), 1000))

    def test_what_a_phone_says_of_itself_is_escaped(self) -> None:
        text = phone_text(self.machine.host(), the_phone(self.phones(), "104"))
        self.assertIn(r"\x1b[2Jrouter\r\nregistered  104\u202e", text)
        self.assertTrue(all(character == "\n" or " " <= character <= "~" for character in text), text)
        self.assertLessEqual(len(shown("a" * 5000)), 130)

    def test_the_log_s_events_are_of_this_account_and_their_last_address_counts(self) -> None:
        forged = 'SessionID="x",RemoteAddress="IPV4/UDP/192.0.2.9/1",y="'
        real = 'LocalAddress="IPV4/UDP/203.0.113.10/5060",RemoteAddress="IPV4/UDP/198.51.100.20/5060",UsingPassword="1"'
        lines = [
            event("ChallengeSent", "van-b2", real),
            event("InvalidPassword", "van-b2", f"{forged},{real}"),
            event("SuccessfulAuth", 'x",AccountID="van-b2', real),
            "{not json",
            '["nor this"]',
        ]
        make_parents(self.machine.disk, LOG)
        self.machine.disk.write(LOG, "\n".join(lines).encode(), 0o640)
        found = last_events(self.machine.host(), "van-b2")
        self.assertEqual([(e.kind, e.source) for e in found], [("InvalidPassword", "IPV4/UDP/198.51.100.20/5060")])

    def test_an_unknown_phone_and_a_silent_asterisk_are_refused_with_the_cure(self) -> None:
        with self.assertRaisesRegex(Refusal, "did you mean reception"):
            the_phone(self.phones(), "recepton")
        with self.assertRaisesRegex(Refusal, r"no phone \\x1b; there are: reception, van"):
            the_phone(self.phones(), "\x1b")
        self.answers.clear()
        with self.assertRaisesRegex(Refusal, "systemctl status asterisk"):
            self.phones()


if __name__ == "__main__":
    unittest.main()
