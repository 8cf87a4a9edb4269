"""Whom an incident is told, and how often: a receiver that is down makes one of each case that calls it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, true
from sqlalchemy.orm import Session

from app.models import Incident, ProcessInstance
from app.models.prepared import Prepared, table_of
from app.models.visibility import is_visible_to

QUIET_AFTER_A_NOTICE = timedelta(hours=1)

_INCIDENT = table_of(Incident)
_CASE, _OTHER_CASE = table_of(ProcessInstance).alias(), table_of(ProcessInstance).alias()
_PROCESS = select(_CASE.c.process_key).where(_CASE.c.id == bindparam("of_case")).scalar_subquery()
_ALIKE = Prepared(
    select(_INCIDENT.c.id)
    .outerjoin(_OTHER_CASE, _OTHER_CASE.c.id == _INCIDENT.c.instance_id)
    .where(
        _INCIDENT.c.site_id.is_not_distinct_from(bindparam("of_site")),
        _INCIDENT.c.is_open == true(),
        _INCIDENT.c.created_at > bindparam("since"),
        _INCIDENT.c.created_at < bindparam("at"),
        _INCIDENT.c.kind == bindparam("of_kind"),
        _INCIDENT.c.element_id.is_not_distinct_from(bindparam("of_element")),
        _OTHER_CASE.c.process_key.is_not_distinct_from(_PROCESS),
    )
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Occasion:
    """What an incident is about: its kind, the element, and the site and case it belongs to, if any."""

    kind: str
    element_id: str | None
    site_id: str | None
    instance_id: str | None = None


def is_told_lately(session: Session, occasion: Occasion, now: datetime) -> bool:
    """Whether an incident of this kind at this element of the process, of the hour before, is still open."""
    values = {
        "of_site": occasion.site_id, "of_kind": occasion.kind, "of_element": occasion.element_id,
        "of_case": occasion.instance_id, "since": now - QUIET_AFTER_A_NOTICE, "at": now,
    }  # fmt: skip
    return _ALIKE.first(session, values) is not None


def who_can_see(session: Session, user_ids: Sequence[str], instance_id: str) -> list[str]:
    """Those of them who may see the case."""
    query = select(ProcessInstance.id).where(ProcessInstance.id == instance_id)
    return [user_id for user_id in user_ids if session.execute(query.where(is_visible_to(user_id))).first()]
