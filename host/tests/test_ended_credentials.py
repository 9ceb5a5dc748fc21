"""What a phone's old password opened: its proof, its registrations, its calls, and nobody else's."""

from __future__ import annotations

import json
import unittest

from fixture import bundle, text_of
from simulated_host import SimulatedMachine

from hardened_asterisk_host.bundle import parse_bundle
from hardened_asterisk_host.commands import Result
from hardened_asterisk_host.ended_credentials import ROTATION, changed_phones, end_credentials
from hardened_asterisk_host.errors import Refusal
from hardened_asterisk_host.generations import Generation

OLD = {
    "phone.van.user": "van-b2",
    "phone.van.digest": "MD5:1",
    "phone.boss.user": "boss-c3",
    "phone.boss.digest": "MD5:2",
    "trunk.carrier.password": "x",
}
HASH = {"van-b2": "a" * 32, "boss-c3": "b" * 32}
HOME, HOTEL = "100.64.7.2", "192.0.2.77"


def stored(user: str, source: str) -> str:
    """One line of AstDB, as the console shows it."""
    record = {"uri": f"sip:{user}@{source};transport=TLS;x-ast-orig-host=192.168.7.9:5061", "endpoint": user}
    return f"/registrar/contact/{user};@{HASH[user]}: {json.dumps(record)}"


def listed(elements: list[object]) -> str:
    """A set as nft lists it."""
    timed = [{"elem": {"val": element, "timeout": 7200, "expires": 7000}} for element in elements]
    return json.dumps({"nftables": [{"metainfo": {}}, {"set": {"name": "x", "elem": timed}}]})


