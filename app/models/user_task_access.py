"""What a person may do with a user task, and to whom it can be given."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, exists, or_, select, true
from sqlalchemy.orm import Session

from app.models.organisation import Membership, User
from app.models.prepared import Prepared, table_of
from app.models.user_task import UserTaskCandidate
from app.models.user_task_place import SeenUserTask
from app.models.visibility import AUDITORS


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who may do a user task."""

    users: frozenset[str]
    groups: tuple[str, ...]


_CANDIDATE, _MEMBERSHIP, _USER = table_of(UserTaskCandidate), table_of(Membership), table_of(User)
_CANDIDATES = Prepared(
    select(_CANDIDATE.c.kind, _CANDIDATE.c.candidate_id).where(_CANDIDATE.c.user_task_id == bindparam("user_task_id"))
)
_AT_SITE = (_MEMBERSHIP.c.user_id == _USER.c.id, _MEMBERSHIP.c.site_id == bindparam("site_id"))
_OF_SITE = (
    select(_USER.c.id, _USER.c.display_name)
    .where(
        _USER.c.is_active == true(),
        ~exists().where(*_AT_SITE, _MEMBERSHIP.c.group_id == AUDITORS),
        exists().where(*_AT_SITE),
    )
    .order_by(_USER.c.display_name)
)
_IS_CANDIDATE = exists().where(
    _CANDIDATE.c.user_task_id == bindparam("user_task_id"),
    or_(
        (_CANDIDATE.c.kind == "user") & (_CANDIDATE.c.candidate_id == _USER.c.id),
        (_CANDIDATE.c.kind == "group")
        & select(_MEMBERSHIP.c.user_id)
        .where(*_AT_SITE, _MEMBERSHIP.c.group_id == _CANDIDATE.c.candidate_id)
        .correlate(_USER, _CANDIDATE)
        .exists(),
    ),
)
_ALL_OF_SITE, _CANDIDATES_OF_SITE = Prepared(_OF_SITE), Prepared(_OF_SITE.where(_IS_CANDIDATE))


def candidates_of(session: Session, user_task_id: str) -> Candidates:
    """The candidates of a user task."""
    rows = _CANDIDATES.rows(session, {"user_task_id": user_task_id})
    return Candidates(
        frozenset(name for kind, name in rows if kind == "user"),
        tuple(sorted(name for kind, name in rows if kind == "group")),
    )


def assignable_people(session: Session, user_task: SeenUserTask, *, by_leader: bool) -> Sequence[tuple[str, str]]:
    """(id, name) of the people a user task can be given to: its candidates; leaders choose among the whole site."""
    values = {"site_id": user_task.site_id, "user_task_id": user_task.id}
    rows = (_ALL_OF_SITE if by_leader else _CANDIDATES_OF_SITE).rows(session, values)
    return [(user_id, name) for user_id, name in rows]
