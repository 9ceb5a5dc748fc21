"""Room for TCP and TLS connections that the kernel has made and Asterisk has not accepted yet.

pjsip asks for room for five (PJSIP_TCP_TRANSPORT_BACKLOG, PJSIP_TLS_TRANSPORT_BACKLOG, pjproject 2.17), and no
setting of Asterisk changes it. When it is full, the kernel lets SYNs fall, and each client asks again after twice
as long: of many phones that come back at once, some wait for minutes.
"""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import syslog
import time
from collections.abc import Iterator, Sequence

from .errors import Refusal

NAME = "widen-backlog"
# More than Asterisk can hold (1,019), and less than the kernel's own bound (net.core.somaxconn, 4,096).
ROOM = 1024
# The same number on every architecture since Linux 5.6 (include/uapi/asm-generic/unistd.h).
PIDFD_GETFD = 438
# Seconds.
PATIENCE = 60
CONSEQUENCE = "Until `hardened-asterisk restart`, its TCP ports hold 5 connections that wait to be accepted."


def widen(pid: int, ports: Sequence[int], patience: float = PATIENCE) -> None:
    """Give a process' listening TCP sockets room, once it listens at all of some ports; raises Refusal otherwise.

    Listening once more on a socket that listens changes its room alone (`listen(2)`, `inet_listen` of Linux 6.18).
    Nothing that the process has written is read, and only sockets are touched. Asterisk tells systemd that it is there
    before it listens.
    """
    try:
        process = os.pidfd_open(pid)
    except OSError as error:
        raise Refusal(f"process {pid} is gone: {error}") from error
    try:
        deadline = time.monotonic() + patience
        while not set(ports) <= {_widened(one) for one in _listening(process, pid)}:
            if time.monotonic() > deadline:
                raise Refusal(f"process {pid} does not listen at all of the TCP ports {', '.join(map(str, ports))}")
            time.sleep(0.1)
    except OSError as error:
        raise Refusal(f"the sockets of process {pid} cannot be had: {error}") from error
    finally:
        os.close(process)


def widen_and_log_refusal(pid: int, ports: Sequence[int]) -> None:
    """The same for asterisk.service, whose standard error goes nowhere: a refusal is also written to the journal."""
    try:
        widen(pid, ports)
    except Refusal as problem:
        syslog.openlog("hardened-asterisk", 0, syslog.LOG_DAEMON)
        syslog.syslog(syslog.LOG_WARNING, f"{problem}; see `systemctl status asterisk`. {CONSEQUENCE}")
        raise


def _widened(listening: socket.socket) -> int:
    with listening:
        listening.listen(ROOM)
        return int(listening.getsockname()[1])


def _listening(process: int, pid: int) -> Iterator[socket.socket]:
    for number in os.listdir(f"/proc/{pid}/fd"):
        if not _is_socket(f"/proc/{pid}/fd/{number}") or (copied := _copy(process, int(number))) is None:
            continue
        one = socket.socket(fileno=copied)
        if _takes_connections(one):
            yield one
        else:
            one.close()


def _is_socket(path: str) -> bool:
    try:
        return os.readlink(path).startswith("socket:")
    except FileNotFoundError:  # closed meanwhile
        return False


def _copy(process: int, number: int) -> int | None:
    """A descriptor of our own for one of the process; None when that has been closed meanwhile."""
    copied = ctypes.CDLL(None, use_errno=True).syscall(PIDFD_GETFD, process, number, 0)
    if copied < 0 and ctypes.get_errno() != errno.EBADF:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return None if copied < 0 else int(copied)


def _takes_connections(one: socket.socket) -> bool:
    if one.family not in (socket.AF_INET, socket.AF_INET6) or one.type != socket.SOCK_STREAM:
        return False
    return one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) == 1
