"""The history: events appended, sealed and verified."""

import gc
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.database import writing
from app.operations.history import NEW_STREAM, Event, append_events, case_stream
from app.operations.history_sealing import MOST_EVENTS_PER_SEAL, seal_history
from app.operations.history_verification import verify_history
from benchmarks.measuring import MICROSECONDS, cpu_seconds
from benchmarks.sample_site import ADVISOR, SITE, SampleSite, sample_site

EVENTS_PER_CASE = 20
CASES_PER_TRANSACTION = 50
BODY = {"name": "call_outcome", "type": "string", "old": None, "new": "reached", "scope": "01J-example-execution"}


@dataclass(frozen=True)
class Size:
    """How many cases have a history, and how often it is verified."""

    cases: int
    rounds: int


FULL = Size(cases=1_500, rounds=3)
SMALLEST = Size(cases=2, rounds=1)


def run(size: Size = FULL) -> dict[str, float]:
    """Events a second of CPU for verifying, microseconds of CPU an event for writing and sealing."""
    events = size.cases * EVENTS_PER_CASE
    with sample_site() as site:
        gc.collect()
        appending = _writing(site, lambda session: _append(session, size.cases))
        sealing = _writing(site, _seal)
        verifying = statistics.median(_verifying(site, events) for _ in range(size.rounds))
    return {
        "history.append_us": appending / events * MICROSECONDS,
        "history.seal_us": sealing / events * MICROSECONDS,
        "history.verify_us": verifying / events * MICROSECONDS,
        "history.verified_per_second": events / verifying,
    }


def _writing(site: SampleSite, work: Callable[[Session], object]) -> float:
    with writing(), site.sessions() as session:
        return cpu_seconds(lambda: work(session))


def _append(session: Session, cases: int) -> None:
    for number in range(1, cases + 1):
        _append_case(session, f"{number:032x}")
        if number % CASES_PER_TRANSACTION == 0:
            session.commit()
    session.commit()


def _append_case(session: Session, instance_id: str) -> None:
    events = [
        Event("variable_changed", {**BODY, "attempt": number}, element_id="Activity_Call", activity_id=f"a{number}")
        for number in range(EVENTS_PER_CASE)
    ]
    append_events(
        session, case_stream(instance_id), events, actor=ADVISOR, now=datetime.now(UTC),
        instance_id=instance_id, site_id=SITE, head=NEW_STREAM,
    )


def _seal(session: Session) -> None:
    while seal_history(session, datetime.now(UTC)) == MOST_EVENTS_PER_SEAL:
        session.commit()
    session.commit()


def _verifying(site: SampleSite, events: int) -> float:
    """CPU seconds; a history that is not intact would be no measure."""
    gc.collect()
    results = []
    with site.sessions() as session:
        seconds = cpu_seconds(lambda: results.append(verify_history(session)))
    if not results[0].is_intact or results[0].events < events:
        raise RuntimeError(f"the history is not what was written: {results[0]}")
    return seconds
