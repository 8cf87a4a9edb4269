"""The worker: leases due jobs, runs them and commits; many may run beside each other and beside the web.

Each job is leased in one transaction and done in another. Whatever an attempt raises is written down in a third and
tried again later, so that one bad job stops neither the others nor the worker.
"""

import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from app.clock import Clock
from app.database import JOB_WAIT_SECONDS, writing
from app.errors import Busy
from app.operations.job_failures import WorkerDied, record_failed_job
from app.operations.job_handlers import JOB_HANDLERS, Surroundings
from app.operations.jobs import (
    LeasedJob,
    LeaseLost,
    claim_due_jobs,
    has_due_jobs,
    release_expired_leases,
    worn_out_jobs,
)
from app.operations.periodic_jobs import PERIODIC_JOBS, PeriodicJob

SessionFactory = Callable[[], Session]

POLL_SECONDS = 0.5
# After an error of the database itself: it may be away for a while.
PAUSE_AFTER_ERROR_SECONDS = 5.0
JOBS_AT_ONCE = 4
STOP_WITHIN_SECONDS = 30.0

log = structlog.stdlib.get_logger()


@dataclass
class Worker:
    """Runs jobs with sessions of `sessions`, by the engine's clock, until told to stop."""

    sessions: SessionFactory
    clock: Clock
    surroundings: Surroundings = field(default_factory=Surroundings)
    threads: int = JOBS_AT_ONCE
    _stop: threading.Event = field(default_factory=threading.Event)
    _next_round: dict[str, float] = field(default_factory=dict)

    def stop(self) -> None:
        """Finish the jobs in hand and take no more."""
        self._stop.set()

    def run_forever(self) -> None:
        """Work until `stop`; an error of the database is logged and waited out."""
        with ThreadPoolExecutor(self.threads, "job") as pool, ThreadPoolExecutor(1, "round") as rounds:
            while not self._stop.is_set():
                attempt: Future[int] = rounds.submit(self._round, pool)
                error = attempt.exception()  # of whatever kind: the worker outlives it
                if error is not None:
                    log.error("worker_round_failed", exc_info=error)
                    self._stop.wait(PAUSE_AFTER_ERROR_SECONDS)
                elif attempt.result() == 0:
                    self._stop.wait(POLL_SECONDS)

    def run_until_signal(self) -> None:
        """The same in the main thread of a process of its own: SIGTERM and Ctrl-C end it cleanly."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: self.stop())
        self.run_forever()

    def run_due(self) -> int:
        """Do all that is due now, and what that makes due, and return how many jobs were run."""
        ran = 0
        with ThreadPoolExecutor(self.threads, "job") as pool:
            while count := self._run_batch(pool):
                ran += count
            for periodic in PERIODIC_JOBS:
                self._run_periodic(periodic)
        return ran

    def _round(self, pool: ThreadPoolExecutor) -> int:
        now = time.monotonic()
        for periodic in PERIODIC_JOBS:
            if now >= self._next_round.get(periodic.name, 0.0):
                self._next_round[periodic.name] = now + periodic.every.total_seconds()
                self._run_periodic(periodic)
        return self._run_batch(pool)

    def _run_periodic(self, periodic: PeriodicJob) -> None:
        count = 1
        while count and not self._stop.is_set():
            with writing(JOB_WAIT_SECONDS), self.sessions() as session:
                count = periodic.run(session, self.clock())
                session.commit()

    def _run_batch(self, pool: ThreadPoolExecutor) -> int:
        jobs = self._lease()
        attempts = [(job, pool.submit(self._run, job)) for job in jobs]
        for job, attempt in attempts:
            error = attempt.exception()
            if isinstance(error, LeaseLost):
                log.warning("job_lease_lost", job=job.id, kind=job.kind)
            elif error is not None:
                self._record_failure(job, error)
        return len(jobs)

    def _lease(self) -> list[LeasedJob]:
        """Looking for due jobs reads only: an idle worker keeps no writer waiting."""
        now = self.clock()
        with self.sessions() as session:
            if not has_due_jobs(session, now=now):
                return []
        with writing(JOB_WAIT_SECONDS), self.sessions() as session:
            release_expired_leases(session, now=now)
            worn_out = worn_out_jobs(session, now=now)
            jobs = claim_due_jobs(session, tuple(JOB_HANDLERS), now=now, limit=self.threads)
            session.commit()
        for job in worn_out:
            self._record_failure(job, WorkerDied("the worker died"))
        return jobs

    def _run(self, job: LeasedJob) -> None:
        kind = JOB_HANDLERS[job.kind]
        result = kind.work(job, self.surroundings) if kind.work else {}
        with writing(JOB_WAIT_SECONDS), self.sessions() as session:
            kind.apply(session, job, result, self.clock())
            session.commit()

    def _record_failure(self, job: LeasedJob, error: BaseException) -> None:
        log.warning("job_failed", job=job.id, kind=job.kind, attempt=job.attempts, error=repr(error))
        # Somebody else has it, or the database is busy and the lease runs out by itself: both are well.
        with suppress(LeaseLost, Busy), writing(JOB_WAIT_SECONDS), self.sessions() as session:
            record_failed_job(session, job, error, now=self.clock())
            session.commit()


def run_due(sessions: SessionFactory, now: datetime, *, surroundings: Surroundings | None = None) -> int:
    """Do all jobs due at `now`, one after the other, and return how many were run."""
    return Worker(sessions, lambda: now, surroundings or Surroundings(), threads=1).run_due()


class WorkerThread:
    """A worker inside another process: `aftercare run` on one machine."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._thread = threading.Thread(target=worker.run_forever, name="worker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask it to stop and wait until the jobs in hand are done."""
        self._worker.stop()
        self._thread.join(STOP_WITHIN_SECONDS)
