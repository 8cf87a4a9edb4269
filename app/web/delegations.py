"""A user task that is with somebody for an answer, as its page shows it: question, answer, and what can be done."""

from dataclasses import dataclass

from flask import url_for

from app.extensions import db
from app.models.user_task_place import SeenUserTask
from app.operations.history import case_stream
from app.operations.history_reading import RecordedEvent, read_events_about
from app.operations.user_task_rows import PENDING
from app.web.current import current_person
from app.web.people_names import actor_names, name_of
from app.web.texts import gettext


@dataclass(frozen=True, slots=True)
class ShownDelegation:
    """Who asked whom; `resolve_url` where the person may give the task back, with an answer where `is_asked`."""

    title: str
    text: str
    resolve_url: str = ""
    is_asked: bool = False


def shown_delegation(user_task: SeenUserTask, on_behalf_of: str) -> ShownDelegation | None:
    """What the page says above the form of an open user task that was delegated."""
    person = current_person()
    events = read_events_about(db.session(), case_stream(user_task.instance_id), user_task.id)
    wanted = "user_task_delegated" if user_task.delegation == PENDING else "user_task_resolved"
    last = next((event for event in reversed(events) if event.type == wanted), None)
    if last is None:
        return None
    names = actor_names({last.actor_id, user_task.assignee_id, user_task.owner_id})
    asker, assignee = name_of(last.actor_id, names), name_of(user_task.assignee_id or "", names)
    if user_task.delegation != PENDING:
        return ShownDelegation(gettext("%(name)s answered:", name=asker), _text_of(last)) if _text_of(last) else None
    resolve_url = url_for("user_tasks.resolve", user_task_id=user_task.id)
    if user_task.assignee_id in (person.id, on_behalf_of):
        title = gettext("%(name)s asks you for an answer.", name=asker)
        return ShownDelegation(title, _text_of(last), resolve_url, is_asked=True)
    title = gettext("%(asker)s asked %(name)s for an answer.", asker=asker, name=assignee)
    return ShownDelegation(title, _text_of(last), resolve_url if user_task.owner_id == person.id else "")


def _text_of(event: RecordedEvent) -> str:
    if event.is_erased:
        return gettext("The details were erased with the person's data.")
    return str((event.personal or {}).get("remark", ""))
