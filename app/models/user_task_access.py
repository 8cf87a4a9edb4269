"""What a person may do with a user task, and to whom it can be given."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, or_, select, true
from sqlalchemy.orm import Session

from app.models.organisation import Membership, User
from app.models.user_task import UserTaskCandidate
from app.models.user_task_place import SeenUserTask
from app.models.visibility import AUDITORS


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who may do a user task."""

    users: frozenset[str]
    groups: tuple[str, ...]


def candidates_of(session: Session, user_task_id: str) -> Candidates:
    """The candidates of a user task."""
    query = select(UserTaskCandidate.kind, UserTaskCandidate.candidate_id)
    rows = session.execute(query.where(UserTaskCandidate.user_task_id == user_task_id)).all()
    return Candidates(
        frozenset(row.candidate_id for row in rows if row.kind == "user"),
        tuple(sorted(row.candidate_id for row in rows if row.kind == "group")),
    )


def assignable_people(session: Session, user_task: SeenUserTask, *, by_leader: bool) -> Sequence[tuple[str, str]]:
    """(id, name) of the people a user task can be given to: its candidates; leaders choose among the whole site."""
    at_site = [Membership.user_id == User.id, Membership.site_id == user_task.site_id]
    is_auditor = exists().where(*at_site, Membership.group_id == AUDITORS)
    works_here = exists().where(*at_site)
    query = select(User.id, User.display_name).where(User.is_active == true(), ~is_auditor, works_here)
    if not by_leader:
        candidates = candidates_of(session, user_task.id)
        in_group = exists().where(*at_site, Membership.group_id.in_(candidates.groups))
        query = query.where(or_(User.id.in_(candidates.users), in_group))
    return [(row.id, row.display_name) for row in session.execute(query.order_by(User.display_name))]
