"""What files and comments have in common: who may add them to a case, and how the history tells it."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.models import UserTask
from app.models.prepared import Prepared, run, table_of
from app.models.process_instance import ProcessInstance
from app.models.visibility import can_see_instance
from app.operations.actor import Actor
from app.operations.authority import groups_at, refuse_auditor
from app.operations.cases import Case, CaseNotFound, UserTaskNotFound, lock_case, read_case
from app.operations.history import Event, append_events, case_stream

_USER_TASK, _INSTANCE = table_of(UserTask), table_of(ProcessInstance)
_ELEMENT_OF = Prepared(
    select(_USER_TASK.c.element_id).where(
        _USER_TASK.c.id == bindparam("user_task_id"), _USER_TASK.c.instance_id == bindparam("of_instance")
    )
)


def case_to_add_to(session: Session, instance_id: str, *, actor: Actor, is_locked: bool = True) -> Case:
    """The case, where this person may add to it: whoever sees it and is no auditor of its site.

    Ended cases too: evidence and answers arrive late. Raises CaseNotFound, AuditorsChangeNothing.
    """
    case = lock_case(session, instance_id) if is_locked else read_case(session, instance_id)
    if not can_see_instance(session, actor.user_id, case.id):
        raise CaseNotFound
    refuse_auditor(groups_at(session, actor.user_id, case.site_id))
    return case


def element_of(session: Session, case: Case, user_task_id: str | None) -> str | None:
    """The element of the user task on whose page something was added; raises UserTaskNotFound for another case's."""
    if user_task_id is None:
        return None
    row = _ELEMENT_OF.first(session, {"user_task_id": user_task_id, "of_instance": case.id})
    if row is None:
        raise UserTaskNotFound
    return str(row[0])


def tell(session: Session, case: Case, event: Event, *, actor: Actor, now: datetime) -> None:
    """Record an event of the case, whose lock the caller holds."""
    append_events(
        session, case_stream(case.id), [event], actor=actor, now=now, instance_id=case.id, site_id=case.site_id
    )


def count_content(session: Session, instance_id: str, *, comments: int = 0, files: int = 0) -> None:
    """Add to the counts that the pages of a case show."""
    change = _INSTANCE.update().where(_INSTANCE.c.id == instance_id)
    counts = {
        "comment_count": _INSTANCE.c.comment_count + comments,
        "file_count": _INSTANCE.c.file_count + files,
    }
    run(session, change.values(counts))
