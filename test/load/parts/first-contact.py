"""Answers nothing and prints, as JSON, the Contact of the first SIP request that comes to each address: PORT ADDRESS …"""

import json
import re
import selectors
import socket
import sys
import time

port, *addresses = sys.argv[1:]
selector = selectors.DefaultSelector()
for address in addresses:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((address, int(port)))
    selector.register(sock, selectors.EVENT_READ, address)
print("ready", flush=True)
found = {}
deadline = time.monotonic() + 20
while len(found) < len(addresses) and time.monotonic() < deadline:
    for key, _ in selector.select(0.5):
        text = key.fileobj.recv(65536).decode(errors="replace")
        contact = re.search(r"^Contact: <sip:[^@>]*@?([0-9.]+)", text, re.MULTILINE)
        found.setdefault(key.data, contact[1] if contact else text)
print(json.dumps(found), flush=True)