class Ended(unittest.TestCase):
    """van is registered from home, boss from the same router; a thief with van's password has been in a hotel."""

    def setUp(self) -> None:
        self.machine = SimulatedMachine()
        self.addCleanup(self.machine.discard)
        self.console = {
            "database show registrar/contact": "\n".join(
                [stored("van-b2", f"{HOME}:5061"), stored("boss-c3", f"{HOME}:6002"), "2 results found."]
            ),
            "core show channels concise": "PJSIP/van-b2-00000001!dial-internal!101!1!Up!Dial\n"
            "PJSIP/boss-c3-00000002!dial-internal!101!1!Up!Dial\nPJSIP/van-b2-x-00000003!a!b\n",
        }
        self.sets = {
            "proven": [HOME, HOTEL],
            "proven_flows": [{"concat": [HOME, 5061]}, {"concat": [HOME, 6002]}, {"concat": [HOTEL, 40000]}],
        }
        self.remembered = f"TLS/{HOME}/5061 TLS/{HOME}/6002 TLS/{HOTEL}/40000 rubbish"
        self.asked: list[str] = []
        self.deaf = False
        commands = self.machine.commands
        commands._asterisk = lambda words, stdin: self.said(" ".join(words[1:]), self.console.get(words[-1], ""))
        commands._nft = self.nft
        commands._logrotate = lambda words, stdin: self.said(f"logrotate {' '.join(words)}", "")
        commands._fail2ban_client = self.fail2ban
        commands._setpriv = lambda words, stdin: self.said(f"{words[-1]} {stdin}", "")

    def said(self, asked: str, answer: str) -> Result:
        """An answer, noted."""
        self.asked.append(asked)
        return Result(0, answer, "")

    def nft(self, words: list[str], stdin: str | None) -> Result:
        return self.said(f"nft {stdin}" if stdin else "", listed(self.sets[words[-1]]) if not stdin else "")

    def fail2ban(self, words: list[str], stdin: str | None) -> Result:
        if words[2:3] == ["unbanip"] and not self.deaf:
            self.remembered = " ".join(who for who in self.remembered.split() if who not in words)
        answers = {"status": "Jail list: hardened-asterisk-proof, hardened-asterisk-sip", "get": self.remembered}
        return self.said(" ".join(words), answers.get(words[0], "1"))

    def end(self, new: dict[str, str], **fields: object) -> dict[str, str]:
        """Activate other values."""
        old = Generation("one", parse_bundle(text_of(bundle())), OLD)
        generation = Generation("two", parse_bundle(text_of(bundle(**fields))), new)
        changed = changed_phones(old, generation)
        end_credentials(self.machine.host(), generation, changed)
        return changed

    def test_another_password_ends_the_registration_and_every_proof_but_those_of_registered_phones(self) -> None:
        self.assertEqual(self.end({**OLD, "phone.van.digest": "MD5:new"}), {"van": "van-b2"})
        self.assertEqual(
            [asked for asked in self.asked if "database del" in asked],
            [f"database del registrar/contact van-b2;@{'a' * 32}"],
        )
        lines = next(asked for asked in self.asked if asked.startswith("nft")).splitlines()
        self.assertEqual(
            lines,
            [
                "nft flush set inet hardened_asterisk proven",
                "flush set inet hardened_asterisk proven_flows",
                f"add element inet hardened_asterisk proven {{ {HOME} }}",
                f"add element inet hardened_asterisk proven_flows {{ {HOME} . 6002 }}",
            ],
        )
        self.assertIn(f"set hardened-asterisk-proof unbanip TLS/{HOME}/5061 TLS/{HOTEL}/40000 rubbish", self.asked)
        self.assertIn(f'keep-proofs [["{HOME}", 6002]]', self.asked)
        self.assertIn("1 registrations, 0 calls; 1 addresses", self.machine.said[-1])

    def test_a_new_security_log_is_begun_first_or_fail2ban_would_read_the_old_proofs_again(self) -> None:
        self.end({**OLD, "phone.van.digest": "MD5:new"})
        order = [asked.split()[0] for asked in self.asked if asked.startswith(("logrotate", "nft", "set"))]
        self.assertEqual(order, ["logrotate", "nft", "set"])
        self.assertIn(b"su asterisk asterisk", self.machine.disk.read(ROTATION))

    def test_without_a_phone_on_the_road_the_log_goes_on(self) -> None:
        self.machine.commands._fail2ban_client = lambda words, stdin: Result(0, "Jail list: hardened-asterisk-sip", "")
        self.end({**OLD, "phone.van.digest": "MD5:new"})
        self.assertFalse(any(asked.startswith("logrotate") for asked in self.asked))

    def test_calls_end_when_the_owner_asks_for_it_and_only_those(self) -> None:
        self.end({**OLD, "phone.van.digest": "MD5:new"}, endCalls=True)
        self.assertEqual(
            [asked for asked in self.asked if "hangup" in asked], ["channel request hangup PJSIP/van-b2-00000001"]
        )

    def test_a_phone_that_is_removed_or_renamed_loses_the_same(self) -> None:
        removed = {key: value for key, value in OLD.items() if "van" not in key}
        self.assertEqual(self.end(removed), {"van": "van-b2"})
        self.assertEqual(self.end({**OLD, "phone.van.user": "van-new"}), {"van": "van-b2"})

    def test_nothing_is_asked_when_no_phone_changed(self) -> None:
        self.assertEqual(self.end({**OLD, "trunk.carrier.password": "y", "phone.new.user": "n"}), {})
        self.assertEqual(self.asked, [])

    def test_where_a_set_is_empty_fail2ban_still_forgets(self) -> None:
        self.sets = {"proven": [], "proven_flows": []}
        self.end({**OLD, "phone.van.digest": "MD5:new"})
        self.assertTrue(any("unbanip" in asked for asked in self.asked))
        self.assertFalse(any(asked.startswith("nft") for asked in self.asked))

    def test_a_fail2ban_that_does_not_forget_is_a_refusal(self) -> None:
        self.deaf = True
        with self.assertRaisesRegex(Refusal, "does not forget 3 proofs"):
            self.end({**OLD, "phone.van.digest": "MD5:new"})

    def test_a_fail2ban_that_does_not_answer_is_a_refusal(self) -> None:
        self.machine.commands._fail2ban_client = lambda words, stdin: Result(255, "", "cannot connect")
        with self.assertRaisesRegex(Refusal, "fail2ban does not answer"):
            self.end({**OLD, "phone.van.digest": "MD5:new"})


if __name__ == "__main__":
    unittest.main()
