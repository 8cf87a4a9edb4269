"""Whom an incident is told, and how often: a receiver that is down makes one of each case that calls it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, true
from sqlalchemy.orm import Session

from app.models import Incident, ProcessInstance
from app.models.prepared import Prepared, table_of
from app.models.visibility import is_visible_to

QUIET_AFTER_A_NOTICE = timedelta(hours=1)

_INCIDENT = table_of(Incident)
_ALIKE = Prepared(
    select(_INCIDENT.c.id)
    .where(
        _INCIDENT.c.site_id.is_not_distinct_from(bindparam("of_site")),
        _INCIDENT.c.is_open == true(),
        _INCIDENT.c.created_at > bindparam("since"),
        _INCIDENT.c.created_at < bindparam("at"),
        _INCIDENT.c.element_id.is_not_distinct_from(bindparam("of_element")),
    )
    .limit(1)
)


def is_told_lately(session: Session, site_id: str | None, element_id: str | None, now: datetime) -> bool:
    """Whether an incident at this element, of the hour before, is still open."""
    values = {"of_site": site_id, "of_element": element_id, "since": now - QUIET_AFTER_A_NOTICE, "at": now}
    return _ALIKE.first(session, values) is not None


def who_can_see(session: Session, user_ids: Sequence[str], instance_id: str) -> list[str]:
    """Those of them who may see the case."""
    query = select(ProcessInstance.id).where(ProcessInstance.id == instance_id)
    return [user_id for user_id in user_ids if session.execute(query.where(is_visible_to(user_id))).first()]
