"""The rows of the list of cases, in words for a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from app.extensions import db
from app.models.case_list import CaseRow
from app.models.display_names import definition_names
from app.web.case_states import state_name, state_tone
from app.web.current import current_person, current_time
from app.web.human_times import HumanTime, describe_moment
from app.web.languages import locale
from app.web.navigation import process_color
from app.web.people_names import actor_names, name_of


@dataclass(frozen=True, slots=True)
class ShownCase:
    """One line of the list."""

    url: str
    number: str
    title: str
    process: str
    color: str
    state: str
    tone: str
    is_suspended: bool
    customer: str
    plate: str
    started: HumanTime
    started_by: str
    ended: HumanTime | None


def show_cases(rows: Sequence[CaseRow]) -> list[ShownCase]:
    """The rows in the reader's language and zone."""
    names = definition_names(db.session(), {row.definition_id for row in rows})
    people = actor_names({row.started_by for row in rows})
    shared = (current_time(), current_person().zone, locale())
    return [
        ShownCase(
            url=url_for("cases.show", instance_id=row.id),
            number=row.case_number,
            title=row.title,
            process=names[row.definition_id].process(locale()),
            color=process_color(row.process_key),
            state=state_name(row.state),
            tone=state_tone(row.state),
            is_suspended=row.is_suspended and row.ended_at is None,
            customer=row.customer or "",
            plate=row.plate or "",
            started=describe_moment(row.started_at, *shared),
            started_by=name_of(row.started_by, people),
            ended=describe_moment(row.ended_at, *shared) if row.ended_at else None,
        )
        for row in rows
    ]
