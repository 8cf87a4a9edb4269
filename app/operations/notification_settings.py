"""How a person wants to be told: by kind in the page and by mail, when mail may come, when the daily one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InvalidInput
from app.i18n import N_
from app.models import NotificationHours, NotificationPreference
from app.operations.actor import Actor
from app.operations.notification_hours import DAILY_AT
from app.operations.notification_kinds import MAIL_CHOICES, NOTIFICATION_KINDS
from app.operations.rows import upsert_rows

# What concerns an account is always told: who took it over must not be able to silence it.
CHOSEN_KINDS = tuple(kind for kind in NOTIFICATION_KINDS if not kind.is_security)


@dataclass(frozen=True, slots=True)
class Choice:
    """How one kind is told."""

    on_page: bool
    mail: str


@dataclass(frozen=True, slots=True)
class NotificationSettings:
    """All that a person chooses; times are `HH:MM`, empty for none."""

    choices: Mapping[str, Choice]
    quiet_from: str = ""
    quiet_until: str = ""
    urgent_passes: bool = True
    daily_at: str = f"{DAILY_AT:%H:%M}"


def settings_of(session: Session, user_id: str) -> NotificationSettings:
    """What a person has chosen, or what holds for everybody."""
    stored = {
        row.kind: Choice(row.on_page, row.mail)
        for row in session.scalars(select(NotificationPreference).where(NotificationPreference.user_id == user_id))
    }
    choices = {kind.key: stored.get(kind.key, Choice(kind.on_page, kind.mail)) for kind in CHOSEN_KINDS}
    hours = session.get(NotificationHours, user_id)
    if hours is None:
        return NotificationSettings(choices)
    return NotificationSettings(
        choices, hours.quiet_from or "", hours.quiet_until or "", hours.urgent_passes, hours.daily_at
    )


def choose_settings(session: Session, wanted: NotificationSettings, *, actor: Actor) -> None:
    """Store what the person has chosen; raises InvalidInput, naming the field."""
    times = {name: _checked_time(name, getattr(wanted, name)) for name in ("quiet_from", "quiet_until", "daily_at")}
    if bool(times["quiet_from"]) != bool(times["quiet_until"]):
        _refuse("quiet_until", N_("Give both times, or none."))
    if times["quiet_from"] and times["quiet_from"] == times["quiet_until"]:
        _refuse("quiet_until", N_("The quiet hours end when they begin. Give two different times, or none."))
    if not times["daily_at"]:
        _refuse("daily_at", N_("Say when the daily mail shall come."))
    if any(choice.mail not in MAIL_CHOICES for choice in wanted.choices.values()):
        raise InvalidInput(N_("Choose one of what is offered."))
    rows = [
        {"user_id": actor.user_id, "kind": kind.key, "on_page": chosen.on_page, "mail": chosen.mail}
        for kind in CHOSEN_KINDS
        if (chosen := wanted.choices.get(kind.key))
    ]
    upsert_rows(session, NotificationPreference, rows, replaced=("on_page", "mail"))
    hours = {"user_id": actor.user_id, "urgent_passes": wanted.urgent_passes}
    hours |= {name: times[name] or None for name in times}
    upsert_rows(session, NotificationHours, [hours], replaced=tuple(hours)[1:])


def _checked_time(name: str, text: str) -> str:
    if not text:
        return ""
    try:
        return f"{time.fromisoformat(text):%H:%M}"
    except ValueError:
        _refuse(name, N_("Give a time such as 22:00."))
        raise


def _refuse(name: str, msgid: str) -> None:
    raise InvalidInput(msgid, fields={name: msgid})
