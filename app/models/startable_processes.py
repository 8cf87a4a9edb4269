"""Which processes a person may start, and where."""

from dataclasses import dataclass

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from app.models.organisation import Membership
from app.models.process_definition import ProcessAccess, ProcessDefinition


@dataclass(frozen=True, slots=True)
class StartableProcess:
    """The newest version of a process and the sites at which the person may start it."""

    definition_id: str
    key: str
    start_form_key: str | None
    site_ids: tuple[str, ...]


def startable_processes(session: Session, user_id: str) -> list[StartableProcess]:
    """What a person may start, by key; suspended processes and those only messages start are left out."""
    newest = select(ProcessDefinition.key, func.max(ProcessDefinition.version).label("version"))
    newest_of_each = newest.group_by(ProcessDefinition.key).subquery()
    query = (
        select(ProcessDefinition.id, ProcessDefinition.key, ProcessDefinition.start_form_key, Membership.site_id)
        .join(
            newest_of_each,
            (ProcessDefinition.key == newest_of_each.c.key) & (ProcessDefinition.version == newest_of_each.c.version),
        )
        .join(ProcessAccess, ProcessAccess.process_key == ProcessDefinition.key)
        .join(Membership, Membership.group_id == ProcessAccess.group_id)
        .where(
            Membership.user_id == user_id,
            ProcessAccess.can_start == true(),
            ProcessDefinition.is_startable == true(),
            ProcessDefinition.is_suspended.is_(False),
        )
        .order_by(ProcessDefinition.key, Membership.site_id)
        .distinct()
    )
    sites: dict[tuple[str, str, str | None], list[str]] = {}
    for row in session.execute(query):
        sites.setdefault((row.id, row.key, row.start_form_key), []).append(row.site_id)
    return [StartableProcess(*process, tuple(site_ids)) for process, site_ids in sites.items()]
