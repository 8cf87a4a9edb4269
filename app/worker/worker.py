"""The loop of a worker: looks for due jobs, leases them in hands, lets threads run them, keeps their leases."""

import signal
import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.clock import Clock
from app.errors import Busy
from app.models import Job
from app.operations.job_failures import WorkerDied
from app.operations.job_handlers import JOB_KINDS
from app.operations.job_leases import (
    LEASE,
    LeasedJob,
    claim_due_jobs,
    has_due_jobs,
    read_leases,
    release_leases,
    renew_leases,
    start_jobs,
)
from app.operations.outgoing_switch import is_outgoing_on
from app.operations.periodic_jobs import PERIODIC_JOBS, PeriodicJob
from app.operations.surroundings import Surroundings
from app.worker.bench import Bench, SessionFactory
from app.worker.caught import Caught
from app.worker.hands import Hand
from app.worker.watch import LeaseWatch

POLL_SECONDS = 0.5
# After an error of the database itself: it may be away for a while.
PAUSE_AFTER_ERROR_SECONDS = 5.0
# Jobs that only write to our database: several in a hand, so that leasing them costs one transaction for all.
INSIDE = tuple(kind.name for kind in JOB_KINDS if kind.work is None)
JOBS_IN_HAND = 32
HANDS_INSIDE = 4
# Jobs that talk to the world outside, one in a hand: a slow receiver holds up nobody else.
OUTSIDE = tuple(kind.name for kind in JOB_KINDS if kind.work is not None)
HANDS_OUTSIDE = 8
STAYING_HERE = tuple(kind.name for kind in JOB_KINDS if kind.stays_here)

log = structlog.stdlib.get_logger()


