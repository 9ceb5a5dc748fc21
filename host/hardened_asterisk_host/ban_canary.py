"""The canary: proves that a failure at SIP leads to a packet really dropped, with an address that nobody has."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from .bans import banned_in_firewall, unban
from .commands import Commands
from .errors import Refusal
from .host import Host
from .release import check_room

# fail2ban wakes up within two seconds; more is for a machine under load. Well below what a probe may take.
BAN_SECONDS = 10
STEP_SECONDS = 0.1
SPACE = "hardened-asterisk-canary"
LINK = "ha-canary"


def prove_bans(host: Host, sip_port: int) -> str:
    """Fail twice at SIP, see the ban, see the next packet dropped, clean up; raises Refusal saying what failed."""
    # Class E (RFC 1112): an address that no host on any network has. Another one each time, so that bans do not grow.
    number = secrets.randbelow(2**20) * 4
    ours, theirs = (
        f"{240 + (number >> 24)}.{number >> 16 & 255}.{number >> 8 & 255}.{number + i & 255}" for i in (1, 2)
    )
    commands = host.commands
    with _apart(commands, ours, theirs):
        if not _answered(commands, ours):
            raise Refusal("canary: an unbanned address gets no answer to ICMP echo, so a ban cannot be told from it")
    try:
        _fail_twice(commands, theirs, sip_port)
        seconds = _wait_for_ban(host, theirs)
        with _apart(commands, ours, theirs):
            if _answered(commands, ours):
                raise Refusal(f"canary: {theirs} is in the firewall's set, yet its packets are let in")
    finally:
        # Nothing to take back when no ban came.
        with suppress(Refusal):
            unban(commands, theirs)
    return f"two failures at SIP were banned after {seconds:.1f} s, and the next packet was dropped"


@contextmanager
def _apart(commands: Commands, ours: str, theirs: str) -> Iterator[None]:
    """A network namespace with one link to this host, as a stranger's machine would be."""
    inside = ["ip", "-n", SPACE]
    _remove(commands)
    try:
        commands.must(["ip", "netns", "add", SPACE])
        commands.must(["ip", "link", "add", LINK, "type", "veth", "peer", "name", "eth0", "netns", SPACE])
        commands.must(["ip", "address", "add", f"{ours}/30", "dev", LINK])
        commands.must(["ip", "link", "set", LINK, "up"])
        commands.must([*inside, "address", "add", f"{theirs}/30", "dev", "eth0"])
        commands.must([*inside, "link", "set", "eth0", "up"])
        yield
    finally:
        _remove(commands)


def _remove(commands: Commands) -> None:
    commands.run(["ip", "link", "delete", LINK])
    commands.run(["ip", "netns", "delete", SPACE])


def _answered(commands: Commands, target: str) -> bool:
    """Whether one of three ICMP echoes from the namespace is answered."""
    script = (
        "import socket,struct,sys\n"
        "s=socket.socket(socket.AF_INET,socket.SOCK_RAW,socket.IPPROTO_ICMP); s.settimeout(0.7)\n"
        "body=struct.pack('!HH',7,1)+b'canary'\n"
        "words=[0x0800,*struct.unpack('!5H',body)]; n=sum(words); n=(n>>16)+(n&0xffff); n=~((n>>16)+n)&0xffff\n"
        "for i in range(3):\n"
        "  s.sendto(struct.pack('!BBH',8,0,n)+body,(sys.argv[1],0))\n"
        "  try:\n"
        "    while s.recv(200)[20]!=0: pass\n"
        "    sys.exit(0)\n"
        "  except socket.timeout: pass\n"
        "sys.exit(1)\n"
    )
    return commands.run(["ip", "netns", "exec", SPACE, "python3", "-c", script, target], seconds=20).status == 0


def _fail_twice(commands: Commands, address: str, port: int) -> None:
    """Register with a name that nobody has, over the loopback link, which every chain lets pass."""
    commands.must(["ip", "address", "add", f"{address}/32", "dev", "lo"])
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
            phone.bind((address, 0))
            phone.settimeout(5)
            for number in (1, 2):
                phone.sendto(_register(address, phone.getsockname()[1], number), (address, port))
                try:
                    phone.recv(4096)
                except OSError:
                    raise Refusal("canary: Asterisk does not answer a REGISTER from this host itself") from None
    finally:
        commands.run(["ip", "address", "delete", f"{address}/32", "dev", "lo"])


def _register(address: str, port: int, number: int) -> bytes:
    who = f"<sip:ban-canary@{address}>"
    via = f"Via: SIP/2.0/UDP {address}:{port};branch=z9hG4bK{secrets.token_hex(8)};rport"
    lines = [f"REGISTER sip:{address} SIP/2.0", via, f"From: {who};tag={number}", f"To: {who}"]
    lines += [f"Call-ID: {secrets.token_hex(8)}", f"CSeq: {number} REGISTER", "Max-Forwards: 70", "Content-Length: 0"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _wait_for_ban(host: Host, address: str) -> float:
    started = host.elapsed()
    while not banned_in_firewall(host.commands, address):
        if host.elapsed() - started > BAN_SECONDS:
            # On a full disk no failure is written down, and fail2ban has nothing to read.
            check_room(["/var/log"])
            raise Refusal(
                f"canary: two failures at SIP led to no ban within {BAN_SECONDS} s; see /var/log/fail2ban.log "
                "and /var/log/asterisk/security.log"
            )
        host.wait(STEP_SECONDS)
    return host.elapsed() - started
