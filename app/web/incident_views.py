"""Incidents in words: what happened, since when, and what trying again means."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import url_for

from app.engine.outcome import FALSE_COMPLETION
from app.extensions import db
from app.models import case_change_queries as queries
from app.models.case_change_queries import IncidentRow
from app.models.display_names import DefinitionNames, definition_names
from app.models.user_task import UserTask
from app.operations.incident_rows import NOBODY_CAN_DO
from app.web.current import current_person, current_time
from app.web.element_names import element_name
from app.web.human_times import HumanTime, describe_moment
from app.web.languages import locale
from app.web.navigation import process_color
from app.web.permissions import Permission, sites_with
from app.web.texts import gettext


@dataclass(frozen=True, slots=True)
class ShownIncident:
    """An incident; `case_url` is empty for who may not see the case, and `text` says no values then."""

    id: str
    element: str
    text: str
    advice: str
    since: HumanTime
    case_url: str
    case_number: str
    title: str
    retry_url: str
    user_task_url: str


@dataclass(frozen=True, slots=True)
class IncidentGroup:
    """Incidents of one kind at one element of one version of a process; together they can be tried again."""

    process: str
    color: str
    element: str
    definition_id: str
    element_id: str
    kind: str
    incidents: list[ShownIncident]


def incident_groups(after: str | None) -> tuple[list[IncidentGroup], str | None]:
    """A page of the open incidents the person looks after, and the cursor of the next.

    Raises InvalidInput for a cursor that is none.
    """
    person = current_person()
    sites = sites_with(person, Permission.CHANGE_CASES)
    page = queries.incident_page(db.session(), person.id, sites, after=after)
    rows = sorted(page.rows, key=_group_key)
    names = definition_names(db.session(), {row.definition_id for row in rows if row.definition_id})
    groups = []
    for (definition_id, element_id, kind), members in groupby(rows, _group_key):
        found = names.get(definition_id)
        groups.append(
            IncidentGroup(
                process=found.process(locale()) if found else gettext("Outside of a case"),
                color=process_color(found.key) if found else "",
                element=element_name(found, element_id) if found else element_id,
                definition_id=definition_id,
                element_id=element_id,
                kind=kind,
                incidents=[_shown(row, found) for row in members],
            )
        )
    return groups, page.next_cursor


def incidents_of_case(instance_id: str) -> list[ShownIncident]:
    """The open incidents of a case, for who looks after its site."""
    person = current_person()
    sites = sites_with(person, Permission.CHANGE_CASES)
    rows = queries.incidents_of(db.session(), person.id, sites, instance_id) if sites else []
    names = definition_names(db.session(), {row.definition_id for row in rows if row.definition_id})
    return [_shown(row, names.get(row.definition_id or "")) for row in rows]


def incidents_alike(definition_id: str, element_id: str, kind: str) -> Sequence[str]:
    """The ids of all open incidents of a group, whatever page they are on."""
    sites = sites_with(current_person(), Permission.CHANGE_CASES)
    return queries.incidents_alike(db.session(), sites, definition_id, element_id, kind)


def _group_key(row: IncidentRow) -> tuple[str, str, str]:
    return row.definition_id or "", row.element_id or "", row.kind


def _shown(row: IncidentRow, names: DefinitionNames | None) -> ShownIncident:
    user_task = db.session.get(UserTask, row.activity_id) if row.activity_id else None
    is_open_task = user_task is not None and user_task.state == "open"
    params = json.loads(row.params)
    may_read = row.can_see or row.instance_id is None  # values in the text may be a customer's
    text = (gettext(row.msgid, **params) if params else gettext(row.msgid)) if may_read else ""
    return ShownIncident(
        id=row.id,
        element=element_name(names, row.element_id) if names else row.element_id or "",
        text=text or gettext("The details are for those who may see the case."),
        advice=_advice(row, is_open_task=is_open_task),
        since=describe_moment(row.created_at, current_time(), current_person().zone, locale()),
        case_url=url_for("cases.show", instance_id=row.instance_id) if row.can_see else "",
        case_number=row.case_number or "",
        title=(row.title or "") if row.can_see else "",
        retry_url="" if row.kind == FALSE_COMPLETION else url_for("incidents.retry", incident_id=row.id),
        user_task_url=url_for("user_tasks.show", user_task_id=row.activity_id) if is_open_task and row.can_see else "",
    )


def _advice(row: IncidentRow, *, is_open_task: bool) -> str:
    if row.job_id:
        return gettext("Trying again gives the job all its attempts back; it runs at once.")
    if row.kind == NOBODY_CAN_DO:
        return gettext("Assign the task to somebody.")
    if row.kind == FALSE_COMPLETION:
        return gettext("Move the case to a step from which it can go on, or cancel it.")
    if is_open_task:
        return gettext("The answers are kept as a draft; after trying again, the person completes the task once more.")
    return gettext("Change a variable, move the case or take it to a mended version, then try again.")
