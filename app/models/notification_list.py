"""What a person is told, as lists and mails show it: with what it is about, as far as the person may see that."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from app.models.notification import Notification, NotificationPreference
from app.models.paging import ListPage, list_page
from app.models.process_instance import ProcessInstance
from app.models.user_task import UserTask
from app.models.visibility import is_visible_to

# A bell says at most "99+".
MOST_COUNTED = 100

_CHOICE = NotificationPreference
_ABOUT = aliased(UserTask)  # the rule of visibility looks at user tasks of its own


def notification_page(
    session: Session, user_id: str, shown_by_default: Collection[str], *, after: str | None = None
) -> ListPage:
    """A page of what is shown to a person, the newest first.

    Arguments: shown_by_default, the kinds that are shown to who has chosen nothing.
    """
    statement = _with_subject(user_id).where(Notification.user_id == user_id)
    statement = statement.outerjoin(_CHOICE, _chosen()).where(_is_shown(shown_by_default))
    return list_page(session, statement, (Notification.id,), after=after, newest_first=True)


def notifications_by_id(session: Session, user_id: str, ids: Collection[str]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Some of the notifications of a person, the oldest first, as the list shows them."""
    statement = _with_subject(user_id).where(Notification.user_id == user_id, Notification.id.in_(ids))
    return session.execute(statement.order_by(Notification.id)).all()


def unread_count(session: Session, user_id: str, shown_by_default: Collection[str]) -> int:
    """How many a person has not read, up to `MOST_COUNTED`."""
    rows = (
        select(Notification.id)
        .outerjoin(_CHOICE, _chosen())
        .where(Notification.user_id == user_id, Notification.read_at.is_(None), _is_shown(shown_by_default))
        .limit(MOST_COUNTED)
    )
    return session.scalar(select(func.count()).select_from(rows.subquery())) or 0


def told_since(session: Session, first_id: str, seen: Collection[str]) -> dict[str, str]:
    """Who has been told something: notification -> user, from an identifier on, but for those in `seen`."""
    statement = select(Notification.id, Notification.user_id).where(Notification.id >= first_id)
    return {row.id: row.user_id for row in session.execute(statement) if row.id not in seen}


def _with_subject(user_id: str) -> Select[*tuple[Any, ...]]:
    """Whose case and user task are null where the person may not see the case (any more)."""
    may_see = and_(ProcessInstance.id == Notification.instance_id, is_visible_to(user_id))
    return (
        select(
            Notification.id, Notification.kind, Notification.params, Notification.actor_id, Notification.created_at,
            Notification.read_at, ProcessInstance.id.label("instance_id"), ProcessInstance.case_number,
            ProcessInstance.title, ProcessInstance.definition_id, _ABOUT.id.label("user_task_id"),
            _ABOUT.element_id, _ABOUT.name.label("user_task_name"),
        )
        .select_from(Notification)
        .outerjoin(ProcessInstance, may_see)
        .outerjoin(_ABOUT, and_(_ABOUT.id == Notification.user_task_id, _ABOUT.instance_id == ProcessInstance.id))
    )  # fmt: skip


def _chosen() -> Any:
    return and_(_CHOICE.user_id == Notification.user_id, _CHOICE.kind == Notification.kind)


def _is_shown(shown_by_default: Collection[str]) -> Any:
    is_default = and_(_CHOICE.kind.is_(None), Notification.kind.in_(sorted(shown_by_default)))
    return or_(_CHOICE.on_page == true(), is_default)
