"""Keys that Asterisk does not know are found where they stand, in every way a file can be written."""

from __future__ import annotations

import unittest

import location  # noqa: F401

from hardened_asterisk_host.errors import Refusal
from hardened_asterisk_host.known_keys import check_keys, documented_keys, unknown_keys

XML = b"""<?xml version="1.0"?>
<docs>
 <configInfo name="res_pjsip"><configFile name="pjsip.conf">
  <configObject name="endpoint"><configOption name="type"/><configOption name="100rel"/><configOption name="allow"/>
   <configOption name="auth"/></configObject>
  <configObject name="aor"><configOption name="type"/><configOption name="max_contacts"/></configObject>
 </configFile></configInfo>
 <configInfo name="more"><configFile name="pjsip.conf">
  <configObject name="identify"><configOption name="type"/><configOption name="match"/></configObject>
 </configFile></configInfo>
 <configInfo name="udptl"><configFile name="udptl.conf">
  <configObject name="global"><configOption name="udptlstart"/></configObject>
 </configFile></configInfo>
</docs>"""
TABLES = {
    "rtp.conf": {"general": frozenset({"rtpstart", "rtpend"})},
    "manager.conf": {"general": frozenset({"enabled"}), "*": frozenset({"secret"})},
    "logger.conf": {"general": frozenset({"dateformat"}), "logfiles": frozenset({"*"})},
}


class KnownKeys(unittest.TestCase):
    def lines(self, **texts: str) -> list[str]:
        files = {f"/etc/asterisk/{name}.conf": text for name, text in texts.items()}
        return unknown_keys(files, {**documented_keys(XML), **TABLES})

    def test_what_is_known_passes(self) -> None:
        pjsip = (
            "[base](!)\ntype = endpoint\nallow = ulaw ; =x\n[one](base)\n100rel=no\n[one]\ntype=aor\nMAX_contacts=1\n"
        )
        texts = {"pjsip": pjsip, "rtp": "; none\n[general]\nrtpstart => 1\n", "udptl": "[general]\nudptlstart=1"}
        self.assertEqual(self.lines(**texts, logger="[logfiles]\nany.log => x", manager="[bob]\nsecret=x"), [])

    def test_an_unknown_key_is_named_with_its_place_and_what_is_meant(self) -> None:
        self.assertEqual(
            self.lines(rtp="[general]\n\nrtpstrat = 1 ; so\n"),
            ['/etc/asterisk/rtp.conf:3: [general] has no key "rtpstrat"; did you mean "rtpstart"?'],
        )
        self.assertEqual(self.lines(rtp="[general]\nzzz=1"), ['/etc/asterisk/rtp.conf:2: [general] has no key "zzz"'])

    def test_a_template_s_key_is_named_once_where_it_stands(self) -> None:
        text = "[base](!)\ntype = endpoint\nalow = ulaw\n[one](base)\n[two](base)\n"
        found = ['/etc/asterisk/pjsip.conf:3: [one] has no key "alow"; did you mean "allow"?']
        self.assertEqual(self.lines(pjsip=text), found)

    def test_an_object_is_told_by_its_type_and_not_by_its_name(self) -> None:
        self.assertEqual(
            self.lines(pjsip="[endpoint]\nallow = ulaw\n[x]\ntype = endpiont\n"),
            [
                "/etc/asterisk/pjsip.conf:1: [endpoint] has no type that says what it is",
                '/etc/asterisk/pjsip.conf:3: [x] has the unknown type "endpiont"; did you mean "endpoint"?',
            ],
        )
        self.assertIn("max_contacts", self.lines(pjsip="[x]\ntype=endpoint\nmax_contacts=1")[0])

    def test_an_included_file_is_part_of_the_one_that_includes_it(self) -> None:
        found = self.lines(pjsip='#include "more.conf"\n', more="[x]\ntype = aor\nallow = ulaw\n")
        self.assertEqual(found, ['/etc/asterisk/more.conf:3: [x] has no key "allow"'])
        self.assertEqual(self.lines(pjsip="#include <more.conf>", more="; nothing"), [])

    def test_a_file_and_a_section_nobody_knows_are_named(self) -> None:
        self.assertIn("not known to read a file of this name", self.lines(strange="[general]\n")[0])
        self.assertIn(
            '[genral] is no section of this file; did you mean "general"?', self.lines(rtp="[genral]\nrtpstart=1")[0]
        )

    def test_what_asterisk_would_not_take_or_could_hide_is_refused(self) -> None:
        for text in (
            "rtpstart = 1",
            "[general]\nrtpstart",
            "[general]\n#exec /bin/true",
            "[a](b)\n",
            "#include x.conf",
        ):
            with self.assertRaisesRegex(Refusal, r"^/etc/asterisk/"):
                self.lines(rtp=text)
        with self.assertRaisesRegex(Refusal, "rtp.conf:2: a block comment"):
            self.lines(rtp="[general]\n;-- rtpstart\n")
        with self.assertRaisesRegex(Refusal, "includes itself"):
            self.lines(rtp="#include rtp.conf")

    def test_without_sound_documentation_nothing_passes(self) -> None:
        for xml, words in ((None, "is missing"), (b"<docs>", "is damaged")):
            with self.assertRaisesRegex(Refusal, words):
                check_keys({}, xml, TABLES)

    def test_the_refusal_names_ten_at_most_and_counts_the_rest(self) -> None:
        text = "[general]\n" + "".join(f"wrong{number}=1\n" for number in range(12))
        with self.assertRaisesRegex(Refusal, r"rtp.conf:2: .*rtp.conf:11: [^|]* \| and 2 more$"):
            check_keys({"/etc/asterisk/rtp.conf": text, "/etc/other": "rubbish"}, XML, TABLES)


if __name__ == "__main__":
    unittest.main()
