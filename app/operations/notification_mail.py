"""Mail about notifications: who wants it, when, and several in one where they waited together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import MAIL_ADDRESS
from app.i18n import N_, translations
from app.models import Notification, NotificationHours, NotificationPreference, Site, User
from app.models.display_names import definition_names, user_names
from app.models.notification_list import notifications_by_id
from app.models.signed_in_person import DEFAULT_ZONE
from app.operations.notification_hours import MailHours, mail_hours
from app.operations.notification_kinds import KIND_BY_KEY
from app.operations.notification_words import NotificationWords, words_of
from app.operations.outgoing import DrawnCase, MailOptions, enqueue_mail

MOST_AT_ONCE = 200
# More than these at the same moment come in one mail.
MOST_SINGLE = 3
SUBJECT_OF_SEVERAL = N_("%(count)s notifications")
FOOTER = N_("You choose what is sent to you on the page “Notifications”, under “Settings”.")


@dataclass(frozen=True, slots=True)
class _Reader:
    """Whom mail goes to, and how the person wants it."""

    user: User
    hours: MailHours
    choices: Mapping[str, str]

    @property
    def has_address(self) -> bool:
        return self.user.is_active and bool(MAIL_ADDRESS.fullmatch(self.user.email or ""))

    def choice(self, kind: str) -> str:
        known = KIND_BY_KEY[kind]
        return known.mail if known.is_security else self.choices.get(kind) or known.mail


def has_mail_to_decide(session: Session, now: datetime) -> bool:
    """Whether a notification is new, or has waited long enough."""
    return session.scalar(select(Notification.id).where(Notification.mail_at <= now).limit(1)) is not None


def mail_notifications(session: Session, now: datetime) -> int:
    """Decide about new notifications and send what is due; returns how many were looked at."""
    due = session.scalars(
        select(Notification)
        .where(Notification.mail_at <= now)
        .order_by(Notification.mail_at, Notification.id)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    by_user: dict[str, list[Notification]] = defaultdict(list)
    for notification in due:
        by_user[notification.user_id].append(notification)
    readers = _readers(session, by_user)
    for user_id, notifications in by_user.items():
        _mail_to(session, readers.get(user_id), notifications, now)
    session.flush()
    return len(due)


def _mail_to(session: Session, reader: _Reader | None, notifications: Sequence[Notification], now: datetime) -> None:
    ready = [notification.id for notification in notifications if _decide(reader, notification, now)]
    if reader is None or not ready:
        return
    session.flush()
    words = _words(session, reader.user, ready)
    if len(words) <= MOST_SINGLE:
        for told in words:
            drawn = DrawnCase(told.instance_id, reader.user.id) if told.instance_id else None
            _send(session, reader.user, told.title, _text([told]), _options(reader.user, told.link, drawn), now)
    else:
        subject = translations(reader.user.mail_locale).gettext(SUBJECT_OF_SEVERAL) % {"count": len(words)}
        _send(session, reader.user, subject, _text(words), _options(reader.user, "/notifications"), now)


def _decide(reader: _Reader | None, notification: Notification, now: datetime) -> bool:
    """Whether it is sent now; else it waits, or nobody wants mail of it."""
    has_waited = notification.mail_state == "waiting"
    choice = reader.choice(notification.kind) if reader and reader.has_address else "off"
    if reader is None or choice == "off" or (has_waited and notification.read_at is not None):
        notification.mail_state, notification.mail_at = "none", None
        return False
    is_urgent = KIND_BY_KEY[notification.kind].is_urgent
    moment = reader.hours.next_allowed(now, is_urgent=is_urgent)
    if choice == "daily" and not has_waited:
        moment = max(moment, reader.hours.next_daily(now))
    if moment > now:
        notification.mail_state, notification.mail_at = "waiting", moment
        return False
    notification.mail_state, notification.mail_at = "sent", None
    return True


def _words(session: Session, user: User, ids: Sequence[str]) -> list[NotificationWords]:
    rows = notifications_by_id(session, user.id, ids)
    people = user_names(session, {row.actor_id for row in rows})
    names = definition_names(session, {row.definition_id for row in rows if row.definition_id})
    return [words_of(row, people, names, user.mail_locale) for row in rows]


def _text(words: Iterable[NotificationWords]) -> str:
    parts = ("\n".join(filter(None, (told.title, told.case, told.who, told.note))) for told in words)
    return "\n\n".join(parts)


def _options(user: User, link: str, drawn: DrawnCase | None = None) -> MailOptions:
    return MailOptions(link=link, locale=user.mail_locale, drawn_case=drawn)


def _send(session: Session, user: User, subject: str, text: str, options: MailOptions, now: datetime) -> None:
    footer = translations(user.mail_locale).gettext(FOOTER)
    enqueue_mail(
        session, to=str(user.email), subject=subject, text=f"{text}\n\n{footer}", now=now, site_id=user.home_site_id,
        options=options,
    )  # fmt: skip


def _readers(session: Session, user_ids: Iterable[str]) -> dict[str, _Reader]:
    wanted = list(user_ids)
    if not wanted:
        return {}
    query = (
        select(User, Site.zone, NotificationHours)
        .outerjoin(Site, Site.id == User.home_site_id)
        .outerjoin(NotificationHours, NotificationHours.user_id == User.id)
        .where(User.id.in_(wanted))
    )
    choices: dict[str, dict[str, str]] = defaultdict(dict)
    for chosen in session.scalars(select(NotificationPreference).where(NotificationPreference.user_id.in_(wanted))):
        choices[chosen.user_id][chosen.kind] = chosen.mail
    return {
        user.id: _Reader(user, mail_hours(hours, ZoneInfo(zone or DEFAULT_ZONE)), choices[user.id])
        for user, zone, hours in session.execute(query)
    }
