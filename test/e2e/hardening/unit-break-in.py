"""What hostile code tries that has taken a unit over: run in that unit's own sandbox. Prints {attempt: "done" or why not}."""

import ctypes
import glob
import json
import os
import socket
import struct
import subprocess
import sys

SETTERS = ["/run/hardened-asterisk-setter/bans", "/run/hardened-asterisk-lists-setter/lists"]
MARKER = "break-in-marker.service"
# In the PBX's spec, or nobody's.
ORDERS = [
    *["unban 203.0.113.250\n", "flush\n", "ban 198.51.100.20 60\n", "ban 198.51.100.7 60\n", "ban 192.0.2.2 60\n"],
    *["ban 2001:db8:51::9 60\n", "ban 127.0.0.1 60\n", "ban 203.0.113.251 999999\n", "ban 203.0.113.0/24 60\n"],
    *["prove 198.51.100.20 5061\n", "ban 203.0.113.251 60\nban 203.0.113.252 60\n", "\xff\n", "x" * 100_000],
    *["admins4 203.0.113.253/32\nend 1\n", "signalling 203.0.113.253/32\nend 1\n", "fed4 0.0.0.0/0\nend 1\n"],
    "add element inet hardened_asterisk admins4 { 203.0.113.253 }\n",
]
libc = ctypes.CDLL(None, use_errno=True)


def called(result):
    if result != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def any_of(attempts):
    """Done when one of them is; else why the last one is not."""
    problem = OSError("there was nothing to try")
    for attempt in attempts:
        try:
            attempt()
            return
        except (OSError, subprocess.SubprocessError) as failed:
            problem = failed
    raise problem


def run(*argv):
    subprocess.run(argv, check=True, timeout=20, stdin=subprocess.DEVNULL, capture_output=True)


def start_unit(private):
    """StartUnit of systemd, spoken by libsystemd within this process: no program has to be run for it."""
    systemd = ctypes.CDLL("libsystemd.so.0")
    bus = ctypes.c_void_p()
    steps = [lambda: systemd.sd_bus_new(ctypes.byref(bus))]
    address = b"unix:path=/run/systemd/private" if private else b"unix:path=/run/dbus/system_bus_socket"
    steps.append(lambda: systemd.sd_bus_set_address(bus, address))
    steps.append(lambda: systemd.sd_bus_set_bus_client(bus, 0 if private else 1))
    steps.append(lambda: systemd.sd_bus_start(bus))
    name = b"org.freedesktop.systemd1"
    path = b"/org/freedesktop/systemd1"
    start = (name, path, name + b".Manager", b"StartUnit", None, None, b"ss", MARKER.encode(), b"replace")
    steps.append(lambda: systemd.sd_bus_call_method(bus, *start))
    for step in steps:
        result = step()
        if result < 0:
            raise OSError(-result, os.strerror(-result))


def others():
    """Processes of others; root's own are all of them but this one, a user's own are the unit's."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            owner = os.stat(f"/proc/{name}").st_uid
            found += [int(name)] if owner != os.getuid() or owner == 0 else []
    return found


def trace(process):
    """PTRACE_SEIZE, which does not stop the process; it is let go when this one ends."""
    called(libc.ptrace(0x4206, process, None, None))


def write(path, text=""):
    with open(path, "a") as handle:
        handle.write(text)


def new_file(path):
    write(path)
    os.unlink(path)


def through_root(process):
    os.stat(f"/proc/{process}/root/etc/shadow")
    new_file(f"/proc/{process}/root/run/break-in")


def cgroup():
    groups = glob.glob("/sys/fs/cgroup/**/", recursive=True)[:200]
    any_of([lambda group=group: (os.mkdir(f"{group}break-in"), os.rmdir(f"{group}break-in")) for group in groups])


def console():
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.connect("/run/asterisk/asterisk.ctl")


def rights_over_firewall():
    """NFT_MSG_GETTABLE of netlink, which the kernel answers only to CAP_NET_ADMIN."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12) as line:
        line.settimeout(2)
        body = struct.pack("BBH", 1, 0, 0)
        line.send(struct.pack("IHHII", 16 + len(body), 10 << 8 | 1, 0x305, 1, 0) + body)
        kind, = struct.unpack_from("H", answer := line.recv(65536), 4)
        error, = struct.unpack_from("i", answer, 16)
        if kind == 2 and error < 0:
            raise OSError(-error, os.strerror(-error))


