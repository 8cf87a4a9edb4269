"""What to do after a step: the next user task of the same case, else the next one of the list."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from app.extensions import db
from app.models.display_names import definition_names
from app.models.inbox import inbox_page
from app.models.user_task import UserTask
from app.web.current import current_person, current_time
from app.web.languages import locale
from app.web.navigation import current_view
from app.web.user_task_page import user_task_actions


@dataclass(frozen=True, slots=True)
class NextInList:
    """A link to the first user task of the view."""

    url: str
    title: str


def next_for_me(opened: Sequence[str]) -> str | None:
    """The first of the user tasks just opened that the signed-in person may do now."""
    now = current_time()
    for user_task_id in opened:
        user_task = db.session.get(UserTask, user_task_id)
        is_awake = user_task is not None and (user_task.follow_up_at is None or user_task.follow_up_at <= now)
        if user_task is not None and is_awake and user_task_actions(user_task).can_work:
            return user_task_id
    return None


def next_in_list() -> NextInList | None:
    """The first user task of the view the person works through."""
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
