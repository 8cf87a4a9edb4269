"""The whole step without HTTP: engine, inbox rows, history and commit on SQLite, as a request does it.

Each figure is the median over all cases; a claim or completion is one transaction with one commit.
"""

import gc
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, event, select, update
from sqlalchemy.orm import Session

from app.database import writing
from app.engine.live_cases import LIVE_CASES
from app.models import User, UserTask
from app.operations.process_instances import start_process
from app.operations.user_tasks import claim_user_task, complete_user_task
from benchmarks.measuring import MICROSECONDS, cpu_seconds
from benchmarks.sample_data import DATA, answers
from benchmarks.sample_site import ADVISOR, PERSON, SITE, SampleSite, sample_site

PROCESS = "follow_up"
Work = Callable[[Session], object]


@dataclass(frozen=True)
class Size:
    """How many cases are gone through, each kind (live, cold); the first ones do not count."""

    cases: int
    warm_up: int


FULL = Size(cases=60, warm_up=10)
SMALLEST = Size(cases=2, warm_up=0)


@dataclass
class Samples:
    """CPU seconds of single transactions."""

    start: list[float] = field(default_factory=list)
    claim: list[float] = field(default_factory=list)
    complete: list[float] = field(default_factory=list)
    case: list[float] = field(default_factory=list)
    one_row: list[float] = field(default_factory=list)


def run(size: Size = FULL) -> dict[str, float]:
    """Microseconds of CPU; `one_row_us` is a transaction that changes one row and nothing else."""
    with sample_site("case_of_16_nodes.bpmn") as site:
        _measure(site, size.warm_up)
        live, cold = _measure(site, size.cases)
        statements = _count_statements(site)
    figures = {
        "operations.start_us": _median(live.start),
        "operations.claim_us": _median(live.claim),
        "operations.complete_live_us": _median(live.complete),
        "operations.complete_cold_us": _median(cold.complete),
        "operations.case_us": _median(live.case),
        "operations.one_row_us": _median(live.one_row + cold.one_row),
    }
    figures["operations.complete_ratio"] = figures["operations.complete_live_us"] / figures["operations.one_row_us"]
    return figures | statements


def _median(samples: list[float]) -> float:
    return statistics.median(samples) * MICROSECONDS


def _measure(site: SampleSite, cases: int) -> tuple[Samples, Samples]:
    """Cases kept in memory and cases loaded for each step, in turn: whatever drifts drifts for both."""
    live, cold = Samples(), Samples()
    gc.collect()
    for number in range(cases):
        for samples in (live, cold):
            samples.one_row.append(_transaction(site, _change_one_row))
            _one_case(site, f"B-{number}", samples, is_live=samples is live)
    return live, cold


def _one_case(site: SampleSite, business_key: str, samples: Samples, *, is_live: bool) -> None:
    """Start it; claim and complete whatever is open until nothing is."""
    before = sum(samples.start) + sum(samples.claim) + sum(samples.complete)
    samples.start.append(_transaction(site, _start(business_key)))
    while open_ids := _open_user_tasks(site):
        for user_task_id in open_ids:
            samples.claim.append(_transaction(site, _claim(user_task_id)))
            if not is_live:
                LIVE_CASES.clear()
            samples.complete.append(_transaction(site, _complete(user_task_id)))
    samples.case.append(sum(samples.start) + sum(samples.claim) + sum(samples.complete) - before)


def _count_statements(site: SampleSite) -> dict[str, float]:
    """Statements of one start, claim and completion, without BEGIN and COMMIT; rows written together are one."""
    with site.sessions() as session:
        engine = session.get_bind(User)
    start = _statements(engine, lambda: _transaction(site, _start("B-counted")))
    user_task_id = _open_user_tasks(site)[0]
    claim = _statements(engine, lambda: _transaction(site, _claim(user_task_id)))
    complete = _statements(engine, lambda: _transaction(site, _complete(user_task_id)))
    return {
        "operations.start_statements": start,
        "operations.claim_statements": claim,
        "operations.complete_statements": complete,
    }


def _statements(engine: Engine | Connection, action: Callable[[], object]) -> float:
    heard: list[object] = []

    def note(*statement: object) -> None:
        heard.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    action()
    event.remove(engine, "before_cursor_execute", note)
    return float(len(heard))


def _transaction(site: SampleSite, work: Work) -> float:
    """CPU seconds from opening the session to the end of the commit."""

    def whole() -> None:
        with writing(), site.sessions() as session:
            work(session)
            session.commit()

    return cpu_seconds(whole)


def _start(business_key: str) -> Work:
    return lambda session: start_process(
        session, PROCESS, DATA, site_id=SITE, business_key=business_key, actor=ADVISOR, now=datetime.now(UTC)
    )


def _claim(user_task_id: str) -> Work:
    return lambda session: claim_user_task(session, user_task_id, actor=ADVISOR, now=datetime.now(UTC))


def _complete(user_task_id: str) -> Work:
    values = answers("step")
    return lambda session: complete_user_task(
        session, user_task_id, values, revision=None, actor=ADVISOR, now=datetime.now(UTC)
    )


def _open_user_tasks(site: SampleSite) -> list[str]:
    with site.sessions() as session:
        return list(session.scalars(select(UserTask.id).where(UserTask.state == "open")))


def _change_one_row(session: Session) -> object:
    return session.execute(update(User).where(User.id == PERSON).values(theme="dark"))
