"""For whom somebody does a user task: for themselves where they may, else for somebody they stand in for.

Asked of the database only where a person has no right of their own, so that nobody else pays for it.
"""

from dataclasses import replace
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from app.models.queries_user_task import is_candidate, standing_of
from app.models.stand_ins import StandIn, find_stand_ins
from app.models.visibility import AUDITORS
from app.operations.actor import Actor
from app.operations.authority import refuse_auditor


class Doable(Protocol):
    """What is asked of a user task here."""

    @property
    def id(self) -> str: ...
    @property
    def site_id(self) -> str: ...
    @property
    def process_key(self) -> str: ...
    @property
    def assignee_id(self) -> str | None: ...
    @property
    def created_at(self) -> datetime: ...


def candidate_acting(session: Session, user_task: Doable, actor: Actor, now: datetime) -> Actor | None:
    """The actor with the person acted for, where one of the two has the user task or may take it; else None.

    Raises AuditorsChangeNothing.
    """
    standing = standing_of(session, actor.user_id, user_task.id, user_task.site_id)
    refuse_auditor(standing.groups)
    has_own_right = standing.is_candidate and actor.on_behalf_of is None
    if user_task.assignee_id == actor.user_id or (has_own_right and user_task.assignee_id is None):
        return actor
    acting = _for_somebody(session, user_task, actor, now)
    return acting or (actor if has_own_right else None)


def holder_acting(session: Session, user_task: Doable, actor: Actor, now: datetime) -> Actor | None:
    """The actor with the person acted for, where one of the two has the user task in hand; else None."""
    if user_task.assignee_id is None or user_task.assignee_id == actor.user_id:
        return actor if user_task.assignee_id else None
    return _on_behalf_of(user_task.assignee_id, _stand_ins_for(session, user_task, actor, now), actor)


def _for_somebody(session: Session, user_task: Doable, actor: Actor, now: datetime) -> Actor | None:
    stand_ins = _stand_ins_for(session, user_task, actor, now)
    holder = user_task.assignee_id and _on_behalf_of(user_task.assignee_id, stand_ins, actor)
    if holder:
        return holder
    for stand_in in stand_ins:
        groups = stand_in.groups_at(user_task.site_id)
        if AUDITORS not in groups and is_candidate(session, stand_in.principal_id, user_task.id, groups):
            return replace(actor, on_behalf_of=stand_in.principal_id)
    return None


def _stand_ins_for(session: Session, user_task: Doable, actor: Actor, now: datetime) -> list[StandIn]:
    return [
        stand_in
        for stand_in in find_stand_ins(session, actor.user_id, now)
        if stand_in.covers(user_task.process_key, user_task.created_at)
        and actor.on_behalf_of in (None, stand_in.principal_id)
    ]


def _on_behalf_of(holder_id: str, stand_ins: list[StandIn], actor: Actor) -> Actor | None:
    if any(stand_in.principal_id == holder_id for stand_in in stand_ins):
        return replace(actor, on_behalf_of=holder_id)
    return None
