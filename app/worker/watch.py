"""Watching leases: one's own are renewed, those of workers that died are noticed, whatever the clock does.

A lease ends when the clock says so, or when nobody has renewed it for as long as it lasts by a clock that cannot be
set: after the clock was put back an hour, nothing waits an hour for a dead worker. Taking over too early (the clock
was put forward) is harmless, the fence sees to that.
"""

import time
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from app.operations.job_leases import LEASE, Lease
from app.operations.jobs import EXTERNAL

RENEWALS_IN_A_LEASE = 4


class LeaseWatch:
    """Remembers since when each lease has looked the same; our own last for `lease`."""

    def __init__(self, lease: timedelta = LEASE) -> None:
        self._seconds = lease.total_seconds()
        self._seen: dict[Lease, float] = {}
        self._renewed = time.monotonic()

    def is_time_to_renew(self) -> bool:
        """Whether one's own leases are due; says so once."""
        now = time.monotonic()
        if now - self._renewed < self._seconds / RENEWALS_IN_A_LEASE:
            return False
        self._renewed = now
        return True

    def ended(self, leases: Sequence[Lease], own: Collection[str], now: datetime) -> list[Lease]:
        """The leases whose worker must be dead.

        Arguments: leases, all there are now; own, ids of the jobs that this worker has in hand; now, by the engine's
        clock, which programs outside go by too: how long they lease a job for is their choice.
        """
        seen_at = time.monotonic()
        self._seen = {lease: self._seen.get(lease, seen_at) for lease in leases}
        return [
            lease
            for lease, first in self._seen.items()
            if lease.job_id not in own
            and (lease.until < now or (lease.kind != EXTERNAL and seen_at - first > self._seconds))
        ]
