"""The worker: timers due at once, among hundreds of thousands that wait, on SQLite and on PostgreSQL.

Time on the clock, unlike the other parts (but for `cpu_us`): what a worker gets through in a second is what people
wait for, and writing to the disk is part of it.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.database import writing
from app.models import Job
from app.operations.actor import SYSTEM
from app.operations.job_leases import claim_due_jobs, has_due_jobs, read_leases
from app.operations.jobs import job_row
from app.operations.process_instances import start_process
from app.operations.rows import insert_rows
from app.worker import Worker
from app.worker.worker import INSIDE, JOBS_IN_HAND
from benchmarks.measuring import MICROSECONDS, MILLISECONDS
from benchmarks.sample_site import SITE, SampleSite, sample_site
from tests.postgres_server import SAFE, running_postgres

ROWS_AT_ONCE = 20_000
LOOKS = 20


@dataclass(frozen=True)
class Size:
    """How many timers wait for another day, and how many are due."""

    waiting: int
    due: int


FULL = Size(waiting=300_000, due=2_000)
SMALLEST = Size(waiting=50, due=4)


def run(size: Size = FULL) -> dict[str, float]:
    """Jobs a second; milliseconds for an idle look at the table and for leasing jobs; on either database."""
    with sample_site("timer.bpmn") as site:
        figures = {f"jobs.sqlite.{key}": value for key, value in _measure(site, size).items()}
    with running_postgres(SAFE) as server:
        url = server.url(server.create_database())
        with sample_site("timer.bpmn", database_url=url) as site:
            return figures | {f"jobs.postgresql.{key}": value for key, value in _measure(site, size).items()}


def _measure(site: SampleSite, size: Size) -> dict[str, float]:
    now = datetime.now(UTC)
    _add_waiting(site, size.waiting, now)
    for _ in range(size.due):
        with writing(), site.sessions.begin() as session:
            start_process(session, "timer", {}, site_id=SITE, actor=SYSTEM, now=now)
    idle = statistics.median(_seconds(lambda: _look(site, now)) for _ in range(LOOKS))
    later = now + timedelta(hours=1)
    leasing = statistics.median(_seconds(lambda: _lease(site, later)) for _ in range(LOOKS))
    worker = Worker(site.sessions, lambda: later)
    ran: list[int] = []
    cpu = time.process_time()
    seconds = _seconds(lambda: ran.append(worker.run_due()))
    cpu = time.process_time() - cpu
    if ran != [size.due]:
        raise RuntimeError(f"{ran} jobs were run instead of {size.due}")
    return {
        "per_second": size.due / seconds,
        "cpu_us": cpu / size.due * MICROSECONDS,
        "look_ms": idle * MILLISECONDS,
        "lease_ms": leasing * MILLISECONDS,
    }


def _add_waiting(site: SampleSite, count: int, now: datetime) -> None:
    """Timers of a year to come; they belong to no case, which nobody notices before they fire."""
    for first in range(0, count, ROWS_AT_ONCE):
        rows = [
            job_row("timer", {}, run_at=now + timedelta(days=1, seconds=100 * number), now=now)
            for number in range(first, min(first + ROWS_AT_ONCE, count))
        ]
        with writing(), site.sessions.begin() as session:
            insert_rows(session, Job, rows)


def _look(site: SampleSite, now: datetime) -> None:
    """What an idle worker does twice a second."""
    with site.sessions() as session:
        read_leases(session)
        has_due_jobs(session, INSIDE, now=now)


def _lease(site: SampleSite, now: datetime) -> None:
    """Leased and undone again: the same jobs each time."""
    with writing(), site.sessions() as session:
        claim_due_jobs(session, INSIDE, now=now, limit=JOBS_IN_HAND)
        session.rollback()


def _seconds(action: Callable[[], object]) -> float:
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin
