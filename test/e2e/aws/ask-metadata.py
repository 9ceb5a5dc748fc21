"""Who on this machine gets the keys of its role: as root, asks as each user in each way and prints {user: {way: answer}}.

ask-metadata.py USER…, or `hold FILE`: connects, says so, waits for the file and only then asks.
"""

import json
import os
import pwd
import socket
import sys
import time

MULTIPATH = 262
SIP = 5060
# Whom the firewall lets out from a port of SIP waits in vain: answers to that port are for Asterisk.
LET_THROUGH = ("root", "cwagent")
WAYS = {
    "IPv4": (socket.AF_INET, 0, "169.254.169.254"),
    "IPv6": (socket.AF_INET6, 0, "fd00:ec2::254"),
    "multipath TCP": (socket.AF_INET, MULTIPATH, "169.254.169.254"),
    "IPv4 of Azure": (socket.AF_INET, 0, "168.63.129.16"),
    "IPv6 of Oracle": (socket.AF_INET6, 0, "fd00:c1::a9fe:a9fe"),
    "IPv6 from a port of SIP": (socket.AF_INET6, SIP, "fd00:ec2::254"),
}
TOKEN = "PUT /latest/api/token HTTP/1.0\r\nX-aws-ec2-metadata-token-ttl-seconds: 60\r\nContent-Length: 0\r\n\r\n"
KEYS = "GET /latest/meta-data/iam/security-credentials/host-role HTTP/1.0\r\nX-aws-ec2-metadata-token: {}\r\n\r\n"


def connect(family, detail, address):
    one = socket.socket(family, socket.SOCK_STREAM, detail if detail == MULTIPATH else 0)
    one.settimeout(3)
    if detail == SIP:
        one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind(("::", detail))
    one.connect((address, 80))
    return one


def ask(one, request):
    with one:
        one.sendall(request.encode())
        text = b""
        while piece := one.recv(4096):
            text += piece
    return text.partition(b"\r\n\r\n")[2].decode()


def outcome(deed):
    try:
        return deed()
    except OSError as problem:
        return f"{type(problem).__name__}: {problem}"


def keys(way):
    token = ask(connect(*way), TOKEN)
    # A port that was just used is not free at once for the same address.
    return ask(connect(*(WAYS["IPv6"] if way[1] == SIP else way)), KEYS.format(token))


def others():
    """What lives at the same address in some clouds: whether a packet gets there at all."""
    found = {}
    for name, port in (("names", 53), ("time", 123)):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.settimeout(3)
            one.connect(("169.254.169.254", port))
            found[name] = outcome(lambda one=one: (one.send(b"x"), one.recv(1))[1].decode())
    return found


def as_user(name):
    user = pwd.getpwnam(name)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
        ways = {way: how for way, how in WAYS.items() if how[1] != SIP or name not in LET_THROUGH}
        found = {way: outcome(lambda how=how: keys(how)) for way, how in ways.items()}
        os.write(writer, json.dumps({**found, **others()}).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as stream:
        answers = json.load(stream)
    os.waitpid(child, 0)
    return answers


def hold(file):
    one = connect(*WAYS["IPv4"])
    print("connected", flush=True)
    while not os.path.exists(file):
        time.sleep(0.1)
    print(outcome(lambda: ask(one, TOKEN)))


if sys.argv[1] == "hold":
    hold(sys.argv[2])
else:
    print(json.dumps({name: as_user(name) for name in sys.argv[1:]}))
