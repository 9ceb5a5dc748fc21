"""How long a certificate is good still."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass

ALARM_SECONDS = 14 * 86400


@dataclass(frozen=True)
class Standing:
    """Seconds for which a certificate is good still, and was when it was new."""

    left: float
    life: float

    @property
    def due(self) -> bool:
        """Whether it is in the last third of its life, in which it is renewed."""
        return self.left < self.life / 3

    @property
    def late(self) -> bool:
        """Whether renewals have been failing: half of that time is over, and less than 14 days are left."""
        return self.left < min(ALARM_SECONDS, self.life / 6)


def dates_in(text: str, now: float) -> Standing | None:
    """What openssl's -startdate and -enddate say; None without them, and for a certificate that has expired."""
    dates = dict(re.findall(r"^not(Before|After)=(.+)$", text, re.M))
    if len(dates) != 2:
        return None
    since, until = (ssl.cert_time_to_seconds(dates[end]) for end in ("Before", "After"))
    return Standing(until - now, until - since) if until > now else None
