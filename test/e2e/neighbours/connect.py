"""Opens TCP connections one after another, each greeted within two seconds, and keeps them: SOURCE TARGET PORT COUNT.

Prints how many were greeted and the reason of the first that was not.
"""

import resource
import socket
import sys

source, target, port, count = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
kept, reason, missed = [], "none", 0
while len(kept) < int(count) and missed < 2:
    connection = socket.socket()
    connection.settimeout(2)
    try:
        if source:
            connection.bind((source, 0))
        connection.connect((target, int(port)))
        if not connection.recv(6):
            raise OSError("closed")
        kept.append(connection)
    except OSError as problem:
        missed += 1
        reason = type(problem).__name__ + " " + str(problem)
print(len(kept), reason, flush=True)
# Held until the one who started it has looked at what else still works.
sys.stdin.read()
