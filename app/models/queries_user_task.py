"""What the page of a user task asks: the draft, and what this person may do."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, literal, select
from sqlalchemy.orm import Session

from app.models.organisation import Membership
from app.models.prepared import Prepared, Record, table_of
from app.models.user_task import Draft, UserTask, UserTaskCandidate
from app.models.visibility import AUDITORS, can_see_instance


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """A draft as the form reads it; `base_revision` is the revision of the user task it was typed on."""

    content: dict[str, Any]
    base_revision: int
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class UserTaskRights:
    """What a person may do with a user task as it stands now."""

    can_see: bool
    can_claim: bool = False
    can_unclaim: bool = False
    can_complete: bool = False
    can_assign: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands towards a user task."""

    groups: frozenset[str]
    is_candidate: bool


NOTHING = UserTaskRights(can_see=False)
_MEMBER = "member"
_CANDIDATE = table_of(UserTaskCandidate)
_CANDIDATES = select(_CANDIDATE.c.kind, _CANDIDATE.c.candidate_id).where(
    _CANDIDATE.c.user_task_id == bindparam("user_task_id")
)
_CANDIDATES_OF = Prepared(_CANDIDATES)
_MEMBERSHIP = table_of(Membership)
_STANDING = Prepared(
    select(literal(_MEMBER), _MEMBERSHIP.c.group_id)
    .where(_MEMBERSHIP.c.user_id == bindparam("user_id"), _MEMBERSHIP.c.site_id == bindparam("site_id"))
    .union_all(_CANDIDATES)
)


def find_draft(session: Session, user_task_id: str, user_id: str) -> KeptDraft | None:
    """The person's own draft for a user task."""
    statement = select(Draft.content, Draft.base_revision, Draft.saved_at).where(
        Draft.user_task_id == user_task_id, Draft.user_id == user_id
    )
    row = session.execute(statement).one_or_none()
    return KeptDraft(json.loads(row.content), row.base_revision, row.saved_at) if row else None


def user_task_rights(
    session: Session, user_id: str, user_task_id: str, *, leaders: frozenset[str] = frozenset()
) -> UserTaskRights:
    """What the page offers; the operations ask again, under the lock of the case.

    Arguments: leaders, the groups that may put user tasks into other hands (`operations.authority.LEADERS`).
    """
    columns = (UserTask.instance_id, UserTask.site_id, UserTask.state, UserTask.assignee_id)
    row = session.execute(select(*columns).where(UserTask.id == user_task_id)).one_or_none()
    if row is None or not can_see_instance(session, user_id, row.instance_id):
        return NOTHING
    groups = frozenset(
        session.scalars(
            select(Membership.group_id).where(Membership.user_id == user_id, Membership.site_id == row.site_id)
        )
    )
    if row.state != "open" or AUDITORS in groups:
        return UserTaskRights(can_see=True)
    is_own, is_leader = row.assignee_id == user_id, bool(groups & leaders)
    return UserTaskRights(
        can_see=True,
        can_claim=row.assignee_id is None and is_candidate(session, user_id, user_task_id, groups),
        can_unclaim=row.assignee_id is not None and (is_own or is_leader),
        can_complete=is_own,
        can_assign=is_own or is_leader,
    )


def is_candidate(session: Session, user_id: str, user_task_id: str, groups: frozenset[str]) -> bool:
    """Whether a person may do a user task: named, or in one of its groups.

    Arguments: groups, those of the person at the user task's site; groups elsewhere do not count.
    """
    return _is_among(_CANDIDATES_OF.rows(session, {"user_task_id": user_task_id}), user_id, groups)


def standing_of(session: Session, user_id: str, user_task_id: str, site_id: str) -> Standing:
    """A person's groups at the user task's site, and whether the person is one of its candidates."""
    values = {"user_id": user_id, "site_id": site_id, "user_task_id": user_task_id}
    rows = _STANDING.rows(session, values)
    groups = frozenset(name for kind, name in rows if kind == _MEMBER)
    return Standing(groups, is_candidate=_is_among(rows, user_id, groups))


def _is_among(candidates: Iterable[Record], user_id: str, groups: frozenset[str]) -> bool:
    return any(
        (kind == "user" and name == user_id) or (kind == "group" and name in groups) for kind, name in candidates
    )
