"""The calls of a person in the order to make them: agreed times first, then overdue ones, then by due date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from app.extensions import db
from app.models.follow_up_calls import CALL, WaitingCall, waiting_calls
from app.models.follow_up_day import PROCESS_KEY
from app.models.inbox import LONGEST_PAGE, InboxRow, View, inbox_page
from app.operations.encoding import value_of
from app.operations.follow_up_occasions import OCCASIONS_BY_ID
from app.web.case_facts import polite_name
from app.web.clock_times import ClockTimes
from app.web.current import current_day, current_person, current_time
from app.web.follow_up_words import DAY_PART_NAMES
from app.web.human_times import HumanTime, clock_time
from app.web.languages import locale
from app.web.texts import gettext


@dataclass(frozen=True, slots=True)
class QueuedCall:
    """A call as the queue shows it; `agreed` is the time the customer named, `wakes` when one that sleeps is due."""

    id: str
    customer_id: str
    url: str
    title: str
    name: str
    phone: str
    plate: str
    model: str
    occasion: str
    best_time: str
    attempts: int
    tried: str
    agreed: str
    wakes: str
    due: HumanTime | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class CallQueue:
    """To call now, later today, and what nobody has taken yet."""

    now: list[QueuedCall]
    later: list[QueuedCall]
    to_take: list[QueuedCall]

    @property
    def customers(self) -> set[str]:
        """Whose numbers are shown."""
        return {call.customer_id for call in (*self.now, *self.later, *self.to_take)}


def call_queue() -> CallQueue:
    """The queue of the signed-in person."""
    now, zone = current_time(), current_person().zone
    mine, free = _rows("mine"), _rows("claimable")
    sleeping = [row for row in _rows("sleeping") if row.assignee_id == current_person().id and _is_today(row)]
    known = waiting_calls(db.session(), {row.instance_id for row in (*mine, *free, *sleeping)})
    mine = sorted(mine, key=lambda row: call_order(_agreed(row, known), row.due_at or row.created_at, now))
    times = ClockTimes(now, zone, locale())
    shown, later, to_take = (
        [_call(row, known[row.instance_id], times, now) for row in rows if row.instance_id in known]
        for rows in (mine, sleeping, free)
    )
    return CallQueue(shown, later, to_take)


def _is_today(row: InboxRow) -> bool:
    zone = current_person().zone
    return row.follow_up_at is not None and row.follow_up_at.astimezone(zone).date() <= current_day(zone)


def _rows(view: View) -> list[InboxRow]:
    """The calls of a view of the inbox; the longest page is more than anybody calls in a day."""
    page = inbox_page(
        db.session(), current_person().id, view, now=current_time(), process_key=PROCESS_KEY, limit=LONGEST_PAGE
    )
    return [row for row in page.rows if row.element_id == CALL]


def call_order(agreed: datetime | None, due: datetime, now: datetime) -> tuple[int, datetime]:
    """Who named a time is called at it; then those that are late, then the others, each by their date."""
    if agreed:
        return 0, agreed
    return (1 if due < now else 2), due


def _agreed(row: InboxRow, known: Mapping[str, WaitingCall]) -> datetime | None:
    call = known.get(row.instance_id)
    return row.follow_up_at if call and _is_agreed(call) else None


def _kept(call: WaitingCall, name: str) -> object:
    return value_of(call.kept[name]) if name in call.kept else None


def _is_agreed(call: WaitingCall) -> bool:
    return _kept(call, "call_outcome") == "inconvenient"


def _call(row: InboxRow, call: WaitingCall, times: ClockTimes, now: datetime) -> QueuedCall:
    zone, occasion = current_person().zone, OCCASIONS_BY_ID[call.planned.occasion]
    is_asleep = row.follow_up_at is not None and row.follow_up_at > now
    wakes = clock_time(row.follow_up_at, zone) if row.follow_up_at else ""
    parts, attempts = _kept(call, "call_parts"), _kept(call, "attempts")
    tried = [gettext(DAY_PART_NAMES[part]) for part in parts] if isinstance(parts, list) else []
    return QueuedCall(
        id=row.id,
        customer_id=call.customer.id,
        url=url_for("user_tasks.show", user_task_id=row.id, view="mine"),
        title=row.title,
        name=polite_name(call.customer.name, call.customer.title),
        phone=call.customer.phone,
        plate=call.vehicle.plate or call.vehicle.vin[-6:],
        model=call.vehicle.model,
        occasion=gettext(occasion.label),
        best_time=call.visit.best_time,
        attempts=int(str(attempts or 0)),
        tried=gettext(", ").join(dict.fromkeys(tried)),
        agreed=wakes if _is_agreed(call) else "",
        wakes=wakes if is_asleep else "",
        due=None if is_asleep else times.due(row),
        is_overdue=row.due_at is not None and row.due_at < now,
    )
