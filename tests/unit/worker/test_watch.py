"""Who watches leases trusts no clock that can be set."""

from datetime import UTC, datetime, timedelta

import pytest

from app.operations.job_leases import LEASE, Lease
from app.operations.jobs import EXTERNAL
from app.worker import watch
from app.worker.watch import LeaseWatch

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
LEASE_SECONDS = LEASE.total_seconds()


@pytest.fixture
def monotonic(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds of the clock that cannot be set, in a box."""
    box = [1000.0]
    monkeypatch.setattr(watch.time, "monotonic", lambda: box[0])
    return box


def _lease(job_id: str = "j", until: datetime = NOW + LEASE, kind: str = "timer", fence: int = 1) -> Lease:
    return Lease(job_id, kind, fence, until, is_last=False)


def test_lease_ends_by_the_clock(monotonic: list[float]) -> None:
    leases = [_lease("old", NOW - timedelta(seconds=1)), _lease("young")]
    assert LeaseWatch().ended(leases, (), NOW) == leases[:1]


def test_own_leases_are_not_taken_away(monotonic: list[float]) -> None:
    assert LeaseWatch().ended([_lease(until=NOW - LEASE)], {"j"}, NOW) == []


def test_lease_nobody_renews_ends_though_the_clock_was_put_back(monotonic: list[float]) -> None:
    lease_watch, back = LeaseWatch(), NOW - timedelta(hours=1)
    dead, renewed = _lease("dead"), _lease("renewed")
    assert lease_watch.ended([dead, renewed], (), back) == []
    monotonic[0] += LEASE_SECONDS + 1
    renewed = _lease("renewed", back + LEASE)
    assert lease_watch.ended([dead, renewed], (), back) == [dead]
    again = _lease("dead", fence=2)
    assert lease_watch.ended([again, renewed], (), back) == []


def test_leases_of_programs_outside_last_as_long_as_they_asked_for(monotonic: list[float]) -> None:
    lease_watch, lease = LeaseWatch(), _lease(kind=EXTERNAL, until=NOW + timedelta(hours=5))
    assert lease_watch.ended([lease], (), NOW) == []
    monotonic[0] += LEASE_SECONDS * 100
    assert lease_watch.ended([lease], (), NOW) == []


def test_renewal_is_due_four_times_a_lease(monotonic: list[float]) -> None:
    lease_watch = LeaseWatch()
    assert not lease_watch.is_time_to_renew()
    monotonic[0] += LEASE_SECONDS / 4
    assert lease_watch.is_time_to_renew()
    assert not lease_watch.is_time_to_renew()
