"""A hand: jobs leased together that one thread runs in turn, each in a transaction of its own.

The transaction that ends a job starts the next one: charging an attempt costs no commit. Whatever an attempt raises
is written down in a transaction after it and tried again later, so that one bad job stops neither the others nor
the worker.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from app.operations.job_handlers import JOB_HANDLERS
from app.operations.job_leases import LeasedJob, give_back_jobs, start_jobs
from app.operations.long_steps import with_foresight
from app.worker.bench import Bench
from app.worker.caught import Caught

# A job that takes longer is taken for stuck: its lease is no longer renewed, another worker may try.
LONGEST_RUN_SECONDS = 600.0


class Hand:
    """Runs its jobs in turn; the first is started (charged) by who leased them."""

    def __init__(self, bench: Bench, jobs: Sequence[LeasedJob]) -> None:
        self._bench = bench
        self._left = list(jobs)
        self.kind = jobs[0].kind
        self._began = time.monotonic()

    @property
    def jobs(self) -> tuple[LeasedJob, ...]:
        """The job that runs and those that wait for it."""
        return tuple(self._left)

    @property
    def is_stuck(self) -> bool:
        return time.monotonic() - self._began > LONGEST_RUN_SECONDS

    def run(self) -> None:
        """Run all; when the worker stops, finish what was started and give the others back."""
        while self._left:
            self._began = time.monotonic()
            following = None if self._bench.stop.is_set() else next(iter(self._left[1:]), None)
            self._run(self._left[0], following)
            del self._left[0]
            if following is None:
                break
        if self._left:
            with self._bench.write() as session:
                give_back_jobs(session, self._left)

    def _run(self, job: LeasedJob, following: LeasedJob | None) -> None:
        with Caught() as attempt:
            self._do(job, following)
        if attempt.error is not None:
            self._bench.record_failure(job, attempt.error, following)

    def _do(self, job: LeasedJob, following: LeasedJob | None) -> None:
        kind = JOB_HANDLERS[job.kind]
        if kind.read:
            with self._bench.sessions() as session:
                job = replace(job, payload={**job.payload, **kind.read(session, job)})
        result = kind.work(job, self._bench.surroundings) if kind.work else {}
        now = cache(self._bench.clock)  # read once the lock is held; the same when the step is done again

        def end() -> None:
            with self._bench.write() as session:
                kind.apply(session, job, result, now())
                if following:
                    start_jobs(session, [following])

        with_foresight(end, self._bench.foresee)
