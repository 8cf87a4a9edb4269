"""Which processes a person may start, and where."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select, true
from sqlalchemy.orm import Session

from app.models.organisation import Membership
from app.models.prepared import Prepared, Record, table_of
from app.models.process_definition import ProcessAccess, ProcessDefinition


@dataclass(frozen=True, slots=True)
class StartableProcess:
    """The newest version of a process and the sites at which the person may start it."""

    definition_id: str
    key: str
    start_form_key: str | None
    site_ids: tuple[str, ...]


_DEFINITION, _ACCESS, _MEMBERSHIP = (table_of(model) for model in (ProcessDefinition, ProcessAccess, Membership))
_OTHER = _DEFINITION.alias()
_NEWEST = select(func.max(_OTHER.c.version)).where(_OTHER.c.key == _DEFINITION.c.key).scalar_subquery()
_STARTABLE = (
    select(_DEFINITION.c.id, _DEFINITION.c.key, _DEFINITION.c.start_form_key, _MEMBERSHIP.c.site_id)
    .join(_ACCESS, _ACCESS.c.process_key == _DEFINITION.c.key)
    .join(_MEMBERSHIP, _MEMBERSHIP.c.group_id == _ACCESS.c.group_id)
    .where(
        _MEMBERSHIP.c.user_id == bindparam("user_id"),
        _ACCESS.c.can_start == true(),
        _DEFINITION.c.version == _NEWEST,
        _DEFINITION.c.is_startable == true(),
        _DEFINITION.c.is_suspended.is_(False),
    )
    .order_by(_DEFINITION.c.key, _MEMBERSHIP.c.site_id)
    .distinct()
)
_ALL_STARTABLE = Prepared(_STARTABLE)
_ONE_STARTABLE = Prepared(_STARTABLE.where(_DEFINITION.c.key == bindparam("process_key")))


def startable_processes(session: Session, user_id: str) -> list[StartableProcess]:
    """What a person may start, by key; suspended processes and those only messages start are left out."""
    return _by_process(_ALL_STARTABLE.rows(session, {"user_id": user_id}))


def startable_process(session: Session, user_id: str, process_key: str) -> StartableProcess | None:
    """The process of this key, if the person may start it."""
    found = _by_process(_ONE_STARTABLE.rows(session, {"user_id": user_id, "process_key": process_key}))
    return found[0] if found else None


def _by_process(rows: Iterable[Record]) -> list[StartableProcess]:
    sites: dict[tuple[str, str, str | None], list[str]] = {}
    for definition_id, key, start_form_key, site_id in rows:
        sites.setdefault((definition_id, key, start_form_key), []).append(site_id)
    return [StartableProcess(*process, tuple(site_ids)) for process, site_ids in sites.items()]
