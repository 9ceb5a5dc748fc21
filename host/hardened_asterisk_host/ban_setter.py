"""The setter of bans and proofs: fail2ban, which has no right over the firewall, hands it one line after the other.

It is no boundary against itself (CAP_NET_ADMIN is all of the firewall); what comes in is parsed by `setter_orders`.
"""

from __future__ import annotations

import json
import queue
import re
import threading
import time

from .bans import SETS, TABLE
from .commands import Commands, Result, last_lines
from .disk import Disk
from .errors import Refusal
from .saved_bans import FLOW_SECONDS, PROVEN_SECONDS, Saved, SavedBans
from .setter_orders import LARGEST_ORDER, Listed, Order, banned_element, judge, parse_listed, parse_order
from .setter_socket import serve

CONFIGURATION = "/etc/hardened-asterisk/setter.conf"
ORDER_SECONDS = 2.0
ENDING_SECONDS = 5.0
EXPIRES = re.compile(r"\bexpires ((?:\d+(?:ms|[dhms]))+)")
PART = re.compile(r"(\d+)(ms|[dhms])")
UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1, "ms": 0.001}


def set_bans(commands: Commands, disk: Disk) -> int:
    """Serve until the program is replaced; the kernel's sets are saved first when nothing was saved before."""
    saved = SavedBans()
    if not saved.exists:
        saved.replace(in_firewall(commands, time.time()), time.time())
    setter = BanSetter(commands, disk, saved)
    saver = threading.Thread(target=setter.save, daemon=True)
    saver.start()
    try:
        return serve(setter.answer, LARGEST_ORDER, ORDER_SECONDS)
    finally:
        setter.records.put(None)
        saver.join(ENDING_SECONDS)


class BanSetter:
    """Judges a line, tells the firewall, closes sockets; a thread beside it saves what was set."""

    def __init__(self, commands: Commands, disk: Disk, saved: SavedBans) -> None:
        """Judge by this disk's configuration, act through these commands, save there."""
        self.commands, self.disk, self.saved = commands, disk, saved
        self.records: queue.Queue[str | None] = queue.Queue()

    def answer(self, message: bytes) -> str:
        """Carry out one message; raises Refusal saying why not."""
        order = parse_order(message)
        listed = self._listed()
        judge(order, listed)
        if order.verb == "ban":
            return self._ban(order)
        return self._prove(order) if order.verb == "prove" else self._end(order, listed)

    def save(self) -> None:
        """Save records, those that wait together, until None comes; the disk must not hold up a ban."""
        ended = False
        while not ended:
            waiting = [self.records.get()]
            while not self.records.empty():
                waiting.append(self.records.get())
            records = [record for record in waiting if record is not None]
            ended = len(records) < len(waiting)
            try:
                self.saved.add(records, time.time())
            except OSError as problem:
                print(f"<4>{len(records)} bans or proofs would not outlive a power cut: {problem}", flush=True)

    def _listed(self) -> Listed:
        try:
            return parse_listed(self.disk.read(CONFIGURATION).decode())
        except (OSError, ValueError) as problem:
            raise Refusal(f"{CONFIGURATION} cannot be read: {problem}") from None

    def _ban(self, order: Order) -> str:
        name = SETS[order.address.version]
        network = banned_element(order.address)
        element = str(order.address) if network.prefixlen == 32 else str(network)
        if self._set(name, element, order.number):
            self.records.put(f"ban {element} 0 {int(time.time()) + order.number}")
        if not self._holds("proven", str(order.address)):
            self.commands.run(["ss", "-K", "dst", f"[{order.address}]"])
        return "ok"

    def _set(self, name: str, element: str, seconds: int) -> bool:
        """Ban an element for so many seconds; False when it is banned for longer already."""
        whole = f"{{ {element} timeout {seconds}s }}"
        if self._nft([f"create element {words(name)} {whole}"]).status == 0:
            return True
        # Never shorter than it is: else whoever speaks here could end a ban.
        left = self._seconds_left(name, element)
        if left >= seconds:
            return False
        lines = [f"delete element {words(name)} {{ {element} }}"] * (left > 0) + [f"add element {words(name)} {whole}"]
        self._must(lines)
        return True

    def _prove(self, order: Order) -> str:
        self._must(
            [
                f"add element {words('proven_flows')} {{ {order.address} . {order.number} }}",
                f"add element {words('proven')} {{ {order.address} }}",
            ]
        )
        now = int(time.time())
        self.records.put(f"proven {order.address} 0 {now + PROVEN_SECONDS}")
        self.records.put(f"flow {order.address} {order.number} {now + FLOW_SECONDS}")
        return "ok"

    def _end(self, order: Order, listed: Listed) -> str:
        element = f"{order.address} . {order.number}"
        self.commands.run(["nft", "delete", "element", *TABLE, "proven_flows", "{", element, "}"])
        self.records.put(f"end {order.address} {order.number} 0")
        # SIP's sockets alone: an admin's SSH may come from the same address.
        for port in listed.ports:
            ends = ["dport", "=", f":{order.number}", "sport", "=", f":{port}"]
            self.commands.run(["ss", "-K", "dst", f"[{order.address}]", *ends])
        return "ok"

    def _seconds_left(self, name: str, element: str) -> int:
        answer = self._get(name, element)
        return seconds_left(answer.out) if answer.status == 0 else 0

    def _holds(self, name: str, element: str) -> bool:
        return self._get(name, element).status == 0

    def _get(self, name: str, element: str) -> Result:
        return self.commands.run(["nft", "get", "element", *TABLE, name, "{", element, "}"])

    def _nft(self, lines: list[str]) -> Result:
        return self.commands.run(["nft", "-f", "-"], stdin="".join(f"{line}\n" for line in lines))

    def _must(self, lines: list[str]) -> None:
        answer = self._nft(lines)
        if answer.status != 0:
            raise Refusal(f"nft: {last_lines(answer.text, 2)}")


def words(name: str) -> str:
    """A set's full name."""
    return f"{' '.join(TABLE)} {name}"


def seconds_left(text: str) -> int:
    """Whole seconds, at least one, until the one element of nft's answer ends; `nft --json get` answers in text too."""
    found = EXPIRES.search(text)
    if found is None:
        return 0
    return max(1, int(sum(int(number) * UNITS[unit] for number, unit in PART.findall(found[1]))))


def in_firewall(commands: Commands, now: float) -> Saved:
    """Bans and proofs as the kernel has them; nothing where there is no table."""
    saved = Saved()
    for name in (*SETS.values(), "proven", "proven_flows"):
        answer = commands.run(["nft", "--json", "list", "set", *TABLE, name])
        for element in _elements(answer.out) if answer.status == 0 else []:
            what = element.get("elem", {}) if isinstance(element, dict) else {}
            end = int(now) + int(what.get("expires", 0))
            _take(saved, name, what.get("val"), end)
    return saved


def _take(saved: Saved, name: str, value: object, end: int) -> None:
    if name == "proven_flows":
        address, port = value["concat"] if isinstance(value, dict) and "concat" in value else ("", 0)
        saved.flows[str(address), int(port)] = end
    elif name == "proven":
        saved.proven[str(value)] = end
    elif isinstance(value, dict) and "prefix" in value:
        saved.bans[f"{value['prefix']['addr']}/{value['prefix']['len']}"] = end
    elif isinstance(value, str):
        saved.bans[value] = end


def _elements(text: str) -> list[object]:
    try:
        items = json.loads(text)["nftables"]
    except (ValueError, KeyError):
        return []
    return [element for item in items if "set" in item for element in item["set"].get("elem", [])]