def ordered(path, order):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as setter:
        setter.settimeout(10)
        setter.connect(path)
        try:
            setter.sendall(order.encode("latin-1"))
            setter.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it has hung up on an overlong one, and says why
        said = setter.recv(500).decode("utf-8", "replace")
    if not said.startswith("ok"):
        raise OSError(said.strip())


def become_root():
    if os.geteuid() == 0:
        return
    os.setuid(0)


def unshare():
    child = os.fork()
    if child == 0:
        os._exit(0 if libc.unshare(0x10000000) == 0 else 1)
    if os.waitpid(child, 0)[1] != 0:
        raise OSError("no namespace of its own")


nft = ["/usr/sbin/nft"]
table = ["inet", "hardened_asterisk"]
attempts = {
    "start a unit over D-Bus": lambda: start_unit(private=False),
    "start a unit over systemd's private socket": lambda: start_unit(private=True),
    "systemd-run": lambda: run("/usr/bin/systemd-run", "--wait", "/bin/true"),
    "speak to Asterisk's console": console,
    "reach files through /proc/*/root": lambda: any_of([lambda p=p: through_root(p) for p in others()]),
    "trace another process": lambda: any_of([lambda p=p: trace(p) for p in others()]),
    "write another process's memory": lambda: any_of([lambda p=p: open(f"/proc/{p}/mem", "r+b").close() for p in others()]),
    "signal another process": lambda: any_of([lambda p=p: os.kill(p, 0) for p in others()]),
    "make a cgroup": cgroup,
    "write below /etc": lambda: any_of(
        [
            lambda folder=folder: new_file(f"/etc/{folder}/break-in")
            for folder in (".", "cron.d", "systemd/system", "hardened-asterisk", "fail2ban/action.d", "asterisk")
        ]
    ),
    "write what root runs": lambda: any_of([lambda: new_file("/usr/local/sbin/break-in"), lambda: new_file("/run/break-in")]),
    "read secrets": lambda: any_of(
        [
            lambda path=path: open(path, "rb").close()
            for path in (
                *("/etc/shadow", "/etc/asterisk/pjsip.conf", "/var/lib/hardened-asterisk/current"),
                *glob.glob("/etc/hardened-asterisk/tls/*"),
                *glob.glob("/etc/ssh/ssh_host_*_key"),
            )
        ]
    ),
    "become root": become_root,
    "a user namespace of its own": unshare,
    "rights over the firewall": rights_over_firewall,
    "nft: itself among the admins": lambda: run(*nft, "add", "element", *table, "admins4", "{ 203.0.113.253 }"),
    "nft: itself among the trusted": lambda: run(*nft, "add", "element", *table, "signalling", "{ 203.0.113.253 }"),
    "nft: flush bans": lambda: run(*nft, "flush", "set", *table, "banned4"),
    **{
        f"setter {path.rsplit('/', 1)[1]}: {order[:60]!r}": (lambda path=path, order=order: ordered(path, order))
        for path in SETTERS
        for order in ORDERS
    },
    # Own verbs of the reader of logs and of the reader of lists: they show that the sandbox lets it do its work.
    "own verb: ban": lambda: ordered(SETTERS[0], "ban 203.0.113.254 60\n"),
    "own verb: lists": lambda: ordered(SETTERS[1], "fed4 203.0.113.254/32\nend 1\n"),
}
outcome = {}
for name, attempt in attempts.items():
    try:
        attempt()
        outcome[name] = "done"
    except BaseException as problem:
        outcome[name] = f"{type(problem).__name__}: {problem}"
json.dump(outcome, sys.stdout)
