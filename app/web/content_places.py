"""Where files and comments are looked at: the page of the case, or that of one of its user tasks."""

from flask import request, url_for

from app.errors import NotFound
from app.extensions import db
from app.i18n import N_
from app.models.case_details import visible_instance
from app.models.process_instance import ProcessInstance
from app.models.user_task_place import find_visible_place
from app.web.current import current_person
from app.web.navigation import current_view

FIELD = "user_task"


def existing_case(instance_id: str) -> ProcessInstance:
    """The case; raises NotFound, also for who may not see it."""
    instance = visible_instance(db.session(), current_person().id, instance_id)
    if instance is None:
        raise NotFound(N_("This case does not exist, or you may not see it."))
    return instance


def named_user_task() -> str | None:
    """The user task on whose page the person is, as the page tells; raises NotFound where that is nobody's."""
    user_task_id = request.values.get(FIELD)
    if not user_task_id:
        return None
    if find_visible_place(db.session(), current_person().id, user_task_id) is None:
        raise NotFound(N_("This user task does not exist, or you may not see it."))
    return user_task_id


def back_to(instance_id: str, user_task_id: str | None, tab: str) -> str:
    """The address of the page the person came from; `tab` is files or discussion."""
    if user_task_id is None:
        return url_for(f"cases.{tab}", instance_id=instance_id)
    return url_for(f"user_tasks.{tab}", user_task_id=user_task_id, view=current_view())
