"""Four eyes: nobody does what checks their own work, neither themselves nor for or through somebody else.

The diagram says which user tasks exclude each other (aftercare:notPerformerOf); it cannot be switched off. Compared are
who acts and who is acted for, of this user task and of those done before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy import bindparam, select, true
from sqlalchemy.orm import Session

from app.engine.outcome import OpenedUserTask, Outcome, RaisedIncident
from app.errors import NotAllowed
from app.i18n import N_
from app.models.four_eyes import PartTaken, SecondPairOfEyes, element_ids, parts_taken
from app.models.organisation import Membership, User
from app.models.prepared import Prepared, table_of
from app.models.visibility import AUDITORS
from app.operations.actor import Actor
from app.operations.cases import Case, lock_case
from app.operations.history import Event, append_events, case_stream
from app.operations.incident_rows import NOBODY_CAN_DO
from app.operations.staffing import active_among
from app.operations.user_task_rows import UserTaskRow

log = structlog.get_logger(__name__)

_MEMBERSHIP, _USER, _SECOND = table_of(Membership), table_of(User), table_of(SecondPairOfEyes)
_MEMBERS = Prepared(
    select(_MEMBERSHIP.c.user_id, _MEMBERSHIP.c.group_id)
    .join(_USER, _USER.c.id == _MEMBERSHIP.c.user_id)
    .where(_MEMBERSHIP.c.site_id == bindparam("site_id"), _USER.c.is_active == true())
)
_SECOND_PAIRS = Prepared(
    select(_SECOND.c.user_id)
    .join(_USER, _USER.c.id == _SECOND.c.user_id)
    .where(_SECOND.c.site_id == bindparam("site_id"), _USER.c.is_active == true())
    .order_by(_SECOND.c.named_at, _SECOND.c.user_id)
)


class OwnWork(NotAllowed):
    """Somebody would check their own work. The edge rolls back and calls `record_refused_own_work`."""

    def __init__(self, user_task: UserTaskRow, part: PartTaken, wanted: str) -> None:
        super().__init__(
            N_("Four eyes: %(user)s took part in “%(step)s” of this case, so somebody else must do “%(name)s”."),
            user=part.person_id,
            step=part.name,
            name=user_task.name,
        )
        self.user_task = user_task
        self.part = part
        self.wanted = wanted  # what was tried: claim, assign, delegate, complete


@dataclass(frozen=True, slots=True)
class Eyes:
    """What four eyes mean for a user task that opens: who must not have it, and who is asked from outside."""

    barred: frozenset[str] = frozenset()
    second_pairs: tuple[str, ...] = ()
    is_nobody_left: bool = False


@dataclass(frozen=True, slots=True)
class FourEyes:
    """The same for all user tasks that a step opens, by their ids; most have nothing of it."""

    of: dict[str, Eyes] = field(default_factory=dict)

    def __getitem__(self, opened: OpenedUserTask) -> Eyes:
        return self.of.get(opened.id, _ANYBODY)


_ANYBODY = Eyes()


def refuse_own_work(session: Session, user_task: UserTaskRow, wanted: str, *people: str | None) -> None:
    """Raise OwnWork where one of these people took part in what the user task checks, or checked what it does."""
    if user_task.not_performer_of is None:
        return
    part = _part_of(session, user_task, people)
    if part is not None:
        raise OwnWork(user_task, part, wanted)


def has_done_own_part(session: Session, user_task: UserTaskRow, person: str) -> bool:
    """The same as a question."""
    return user_task.not_performer_of is not None and _part_of(session, user_task, [person]) is not None


def record_refused_own_work(session: Session, refused: OwnWork, *, actor: Actor, now: datetime) -> None:
    """Write the refusal into the history of the case: call it in a transaction of its own, after the rollback."""
    case = lock_case(session, refused.user_task.instance_id)
    body = {"tried": refused.wanted, "person": refused.part.person_id, "step": refused.part.element_id}
    event = Event(
        "own_work_refused", body, element_id=refused.user_task.element_id, activity_id=refused.user_task.id
    )
    stream = case_stream(case.id)
    append_events(session, stream, [event], actor=actor, now=now, instance_id=case.id, site_id=case.site_id)
    log.warning("own_work_refused", user=actor.user_id, user_task=refused.user_task.id, tried=refused.wanted)


def four_eyes_for(session: Session, case: Case, outcome: Outcome, actor: Actor) -> FourEyes:
    """Who may do what a step opens; nothing is asked where the diagram says nothing of four eyes."""
    exclusive = [opened for opened in outcome.opened if opened.not_performer_of]
    if not exclusive:
        return FourEyes()
    closed = [change for change in outcome.closed if change.state == "completed"]
    elements = {element for opened in exclusive for element in element_ids(" ".join(opened.not_performer_of))}
    parts = parts_taken(session, case.id, elements) if case.revision else []
    parts += [
        PartTaken(change.element_id, change.element_id, person, " ".join(change.not_performer_of))
        for change in closed
        for person in (actor.user_id, actor.on_behalf_of)
        if person
    ]
    return FourEyes({opened.id: _eyes(session, case, opened, parts) for opened in exclusive})


def nobody_may_do(opened: OpenedUserTask) -> RaisedIncident:
    """The incident of a user task for which everybody there has done the rest."""
    return RaisedIncident(
        opened.id,
        opened.element_id,
        NOBODY_CAN_DO,
        N_("Four eyes: everybody at this site for whom “%(name)s” is meant has done what it checks. Name a second pair of eyes, or assign it."),  # noqa: E501
        {"name": opened.name},
    )


def second_pairs_of(session: Session, site_id: str) -> list[str]:
    """The people of other sites who help a site out."""
    return [user_id for (user_id,) in _SECOND_PAIRS.rows(session, {"site_id": site_id})]


def _part_of(session: Session, user_task: UserTaskRow, people: Sequence[str | None]) -> PartTaken | None:
    exclusions = (user_task.not_performer_of or "").split()
    parts = parts_taken(session, user_task.instance_id, element_ids(user_task.not_performer_of))
    return next((part for part in parts if part.person_id in people and part.bars_from(exclusions)), None)


def _eyes(session: Session, case: Case, opened: OpenedUserTask, parts: Sequence[PartTaken]) -> Eyes:
    barred = frozenset(part.person_id for part in parts if part.bars_from(opened.not_performer_of))
    if is_somebody_left(session, case.site_id, opened, barred):
        return Eyes(barred)
    pairs = tuple(person for person in second_pairs_of(session, case.site_id) if person not in barred)
    return Eyes(barred, pairs, is_nobody_left=not pairs and bool(barred))


def is_somebody_left(session: Session, site_id: str, opened: OpenedUserTask, barred: frozenset[str]) -> bool:
    """Whether one of those it is meant for may do it."""
    members = _MEMBERS.rows(session, {"site_id": site_id})
    auditors = {person for person, group in members if group == AUDITORS}
    there = {person for person, group in members if group in opened.candidate_groups} - auditors
    named = {person for person in (opened.assignee, *opened.candidate_users) if person}
    return bool((there | active_among(session, named)) - barred)
