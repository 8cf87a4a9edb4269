"""What happened to cases and accounts, told to whom it concerns: follows the sealed history, a second or two behind."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, true
from sqlalchemy.orm import Session

from app.models import Membership, Notification, NotificationPreference, User, UserTask, UserTaskCandidate
from app.operations.actor import Actor
from app.operations.history_feed import SealedEvent, follow, has_sealed_since
from app.operations.incident_notices import Occasion, is_told_lately, who_can_see
from app.operations.notifications import notify, owners_of

FOLLOWER = "telling"
INCIDENT = "incident_raised"
LATELY = timedelta(hours=1)

Recipients = Callable[[Session, SealedEvent], Iterable[str | None]]


def has_events_to_tell(session: Session, _now: datetime) -> bool:
    """Whether something was sealed since the last time."""
    return has_sealed_since(session, FOLLOWER)


def tell_of_events(session: Session, _now: datetime) -> int:
    """Tell of what was sealed since the last time; returns how many events were followed."""
    return follow(session, FOLLOWER, _tell_of)


def _tell_of(session: Session, events: Sequence[SealedEvent]) -> int:
    still_open = _open_user_tasks(session, events)
    for event in events:
        if event.type in _TOLD and (event.activity_id in still_open or event.type not in _ABOUT_USER_TASKS):
            _tell(session, event)
    return len(events)


def _open_user_tasks(session: Session, events: Iterable[SealedEvent]) -> frozenset[str]:
    """What was done meanwhile need not be told any more."""
    ids = {event.activity_id for event in events if event.type in _TOLD and event.activity_id}
    if not ids:
        return frozenset()
    return frozenset(session.scalars(select(UserTask.id).where(UserTask.id.in_(ids), UserTask.state == "open")))


def _tell_of_incident(session: Session, event: SealedEvent) -> None:
    """Once an hour for the same place; who may not see the case is told without it."""
    occasion = Occasion(str(event.body["kind"]), event.element_id, event.site_id, event.instance_id)
    if is_told_lately(session, occasion, event.at):
        return
    owners, actor = owners_of(session, event.site_id), Actor(event.actor_id)
    seeing = who_can_see(session, owners, event.instance_id) if event.instance_id else []
    others = [user_id for user_id in owners if user_id not in seeing]
    notify(session, seeing, "incident", params={}, instance_id=event.instance_id, actor=actor, now=event.at)
    notify(session, others, "incident", params={}, actor=actor, now=event.at)


def _tell(session: Session, event: SealedEvent) -> None:
    if event.type == INCIDENT:
        _tell_of_incident(session, event)
        return
    for kind, recipients in _TOLD[event.type]:
        people = [person for person in recipients(session, event) if person]
        if people:
            notify(
                session, people, kind, params={}, instance_id=event.instance_id,
                user_task_id=event.activity_id, actor=Actor(event.actor_id), now=event.at,
            )  # fmt: skip


def _assignee(_session: Session, event: SealedEvent) -> Iterable[str | None]:
    return [event.body.get("assignee")]


def _assignee_of_one(session: Session, event: SealedEvent) -> Iterable[str | None]:
    """Who takes over all of somebody's work has been told so, once."""
    assignee = event.body.get("assignee")
    all_of_it = select(Notification.id).where(Notification.user_id == assignee, Notification.kind == "handed_over")
    return [] if session.scalar(all_of_it.where(Notification.created_at > event.at - LATELY).limit(1)) else [assignee]


def _user(_session: Session, event: SealedEvent) -> Iterable[str | None]:
    return [event.body.get("user")]


def _curious_candidates(session: Session, event: SealedEvent) -> Iterable[str]:
    """Of those who could take a user task that nobody has, who asked to be told."""
    if event.body.get("assignee"):
        return []
    wants = (NotificationPreference.on_page == true()) | (NotificationPreference.mail != "off")
    is_member = (
        (UserTaskCandidate.kind == "group")
        & (Membership.group_id == UserTaskCandidate.candidate_id)
        & (Membership.site_id == UserTaskCandidate.site_id)
    )
    is_meant = (UserTaskCandidate.kind == "user") & (UserTaskCandidate.candidate_id == Membership.user_id)
    query = (
        select(Membership.user_id)
        .join(UserTaskCandidate, or_(is_member, is_meant))
        .join(NotificationPreference, NotificationPreference.user_id == Membership.user_id)
        .join(User, User.id == Membership.user_id)
        .where(UserTaskCandidate.user_task_id == event.activity_id, User.is_active == true())
        .where(NotificationPreference.kind == "candidate", wants)
        .distinct()
    )
    return session.scalars(query).all()


_TOLD: Mapping[str, tuple[tuple[str, Recipients], ...]] = {
    "user_task_opened": (("assigned", _assignee), ("candidate", _curious_candidates)),
    "user_task_assigned": (("assigned", _assignee_of_one),),
    "user_task_delegated": (("delegated", _assignee),),
    "user_task_resolved": (("resolved", _assignee),),
    INCIDENT: (),
    "second_factor_set_up": (("second_factor_changed", _user),),
    "second_factor_removed": (("second_factor_changed", _user),),
    "recovery_code_used": (("recovery_code_used", _user),),
    "user_password_changed": (("password_changed", _user),),
    "user_password_set": (("password_changed", _user),),
    "api_token_created": (("access_token_made", _user),),
}
_ABOUT_USER_TASKS = frozenset({"user_task_opened", "user_task_assigned", "user_task_delegated", "user_task_resolved"})
