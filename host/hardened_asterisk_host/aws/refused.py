"""What this machine refused: the schedule asks for it again every half an hour, and it costs as much as a good one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ..disk import Disk, make_parents
from ..errors import Refusal
from ..generations import STATE
from ..host import stamp

FILE = f"{STATE}/refused.json"
# The schedule's own pace, which the first wait is not longer than; and the longest wait.
PACE_SECONDS = 1800
LONGEST_SECONDS = 8 * 3600
# A run of the schedule is never this early: somebody asks, with `pulumi up` or in AWS's console.
EARLY_SECONDS = 1200
# How far a run of the schedule may come before its time.
SLACK_SECONDS = 300
ALARM_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Refused:
    """The memory of one order, by what is asked for and this boot of the machine: anything else is tried at once."""

    disk: Disk
    asked: str
    now: float

    def wait_its_turn(self) -> None:
        """Raise Refusal when the order was refused and its next turn has not come; nothing is looked at or changed."""
        known = self._known()
        if known is None:
            return
        early = 0 <= self.now - known["seen"] < EARLY_SECONDS
        due = known["tried"] + _pause(known["times"])
        if early or not known["tried"] <= self.now < due - SLACK_SECONDS:
            return
        self._keep({**known, "seen": self.now})
        raise Refusal(
            f"was refused (refusal {known['times']}, at {stamp(known['tried'])}): {known['reason']}; it is tried again"
            f" after {stamp(due)}, at once when anything in it changes, and now by another `pulumi up`"
        )

    def note(self, reason: str) -> bool:
        """Keep one more refusal; whether to tell of it: the first time, and once a day."""
        known = self._known() or {"times": 0, "told": None}
        told = known["told"]
        tell = told is None or not told <= self.now < told + ALARM_SECONDS
        self._keep(
            {
                "asked": self.asked,
                "times": known["times"] + 1,
                "tried": self.now,
                "seen": self.now,
                "told": self.now if tell else told,
                "reason": reason,
            }
        )
        return tell

    def forget(self) -> None:
        """Nothing is refused any more."""
        if self.disk.entry(FILE).kind == "file":
            self.disk.remove(FILE)

    def _known(self) -> dict[str, Any] | None:
        try:
            record: dict[str, Any] = json.loads(self.disk.read(FILE))
        except (FileNotFoundError, NotADirectoryError, ValueError):
            return None
        return record if record.get("asked") == self.asked else None

    def _keep(self, record: dict[str, Any]) -> None:
        make_parents(self.disk, FILE, 0o700)
        self.disk.write(FILE, json.dumps(record).encode(), 0o600)


def _pause(times: int) -> float:
    """Seconds from a refusal to the next try: half an hour, doubled with each, 8 hours at most."""
    return min(PACE_SECONDS * 2.0 ** (min(times, 10) - 1), LONGEST_SECONDS)
