"""What to do after a step: the next user task of the same case, else the next one of the list."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from app.extensions import db
from app.models.display_names import definition_names
from app.models.follow_up_calls import CALL, RECORD
from app.models.follow_up_day import PROCESS_KEY
from app.models.inbox import inbox_page
from app.models.user_task_place import can_do_now
from app.web.call_queue import call_queue
from app.web.current import current_person, current_time
from app.web.languages import locale
from app.web.navigation import current_view


@dataclass(frozen=True, slots=True)
class NextInList:
    """A link to the first user task of the view."""

    url: str
    title: str


def next_for_me(opened: Sequence[str]) -> str | None:
    """The first of the user tasks just opened that the signed-in person may do now."""
    session, person_id, now = db.session(), current_person().id, current_time()
    return next((found for found in opened if can_do_now(session, person_id, found, now)), None)


def next_after(process_key: str, element_id: str) -> NextInList | None:
    """After a call the next call, else the first user task of the view the person works through."""
    if process_key == PROCESS_KEY and element_id in (CALL, RECORD):
        calls = call_queue().now
        if calls:
            return NextInList(calls[0].url, f"{calls[0].name} · {calls[0].plate}")
    return _next_in_list()


def _next_in_list() -> NextInList | None:
    view = current_view()
    if view == "done":
        return None
    page = inbox_page(db.session(), current_person().id, view, now=current_time(), limit=1)
    if not page.rows:
        return None
    row = page.rows[0]
    names = definition_names(db.session(), {row.definition_id})[row.definition_id]
    step = names.element(row.element_id, row.name, locale())
    return NextInList(url_for("user_tasks.show", user_task_id=row.id, view=view), f"{step} · {row.title}")
