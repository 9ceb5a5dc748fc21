"""What is said of a firewall that this machine's nft or kernel does not take."""

from __future__ import annotations

import unittest

import location  # noqa: F401

from hardened_asterisk_host.commands import Commands, Result
from hardened_asterisk_host.errors import Refusal
from hardened_asterisk_host.firewall import Firewall


class Answering(Commands):
    """nft that always gives this answer."""

    def __init__(self, text: str) -> None:
        self.text = text

    def run(self, *_words: object, **_more: object) -> Result:  # type: ignore[override]
        return Result(1, "", self.text)


def refusal(text: str) -> str:
    try:
        Firewall(Answering(text)).check("/x.nft")
    except Refusal as problem:
        return str(problem)
    return "taken"


class Refused(unittest.TestCase):
    def test_a_kernel_without_synproxy_is_named_with_its_cure(self) -> None:
        said = refusal(
            "/x.nft:9:3-40: Error: Could not process rule: No such file or directory\n\t\tsynproxy mss 1300\n"
        )
        self.assertIn("boot the kernel that Debian ships", said)

    def test_any_other_mistake_is_told_in_nfts_words_alone(self) -> None:
        said = refusal("/x.nft:1:1-4: Error: syntax error, unexpected string\nsynproxy\n")
        self.assertIn("unexpected string", said)
        self.assertNotIn("kernel", said)


if __name__ == "__main__":
    unittest.main()
