"""Files and texts about an erased person: the bytes open no more and are destroyed, the texts are emptied."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.models import Attachment, CaseClockPause, Comment, Notification, ProcessInstance
from app.models.prepared import table_of
from app.operations.attachments import GONE, destroy_later

_ATTACHMENT, _COMMENT = table_of(Attachment), table_of(Comment)
_INSTANCE, _NOTIFICATION = table_of(ProcessInstance), table_of(Notification)
_PAUSE = table_of(CaseClockPause)


def erase_case_content(session: Session, subject_ids: Collection[str], *, now: datetime) -> None:
    """Empty what people added to the cases of erased persons; doing it again changes nothing."""
    of_persons = select(_INSTANCE.c.id).where(
        or_(_INSTANCE.c.customer_id.in_(subject_ids), _INSTANCE.c.id.in_(subject_ids))
    )
    ours = or_(_ATTACHMENT.c.subject_id.in_(subject_ids), _ATTACHMENT.c.instance_id.in_(of_persons))
    is_kept = _ATTACHMENT.c.state != "erased"
    destroy_later(session, ours & _ATTACHMENT.c.state.not_in(GONE), now)
    touched = select(_ATTACHMENT.c.instance_id).where(ours & _ATTACHMENT.c.state.not_in(GONE))
    session.execute(update(_INSTANCE).where(_INSTANCE.c.id.in_(touched)).values(file_count=0))
    session.execute(update(_ATTACHMENT).where(ours & is_kept).values(state="erased", original_name="", threat=None))
    emptied = update(_COMMENT).where(_COMMENT.c.instance_id.in_(of_persons), _COMMENT.c.text != "")
    session.execute(emptied.values(text=""))
    unexplained = update(_PAUSE).where(_PAUSE.c.instance_id.in_(of_persons), _PAUSE.c.reason != "")
    session.execute(unexplained.values(reason=""))
    # Who was mentioned was shown the beginning of the comment.
    quoted = update(_NOTIFICATION).where(
        _NOTIFICATION.c.instance_id.in_(of_persons), _NOTIFICATION.c.kind == "mentioned"
    )
    session.execute(quoted.values(params="{}"))