class Worker:
    """Runs jobs with sessions of `sessions`, by the engine's clock, until told to stop."""

    def __init__(
        self,
        sessions: SessionFactory,
        clock: Clock,
        surroundings: Surroundings | None = None,
        *,
        hands_inside: int = HANDS_INSIDE,
        hands_outside: int = HANDS_OUTSIDE,
        lease: timedelta = LEASE,
    ) -> None:
        self._stop = threading.Event()
        self._bench = Bench(sessions, clock, surroundings or Surroundings(), self._stop)
        self._most_inside, self._most_outside = hands_inside, hands_outside
        self._next_round: dict[str, float] = {}
        self._running: dict[Future[None], Hand] = {}
        self._lease_time = lease
        self._watch = LeaseWatch(lease)

    def stop(self) -> None:
        """Finish the jobs in hand and take no more."""
        self._stop.set()

    def run_forever(self) -> None:
        """Work until `stop`; an error of the database is logged and waited out."""
        with self._threads() as pool:
            while not self._stop.is_set():
                with Caught() as attempt:
                    self._round(pool)
                if attempt.error is not None:
                    log.error("worker_round_failed", exc_info=attempt.error)
                    self._stop.wait(PAUSE_AFTER_ERROR_SECONDS)

    def run_until_signal(self) -> None:
        """The same in the main thread of a process of its own: SIGTERM and Ctrl-C end it cleanly."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: self.stop())
        self.run_forever()

    def run_due(self) -> int:
        """Do all that is due now, and what that makes due, and return how many jobs were run."""
        ran = 0
        with self._threads() as pool:
            while count := self._take(pool):
                ran += count
                self._reap(wait(self._running).done)
        return ran

    def run_periodic(self) -> None:
        """A round of everything that is done again and again."""
        for periodic in PERIODIC_JOBS:
            self._run_periodic(periodic)

    def _threads(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._most_inside + self._most_outside, "job")

    def _round(self, pool: ThreadPoolExecutor) -> None:
        now = time.monotonic()
        for periodic in PERIODIC_JOBS:
            if now >= self._next_round.get(periodic.name, 0.0):
                self._next_round[periodic.name] = now + periodic.every.total_seconds()
                self._try_periodic(periodic)
        self._renew()
        if self._take(pool) == 0 and not self._running:
            self._stop.wait(POLL_SECONDS)
        self._reap(wait(self._running, POLL_SECONDS, FIRST_COMPLETED).done)

    def _try_periodic(self, periodic: PeriodicJob) -> None:
        """One that fails stops neither the others nor the jobs; a database that is away stops all."""
        with Caught() as attempt:
            self._run_periodic(periodic)
        if isinstance(attempt.error, (OperationalError, Busy)):
            raise attempt.error
        if attempt.error is not None:
            log.error("periodic_job_failed", name=periodic.name, exc_info=attempt.error)

    def _run_periodic(self, periodic: PeriodicJob) -> None:
        count = int(self._is_needed(periodic))
        while count and not self._stop.is_set():
            with self._bench.write() as session:
                count = periodic.run(session, self._bench.clock())

    def _is_needed(self, periodic: PeriodicJob) -> bool:
        if periodic.is_needed is None:
            return True
        with self._bench.sessions() as session:
            return periodic.is_needed(session, self._bench.clock())

    def _renew(self) -> None:
        jobs = self._jobs_in_hand()
        if self._watch.is_time_to_renew() and jobs:
            with self._bench.write() as session:
                renew_leases(session, jobs, now=self._bench.clock(), lease=self._lease_time)

    def _jobs_in_hand(self) -> list[LeasedJob]:
        return [job for hand in self._running.values() if not hand.is_stuck for job in hand.jobs]

    def _take(self, pool: ThreadPoolExecutor) -> int:
        """Lease what is due for the hands that are free and set them to work; returns how many jobs that is."""
        hands = self._lease()
        count = sum(len(hand.jobs) for hand in hands)  # before they are set to work: what is done leaves its hand
        for hand in hands:
            self._running[pool.submit(hand.run)] = hand
        return count

    def _lease(self) -> list[Hand]:
        """Looking for due jobs reads only: an idle worker keeps no writer waiting."""
        now = self._bench.clock()
        with self._bench.sessions() as session:
            inside, outside = self._free_hands(session)
            # From a restored copy nothing is sent until somebody has switched that on: the jobs wait.
            kinds_outside = OUTSIDE if is_outgoing_on(session) else STAYING_HERE
            kinds = (INSIDE if inside else ()) + (kinds_outside if outside else ())
            own = {job.id for job in self._jobs_in_hand()}
            ended = self._watch.ended(read_leases(session), own, now)
            if not ended and not (kinds and has_due_jobs(session, kinds, now=now)):
                return []
        with self._bench.write() as session:
            worn_out = release_leases(session, ended, now=now)
            hands = self._claim(session, inside, (outside, kinds_outside), now)
        for job in worn_out:
            self._bench.record_failure(job, WorkerDied("the worker died"))
        return hands

    def _free_hands(self, session: Session) -> tuple[int, int]:
        """SQLite has one writer: more than one hand inside would only wait for each other."""
        is_sqlite = session.get_bind(Job).dialect.name == "sqlite"
        outside = sum(hand.kind in OUTSIDE for hand in self._running.values())
        inside = len(self._running) - outside
        return max((1 if is_sqlite else self._most_inside) - inside, 0), self._most_outside - outside

    def _claim(
        self, session: Session, inside: int, outside: tuple[int, tuple[str, ...]], now: datetime
    ) -> list[Hand]:
        jobs: list[list[LeasedJob]] = []
        if inside:
            leased = claim_due_jobs(session, INSIDE, now=now, limit=JOBS_IN_HAND * inside, lease=self._lease_time)
            jobs += [leased[number::inside] for number in range(min(inside, len(leased)))]
        free, kinds = outside
        if free:
            leased = claim_due_jobs(session, kinds, now=now, limit=free, lease=self._lease_time)
            jobs += [[job] for job in leased]
        start_jobs(session, [hand[0] for hand in jobs])
        return [Hand(self._bench, hand) for hand in jobs]

    def _reap(self, done: set[Future[None]]) -> None:
        """An error here is the database's: the leases of the rest of the hand run out by themselves."""
        errors = [error for future in done if (error := future.exception()) is not None]
        for future in done:
            del self._running[future]
        for error in errors:
            log.error("worker_hand_failed", exc_info=error)
        if errors:
            self._stop.wait(PAUSE_AFTER_ERROR_SECONDS)


def run_due(
    sessions: SessionFactory, now: datetime, *, surroundings: Surroundings | None = None, with_periodic: bool = True
) -> int:
    """Do all jobs due at `now`, one after the other, and return how many were run.

    Arguments: with_periodic, whether to do a round of what is done again and again as well.
    """
    worker = Worker(sessions, lambda: now, surroundings, hands_inside=1, hands_outside=1)
    ran = worker.run_due()
    if with_periodic:
        worker.run_periodic()
    return ran
