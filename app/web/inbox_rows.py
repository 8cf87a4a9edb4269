"""The rows of the inbox as a page shows them: grouped by due date, names in the reader's language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property
from itertools import groupby
from urllib.parse import quote

from flask import url_for

from app.extensions import db
from app.models.display_names import DefinitionNames, definition_names, user_names
from app.models.inbox import InboxRow, View
from app.web.clock_times import ClockTimes
from app.web.human_times import HumanTime, Urgency, day, describe_moment, describe_wake, urgency_of
from app.web.navigation import process_color
from app.web.own_work import own_work_among
from app.web.texts import gettext

HIGH_PRIORITY = 75
PLACE = "00000000-id-of-a-user-task"


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One line of the list."""

    id: str
    url: str
    title: str
    element_id: str
    step: str
    case_number: str
    color: str
    due: HumanTime | None
    who: str
    is_own_work: bool
    is_high: bool
    is_unclaimed: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows under a heading; `is_open` says that the next page may add to it."""

    key: str
    title: str
    tone: str
    rows: list[ShownRow]
    is_open: bool


@dataclass(frozen=True)
class RowContext:
    """What the rows of one request have in common."""

    view: View
    process_key: str | None
    reader_id: str
    open_id: str | None
    now: datetime
    zone: tzinfo
    locale: str

    @cached_property
    def clocks(self) -> ClockTimes:
        """The due dates of all rows, so that each calendar is read once."""
        return ClockTimes(self.now, self.zone, self.locale)


def group_rows(rows: Sequence[InboxRow], context: RowContext, *, has_more: bool) -> list[RowGroup]:
    """The rows under headings, in the order they come in."""
    definitions = definition_names(db.session(), {row.definition_id for row in rows})
    people = user_names(db.session(), {row.assignee_id for row in rows})
    # Built once for the list: the router takes longer for an address than a row for all the rest.
    own = own_work_among(row for row in rows if row.state == "open")
    address = url_for("user_tasks.show", user_task_id=PLACE, view=context.view, process=context.process_key)
    groups = []
    for (key, title, tone), members in groupby(rows, lambda row: _heading(row, context)):
        shown = [_shown(row, address, definitions, people, context, is_own_work=row.id in own) for row in members]
        groups.append(RowGroup(key, title, tone, shown, is_open=False))
    if has_more and groups:
        last = groups[-1]
        groups[-1] = RowGroup(last.key, last.title, last.tone, last.rows, is_open=True)
    return groups


def _heading(row: InboxRow, context: RowContext) -> tuple[str, str, str]:
    if context.view == "done":
        moment = row.ended_at or row.created_at
        return f"{moment.astimezone(context.zone):%Y%m%d}", day(moment, context.zone, context.locale), ""
    urgency = urgency_of(row.due_at, context.now, context.zone)
    return urgency.value, _urgency_title(urgency), urgency.value if urgency in ("late", "today") else ""


def _urgency_title(urgency: Urgency) -> str:
    return {
        Urgency.LATE: gettext("Overdue"),
        Urgency.TODAY: gettext("Due today"),
        Urgency.SOON: gettext("Next 7 days"),
        Urgency.LATER: gettext("Later"),
        Urgency.UNDATED: gettext("No due date"),
    }[urgency]


def _shown(
    row: InboxRow,
    address: str,
    definitions: dict[str, DefinitionNames],
    people: dict[str, str],
    context: RowContext,
    *,
    is_own_work: bool,
) -> ShownRow:
    names = definitions.get(row.definition_id)
    return ShownRow(
        id=row.id,
        url=address.replace(PLACE, quote(row.id)),
        title=row.title,
        element_id=row.element_id,
        step=names.element(row.element_id, row.name, context.locale) if names else row.name,
        case_number=row.case_number,
        color=process_color(row.process_key),
        due=row_time(row, context),
        who=gettext("Four eyes: not you") if is_own_work else _who(row, people, context),
        is_own_work=is_own_work,
        is_high=row.priority >= HIGH_PRIORITY,
        is_unclaimed=row.state == "open" and row.assignee_id is None,
        is_open=row.id == context.open_id,
    )


def row_time(row: InboxRow, context: RowContext) -> HumanTime | None:
    """The moment that matters in this view: when done, when it wakes, when due."""
    shared = (context.now, context.zone, context.locale)
    if context.view == "done" and row.ended_at:
        return describe_moment(row.ended_at, *shared)
    if row.follow_up_at and row.follow_up_at > context.now:
        return describe_wake(row.follow_up_at, *shared)
    return context.clocks.due(row) if row.state == "open" else None


def _who(row: InboxRow, people: dict[str, str], context: RowContext) -> str:
    if row.assignee_id is None:
        return gettext("To claim") if row.state == "open" and context.view != "claimable" else ""
    if row.assignee_id == context.reader_id:
        return "" if context.view in ("mine", "done") else gettext("Mine")
    return people.get(row.assignee_id, row.assignee_id)


def row_ids(groups: Iterable[RowGroup]) -> list[str]:
    """The ids of all rows, in order."""
    return [row.id for group in groups for row in group.rows]
