"""A case as the operations see it: read and locked once per step, never a mapped object."""

from dataclasses import dataclass, fields
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.i18n import N_
from app.models import ProcessInstance, Site, UserTask
from app.models.prepared import Prepared, table_of

LONGEST_TITLE = 300  # characters, of a case and of its user tasks


@dataclass(frozen=True, slots=True)
class Case:
    """The row of a process instance, with the zone of its site; `revision` 0 means not yet written."""

    id: str
    site_id: str
    definition_id: str
    process_key: str
    case_number: str
    business_key: str | None
    title: str
    state: str
    started_by: str
    customer_id: str | None
    vehicle_id: str | None
    visit_id: str | None
    origin_id: str | None
    is_suspended: bool
    revision: int
    zone_name: str

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)

    @property
    def subject_id(self) -> str:
        """Whose key covers the personal fields of this case: the customer's, or its own where none is known yet."""
        return self.customer_id or self.id

    @property
    def is_open(self) -> bool:
        return self.state in ("active", "incident")


class CaseNotFound(NotFound):
    """There is no such case, or this person may not know of it."""

    def __init__(self) -> None:
        super().__init__(N_("This case does not exist, or you may not see it."))


class UserTaskNotFound(NotFound):
    """There is no such user task, or this person may not know of it."""

    def __init__(self) -> None:
        super().__init__(N_("This user task does not exist, or you may not see it."))


_INSTANCE, _SITE, _USER_TASK = table_of(ProcessInstance), table_of(Site), table_of(UserTask)
_COLUMNS = [_INSTANCE.c[field.name] for field in fields(Case) if field.name != "zone_name"]
_READ = select(*_COLUMNS, _SITE.c.zone).join(_SITE, _SITE.c.id == _INSTANCE.c.site_id)
_LOCK = _READ.with_for_update(of=_INSTANCE)
_READ_BY_ID = Prepared(_READ.where(_INSTANCE.c.id == bindparam("instance_id")))
_LOCK_BY_ID = Prepared(_LOCK.where(_INSTANCE.c.id == bindparam("instance_id")))
_OWNER = select(_USER_TASK.c.instance_id).where(_USER_TASK.c.id == bindparam("user_task_id"))
_LOCK_BY_USER_TASK = Prepared(_LOCK.where(_INSTANCE.c.id == _OWNER.scalar_subquery()))


def read_case(session: Session, instance_id: str) -> Case:
    """The case as it is, not locked: to look at only. Raises CaseNotFound."""
    row = _READ_BY_ID.first(session, {"instance_id": instance_id})
    if row is None:
        raise CaseNotFound
    return Case(*row)


def lock_case(session: Session, instance_id: str) -> Case:
    """The case, locked until the transaction ends; raises CaseNotFound.

    Every step locks the case first and everything else of it later, so that two steps never wait for each other.
    """
    row = _LOCK_BY_ID.first(session, {"instance_id": instance_id})
    if row is None:
        raise CaseNotFound
    return Case(*row)


def lock_case_of(session: Session, user_task_id: str) -> Case:
    """The case of a user task, locked; raises UserTaskNotFound."""
    row = _LOCK_BY_USER_TASK.first(session, {"user_task_id": user_task_id})
    if row is None:
        raise UserTaskNotFound
    return Case(*row)
