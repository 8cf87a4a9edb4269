"""R7, R8: timers that fell due while nothing ran, two schedulers, and clocks that jump."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.database import writing
from app.models import HistoryEvent, Job, ProcessInstance, Site
from app.operations.actor import SYSTEM
from app.operations.deployments import deploy
from app.operations.history import case_stream
from app.operations.history_reading import read_events
from app.operations.history_verification import verify_history
from app.operations.process_instances import start_process
from app.worker import Worker, run_due
from tests.integration.databases import only_sqlite
from tests.integration.operations.dealership import NOW, Dealership, later, resources
from tests.integration.reliability.product import Place, becomes, running
from tests.integration.reliability.scale import scaled
from tests.integration.reliability.verdict import is_idle

RINGS_OF_A_REPEATER = 5


@pytest.fixture
def alarms(session: Session, dealership: Dealership) -> Session:
    deploy(session, resources("alarms.bpmn"), name="a", reason="r", actor=SYSTEM, now=NOW)
    session.commit()
    return session


def _set(session: Session, count: int, ring_at: datetime, now: datetime) -> list[str]:
    """Ids of cases that wait for a moment."""
    values = {"ring_at": ring_at.isoformat()}
    with writing(5):
        cases = [start_process(session, "alarm", values, site_id="main", actor=SYSTEM, now=now) for _ in range(count)]
        session.commit()
    return [case.id for case in cases]


def _repeat(session: Session, count: int, now: datetime) -> list[str]:
    with writing(5):
        cases = [start_process(session, "repeater", {}, site_id="main", actor=SYSTEM, now=now) for _ in range(count)]
        session.commit()
    return [case.id for case in cases]


def _rings(session: Session) -> Counter[str | None]:
    """How often the timer of each case fired."""
    session.rollback()
    return Counter(session.scalars(select(HistoryEvent.instance_id).where(HistoryEvent.type == "timer_fired")))


def test_r7_timers_overdue_while_nothing_ran_fire_once(place: Place, alarms: Session) -> None:
    now = datetime.now(UTC)
    ids = _set(alarms, scaled(500, 2_000), now - timedelta(hours=1), now - timedelta(hours=2))
    with running(place, "app.cli", "worker"), running(place, "app.cli", "worker"):
        is_all_done = becomes(lambda: place.ask(lambda reader: is_idle(reader, "timer")), within=60)
    assert is_all_done
    assert _rings(alarms) == dict.fromkeys(ids, 1)
    states = select(ProcessInstance.state, func.count()).group_by(ProcessInstance.state)
    assert alarms.execute(states).all() == [("completed", len(ids))]


def test_r8_clock_that_jumps_fires_nothing_twice(place: Place, alarms: Session) -> None:
    """Two workers, one of them ahead or behind by an hour, and then the other way round."""
    alarms_set = _set(alarms, 20, NOW + timedelta(hours=1), NOW)
    repeaters = _repeat(alarms, 10, NOW)
    jumps = [timedelta(minutes=minutes) for minutes in (0, 60, -60, 20, 90, 30, -30, 80, 120, 100, 180)]
    clock = [NOW, NOW]
    workers = [
        Worker(place.sessions, lambda number=number: clock[number], lease=timedelta(seconds=5))  # type: ignore[misc]
        for number in range(2)
    ]
    with ThreadPoolExecutor(2) as pool:
        for number, jump in enumerate(jumps):
            clock[number % 2] = NOW + jump
            list(pool.map(Worker.run_due, workers))
    run_due(place.sessions, NOW + timedelta(days=1))
    expected = dict.fromkeys(alarms_set, 1) | dict.fromkeys(repeaters, RINGS_OF_A_REPEATER)
    assert _rings(alarms) == expected
    assert verify_history(alarms).is_intact


def test_r8_history_is_ordered_by_sequence_not_by_time(dealership: Dealership) -> None:
    session = dealership.session
    case = dealership.start()
    dealership.claim(case, "check", "ada", later(hours=3))
    dealership.complete(case, "check", "ada", later(hours=-1), verdict="end")
    session.commit()
    events = read_events(session, case_stream(case.id))
    assert [event.stream_sequence for event in events] == list(range(1, len(events) + 1))
    assert [event.type for event in events if event.type.startswith("user_task_c")] == [
        "user_task_claimed",
        "user_task_completed",
    ]
    assert events[-1].at < events[0].at
    assert verify_history(session).is_intact


@only_sqlite
@pytest.mark.parametrize(
    ("ring_at", "fires_at"),
    [
        ("2026-03-29T02:30:00", "2026-03-29T01:30:00Z"),  # a time that did not exist that night
        ("2026-10-25T02:30:00", "2026-10-25T00:30:00Z"),  # one that there was twice: the first
        ("2026-12-31T23:59:59Z", "2026-12-31T23:59:59Z"),
    ],
)
def test_r8_changes_of_summer_time(place: Place, alarms: Session, ring_at: str, fires_at: str) -> None:
    alarms.execute(update(Site).where(Site.id == "main").values(zone="Europe/Berlin"))
    start_process(alarms, "alarm", {"ring_at": ring_at}, site_id="main", actor=SYSTEM, now=NOW)
    alarms.commit()
    moment = datetime.fromisoformat(fires_at)
    assert alarms.scalars(select(Job.run_at)).one() == moment
    alarms.rollback()
    assert [run_due(place.sessions, moment + timedelta(hours=hours)) for hours in (-1, 0, -1, 1)] == [0, 1, 0, 0]
