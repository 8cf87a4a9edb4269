"""What clocks do by themselves: they warn before their limit, and tell of its breach, each once.

No diagram has to draw this. What a process does besides when a clock is breached it draws as a timer event at the
clock's due date.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, select, update
from sqlalchemy.orm import Session

from app.models import CaseClock, UserTask
from app.models.prepared import table_of
from app.operations.actor import SYSTEM
from app.operations.cases import Case, lock_case
from app.operations.definitions import load_process
from app.operations.history import Event, append_events, case_stream
from app.operations.notifications import notify, owners_of
from app.operations.staffing import active_members, who_could_take

MOST_AT_ONCE = 100
_CLOCK = table_of(CaseClock)
_COLUMNS = (_CLOCK.c.instance_id, _CLOCK.c.clock_id, _CLOCK.c.number)
Place = tuple[str, str, int]


def watch_clocks(session: Session, now: datetime) -> int:
    """Warn of a clock, or note that one is breached; returns how many were looked at."""
    breached = session.execute(_breached(now).limit(MOST_AT_ONCE)).all()
    for place in breached:
        _breach(session, _place(place), now)
    warned = session.execute(_to_warn(now).limit(MOST_AT_ONCE)).all()
    for place in warned:
        _warn(session, _place(place), now)
    return len(breached) + len(warned)


def has_clocks_to_watch(session: Session, now: datetime) -> bool:
    """Whether there is any; only reads."""
    return any(session.execute(query.limit(1)).first() is not None for query in (_breached(now), _to_warn(now)))


def _breached(now: datetime) -> Select[str, str, int]:
    return select(*_COLUMNS).where(_CLOCK.c.state == "running", _CLOCK.c.due_at < now).order_by(_CLOCK.c.due_at)


def _to_warn(now: datetime) -> Select[str, str, int]:
    return (
        select(*_COLUMNS)
        .where(_CLOCK.c.state == "running", _CLOCK.c.warned_at.is_(None))
        .where(_CLOCK.c.warn_at <= now)
        .order_by(_CLOCK.c.warn_at)
    )


def _breach(session: Session, place: Place, now: datetime) -> None:
    case, clock = _locked(session, place)
    if clock.state != "running" or clock.due_at >= now:
        return  # stopped or paused since it was found
    session.execute(
        update(_CLOCK)
        .where(_is(place))
        .values(state="breached", breached_at=clock.due_at, warned_at=clock.warned_at or now)
    )
    groups = [group for group in clock.escalate_groups.split(",") if group]
    told = active_members(session, groups, case.site_id) or owners_of(session, case.site_id)
    body = {"clock": clock.clock_id, "number": clock.number, "due_at": clock.due_at.isoformat(), "told": groups}
    _append(session, case, Event("clock_breached", body), now)
    words = _words(session, case, clock)
    notify(session, told, "clock_breached", params=words, instance_id=case.id, actor=SYSTEM, now=now)


def _warn(session: Session, place: Place, now: datetime) -> None:
    case, clock = _locked(session, place)
    if clock.state != "running" or clock.warned_at is not None or clock.warn_at > now:
        return
    session.execute(update(_CLOCK).where(_is(place)).values(warned_at=now))
    body = {"clock": clock.clock_id, "number": clock.number, "due_at": clock.due_at.isoformat()}
    _append(session, case, Event("clock_warned", body), now)
    words = _words(session, case, clock)
    for user_task_id, people in _who_has_it(session, case, clock.clock_id):
        about = {"instance_id": case.id, "user_task_id": user_task_id}
        notify(session, people, "clock_warning", params=words, **about, actor=SYSTEM, now=now)


def _locked(session: Session, place: Place) -> tuple[Case, CaseClock]:
    case = lock_case(session, place[0])
    clock = session.get_one(CaseClock, place, populate_existing=True)
    return case, clock


def _words(session: Session, case: Case, clock: CaseClock) -> dict[str, str]:
    """What a notification needs to name the clock in its reader's language."""
    declared = load_process(session, case.definition_id).clocks.get(clock.clock_id)
    return {"clock": clock.clock_id, "clock_name": declared.name if declared else clock.clock_id}


def _place(row: Row[str, str, int]) -> Place:
    return row.instance_id, row.clock_id, row.number


def _is(place: Place) -> ColumnElement[bool]:
    instance_id, clock_id, number = place
    return (_CLOCK.c.instance_id == instance_id) & (_CLOCK.c.clock_id == clock_id) & (_CLOCK.c.number == number)


def _append(session: Session, case: Case, event: Event, now: datetime) -> None:
    stream = case_stream(case.id)
    append_events(session, stream, [event], actor=SYSTEM, now=now, instance_id=case.id, site_id=case.site_id)


def _who_has_it(session: Session, case: Case, clock_id: str) -> Iterator[tuple[str, list[str]]]:
    """The open user tasks of a clock, each with who has it, or with all who could take it."""
    query = select(UserTask.id, UserTask.assignee_id).where(
        UserTask.instance_id == case.id, UserTask.state == "open", UserTask.clock_id == clock_id
    )
    for user_task_id, assignee_id in session.execute(query.order_by(UserTask.id)).all():
        yield user_task_id, [assignee_id] if assignee_id else who_could_take(session, user_task_id, case.site_id)
