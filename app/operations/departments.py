"""Departments of a site and who works in them: causes and faults are counted by department."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.i18n import N_
from app.identifiers import new_id
from app.models.organisation import Department, DepartmentMember
from app.operations.actor import Actor
from app.operations.administration import (
    administered_site,
    administered_sites,
    require_administrator,
    require_known_user,
)
from app.operations.changed_fields import changed_fields, required_texts
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from app.operations.users import existing_user, record_of_user

LONGEST_NAME = 120  # characters


def create_department(
    session: Session, site_id: str, *, name_zh: str, name_en: str, actor: Actor, now: datetime
) -> str:
    """Add a department to a site and return its id. Raises NotFound, InvalidInput, NotAllowed."""
    administered_site(session, site_id, actor)
    names = required_texts({"name_zh": name_zh, "name_en": name_en}, LONGEST_NAME)
    department_id = new_id()
    session.add(Department(id=department_id, site_id=site_id, **names))
    session.flush()
    event = Event("department_created", {"department": department_id, "site": site_id, **names})
    append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now, site_id=site_id)
    return department_id


def rename_department(
    session: Session, department_id: str, *, name_zh: str, name_en: str, actor: Actor, now: datetime
) -> None:
    """Give a department other names. Raises NotFound, InvalidInput, NotAllowed."""
    department = session.get(Department, department_id)
    if department is None:
        raise NotFound(N_("This department does not exist."))
    require_administrator(session, actor, {department.site_id})
    names = required_texts({"name_zh": name_zh, "name_en": name_en}, LONGEST_NAME)
    if changes := changed_fields(department, names):
        session.flush()
        event = Event("department_changed", {"department": department_id, "changes": changes})
        append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now, site_id=department.site_id)


def set_departments(
    session: Session, user_id: str, department_ids: Collection[str], *, actor: Actor, now: datetime
) -> None:
    """Say in which departments a person works, of those whose sites the actor administers; others stay as they are.

    Raises UnknownUser, NotFound (department).
    """
    require_known_user(session, actor, existing_user(session, user_id))
    wanted, within = frozenset(department_ids), _changeable(session, actor)
    present = frozenset(
        session.scalars(select(DepartmentMember.department_id).where(DepartmentMember.user_id == user_id))
    )
    if not wanted - present <= within:
        raise NotFound(N_("This department does not exist."))
    added, removed = wanted - present, (present & within) - wanted
    if not added and not removed:
        return
    session.execute(
        delete(DepartmentMember).where(DepartmentMember.user_id == user_id, DepartmentMember.department_id.in_(removed))
    )
    session.add_all(DepartmentMember(user_id=user_id, department_id=department_id) for department_id in added)
    session.flush()
    record_of_user(
        session, "departments_of_user_changed", user_id, actor, now, added=sorted(added), removed=sorted(removed)
    )


def _changeable(session: Session, actor: Actor) -> frozenset[str]:
    query = select(Department.id)
    if actor.kind != "system":
        query = query.where(Department.site_id.in_(administered_sites(session, actor.user_id)))
    return frozenset(session.scalars(query))
