"""What a thief tries who has taken Asterisk over: run in its unit's own sandbox. Prints {attempt: "done" or why not}."""

import ctypes
import json
import mmap
import os
import resource
import signal
import socket
import subprocess
import sys

libc = ctypes.CDLL(None, use_errno=True)
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PTRACE_ATTACH, FINIT_MODULE = 16, 313


def called(result):
    if result != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def apart(attempt):
    """Runs in a child: what it changes of its process ends with it."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            attempt()
            os.write(writer, b"done")
        except BaseException as problem:
            os.write(writer, str(problem).encode())
        os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    said = os.read(reader, 1000).decode() or "killed"
    if said != "done":
        raise OSError(said)


def trace():
    child = os.fork()
    if child == 0:
        signal.pause()
    try:
        called(libc.ptrace(PTRACE_ATTACH, child, None, None))
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def own_program():
    path = "/var/lib/asterisk/break-in"
    with open(path, "w") as handle:
        handle.write("#!/bin/sh\nexit 0\n")
    os.chmod(path, 0o700)
    try:
        subprocess.run([path], check=True)
    finally:
        os.unlink(path)


def raw_socket_of_own_namespace():
    called(libc.unshare(CLONE_NEWUSER | CLONE_NEWNET))
    socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close()


def others():
    owners = [os.stat(f"/proc/{name}").st_uid for name in os.listdir("/proc") if name.isdigit()]
    if set(owners) <= {os.getuid()}:
        raise OSError("only its own processes are there")


def core():
    if resource.getrlimit(resource.RLIMIT_CORE)[1] == 0:
        raise OSError("no core may be written")


def shared_memory():
    with open("/dev/shm/break-in", "w") as handle:
        handle.write("x")
    os.unlink("/dev/shm/break-in")


attempts = {
    "write what Asterisk reads at its start": lambda: open("/etc/asterisk/extensions.conf", "a").close(),
    "run a shell": lambda: subprocess.run(["/bin/sh", "-c", "exit 0"], check=True),
    "run a program of its own": own_program,
    "map memory to write and run": lambda: mmap.mmap(
        -1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC
    ).close(),
    "trace a process": trace,
    "open a raw socket in a namespace of its own": lambda: apart(raw_socket_of_own_namespace),
    "see the other processes": others,
    "leave a core with every password": core,
    "hand something on through shared memory": shared_memory,
    "open a kind of socket that no PBX needs": lambda: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM).close(),
    "write to /usr": lambda: open("/usr/lib/break-in", "w").close(),
    "read /etc/shadow": lambda: open("/etc/shadow").close(),
    "open a raw socket": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close(),
    "load a kernel module": lambda: called(libc.syscall(FINIT_MODULE, 0, b"", 0)),
    "set up a job of cron": lambda: open("/etc/cron.d/break-in", "w").close(),
    "set up a unit": lambda: open("/etc/systemd/system/break-in.service", "w").close(),
}
outcome = {}
for name, attempt in attempts.items():
    try:
        attempt()
        outcome[name] = "done"
    except BaseException as problem:
        outcome[name] = f"{type(problem).__name__}: {problem}"
json.dump(outcome, sys.stdout)
