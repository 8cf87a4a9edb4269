"""Second pairs of eyes: people of other sites who do what nobody of a small site may do (four eyes)."""

from datetime import datetime

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from app.errors import InvalidInput, NotFound
from app.i18n import N_
from app.models import Incident, Membership, SecondPairOfEyes, UserTask, UserTaskCandidate
from app.models.visibility import AUDITORS
from app.operations.actor import Actor
from app.operations.administration import administered_site
from app.operations.authority import is_active_user
from app.operations.cases import lock_case
from app.operations.four_eyes import has_done_own_part
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from app.operations.incident_rows import NOBODY_CAN_DO, resolve_incidents, settle_case
from app.operations.reasons import stated_reason
from app.operations.rows import upsert_rows
from app.operations.user_task_rows import read_user_task


def name_second_pair(
    session: Session, site_id: str, user_id: str, *, reason: str, actor: Actor, now: datetime
) -> None:
    """Name a person of another site; what waits because nobody of the site may do it is offered to the person at once.

    Only administrators of the site. Raises NotAllowed, NotFound, InvalidInput.
    """
    text = _checked(session, site_id, reason, actor)
    memberships = session.execute(select(Membership.group_id, Membership.site_id).where(Membership.user_id == user_id))
    theirs = {(group, site) for group, site in memberships}
    if not is_active_user(session, user_id) or not theirs:
        raise _refused(N_("Choose a person of the list."))
    if any(group == AUDITORS for group, _ in theirs):
        raise _refused(N_("Auditors read everything and change nothing."))
    if any(site == site_id for _, site in theirs):
        raise _refused(N_("This person works at the site: the second pair of eyes comes from another one."))
    if session.get(SecondPairOfEyes, (site_id, user_id)) is not None:
        raise _refused(N_("This person is a second pair of eyes of the site already."))
    session.add(SecondPairOfEyes(site_id=site_id, user_id=user_id, named_by=actor.user_id, named_at=now))
    session.flush()
    _record(session, "second_pair_named", site_id, user_id, text, actor, now)
    _offer_what_waits(session, site_id, user_id, now)


def remove_second_pair(
    session: Session, site_id: str, user_id: str, *, reason: str, actor: Actor, now: datetime
) -> None:
    """The person is asked no more; what was offered before stays. Raises NotAllowed, NotFound, InvalidInput."""
    text = _checked(session, site_id, reason, actor)
    row = session.get(SecondPairOfEyes, (site_id, user_id))
    if row is None:
        raise NotFound(N_("“%(user)s” is no second pair of eyes of this site."), user=user_id)
    session.delete(row)
    session.flush()
    _record(session, "second_pair_removed", site_id, user_id, text, actor, now)


def _checked(session: Session, site_id: str, reason: str, actor: Actor) -> str:
    administered_site(session, site_id, actor)
    return stated_reason(reason)


def _offer_what_waits(session: Session, site_id: str, user_id: str, now: datetime) -> None:
    waiting = (
        select(UserTask.id, UserTask.instance_id, UserTask.due_sort, UserTask.follow_up_at)
        .join(Incident, Incident.activity_id == UserTask.id)
        .where(
            UserTask.site_id == site_id,
            UserTask.state == "open",
            UserTask.assignee_id.is_(None),
            UserTask.not_performer_of.is_not(None),
            Incident.is_open == true(),
            Incident.kind == NOBODY_CAN_DO,
        )
        .order_by(UserTask.instance_id)
    )
    for row in session.execute(waiting).all():
        case = lock_case(session, row.instance_id)
        user_task = read_user_task(session, row.id)
        if user_task.state != "open" or has_done_own_part(session, user_task, user_id):
            continue
        candidate = {
            "user_task_id": row.id, "kind": "user", "candidate_id": user_id, "site_id": site_id,
            "is_claimable": user_task.assignee_id is None, "due_sort": row.due_sort, "follow_up_at": row.follow_up_at,
        }  # fmt: skip
        upsert_rows(session, UserTaskCandidate, [candidate], replaced=("is_claimable",))
        resolve_incidents(session, case.id, now=now, activity_ids=[row.id], kind=NOBODY_CAN_DO)
        settle_case(session, case)


def _record(
    session: Session, event_type: str, site_id: str, user_id: str, reason: str, actor: Actor, now: datetime
) -> None:
    event = Event(event_type, {"site": site_id, "user": user_id}, reason=reason)
    append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now, site_id=site_id)


def _refused(msgid: str) -> InvalidInput:
    return InvalidInput(msgid, fields={"user": msgid})
