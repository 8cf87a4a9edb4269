"""Telling a person that the user task on the screen was changed elsewhere, without touching what was typed."""

from dataclasses import dataclass

from flask import url_for

from app.extensions import db
from app.models.case_details import visible_instance
from app.models.user_task import UserTask
from app.web.current import current_person
from app.web.people_names import actor_names, name_of
from app.web.texts import gettext


@dataclass(frozen=True, slots=True)
class StaleNotice:
    """What happened, and the address of the page as it is now."""

    text: str
    url: str


def stale_notice(user_task_id: str | None, revision: int | None) -> StaleNotice | None:
    """What changed since revision `revision` of the open user task, if anything."""
    user_task = db.session.get(UserTask, user_task_id) if user_task_id and revision is not None else None
    if user_task is None or user_task.revision == revision:
        return None
    if visible_instance(db.session(), current_person().id, user_task.instance_id) is None:
        return None
    return StaleNotice(_what_happened(user_task), url_for("user_tasks.show", user_task_id=user_task.id))


def _what_happened(user_task: UserTask) -> str:
    person = user_task.ended_by or user_task.assignee_id
    name = name_of(person, actor_names({person})) if person else ""
    if user_task.state == "completed":
        return gettext("%(name)s has completed this task meanwhile.", name=name)
    if user_task.state == "cancelled":
        return gettext("The case no longer needs this task.")
    if user_task.assignee_id and user_task.assignee_id != current_person().id:
        return gettext("%(name)s has taken this task meanwhile.", name=name)
    return gettext("This task was changed meanwhile.")
