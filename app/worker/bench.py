"""What jobs are run with, and how a failed attempt is written down."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy.orm import Session

from app.clock import Clock
from app.database import JOB_WAIT_SECONDS, writing
from app.errors import Busy
from app.operations.job_failures import record_failed_job
from app.operations.job_leases import LeasedJob, LeaseLost, postpone_job, start_jobs
from app.operations.long_steps import Foreseen, Question, foreseen
from app.operations.surroundings import Surroundings

SessionFactory = Callable[[], Session]

PAUSE_WHEN_BUSY = timedelta(seconds=5)

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Bench:
    """Sessions, the engine's clock, the world outside, and whether the worker stops."""

    sessions: SessionFactory
    clock: Clock
    surroundings: Surroundings
    stop: threading.Event

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction that writes, committed at the end."""
        with writing(JOB_WAIT_SECONDS), self.sessions() as session:
            yield session
            session.commit()

    def foresee(self, question: Question[Any]) -> Foreseen:
        """Compute a step of a job that takes long while others may write."""
        with self.sessions() as session:
            return foreseen(session, question)

    def record_failure(self, job: LeasedJob, error: Exception, following: LeasedJob | None = None) -> None:
        """Write a failed attempt down and start the job that follows."""
        if isinstance(error, LeaseLost):
            log.warning("job_lease_lost", job=job.id, kind=job.kind)
            return
        log.warning("job_failed", job=job.id, kind=job.kind, attempt=job.attempts, error=repr(error))
        # Somebody else has it, or the database is busy and the lease runs out by itself: both are well.
        with suppress(LeaseLost, Busy), self.write() as session:
            if isinstance(error, Busy):  # the job is not to blame
                postpone_job(session, job, self.clock() + PAUSE_WHEN_BUSY, attempts=job.attempts - 1)
            else:
                record_failed_job(session, job, error, now=self.clock())
            if following:
                start_jobs(session, [following])
