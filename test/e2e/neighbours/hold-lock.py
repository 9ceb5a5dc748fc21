"""Holds a lock as apt does (fcntl(2)) until a file appears: PATH OF THE LOCK, PATH OF THE FILE."""

import fcntl
import os
import sys
import time

lock, release = sys.argv[1:]
handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o640)
fcntl.lockf(handle, fcntl.LOCK_EX)
print("held", flush=True)
while not os.path.exists(release):
    time.sleep(0.05)
