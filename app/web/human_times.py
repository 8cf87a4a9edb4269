"""Moments as people say them, in the zone of their site: "Today 15:30", "2 days late"."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import cache

from babel import Locale
from babel.dates import format_date

from app.web.texts import gettext, ngettext


class Urgency(StrEnum):
    """How near a due date is; also the order of the groups in the inbox."""

    LATE = "late"
    TODAY = "today"
    SOON = "soon"  # within the next seven days
    LATER = "later"
    UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class HumanTime:
    """A moment for a page: what is read, what the tooltip says exactly, what machines read, how urgent it is."""

    text: str
    exact: str
    iso: str
    urgency: str = ""
    day: str = ""
    is_clock: bool = False  # working time that is left, not a moment


def urgency_of(due_at: datetime | None, now: datetime, zone: tzinfo) -> Urgency:
    """Where a due date belongs; days are calendar days of the zone."""
    if due_at is None:
        return Urgency.UNDATED
    if due_at < now:
        return Urgency.LATE
    days = (due_at.astimezone(zone).date() - now.astimezone(zone).date()).days
    if days == 0:
        return Urgency.TODAY
    return Urgency.SOON if days <= 7 else Urgency.LATER


def describe_due(due_at: datetime, now: datetime, zone: tzinfo, locale: str) -> HumanTime:
    """A due date: how late, or when."""
    urgency = urgency_of(due_at, now, zone)
    text = _late(now - due_at) if urgency is Urgency.LATE else _day_and_time(due_at, now, zone, locale)
    return HumanTime(text, exact_time(due_at, zone), _iso(due_at), urgency.value)


def describe_wake(follow_up_at: datetime, now: datetime, zone: tzinfo, locale: str) -> HumanTime:
    """The follow-up date until which a user task sleeps."""
    text = _day_and_time(follow_up_at, now, zone, locale)
    return HumanTime(text, exact_time(follow_up_at, zone), _iso(follow_up_at), "asleep")


def describe_moment(moment: datetime, now: datetime, zone: tzinfo, locale: str) -> HumanTime:
    """A moment of the past, as in a history."""
    text = _day_and_time(moment, now, zone, locale)
    return HumanTime(text, exact_time(moment, zone), _iso(moment), day=day(moment, zone, locale))


def exact_time(moment: datetime, zone: tzinfo) -> str:
    """Date and time in full, with seconds and the distance to UTC, as a proof wants it."""
    return moment.astimezone(zone).isoformat(sep=" ", timespec="seconds")


def clock_time(moment: datetime, zone: tzinfo) -> str:
    """Hours and minutes only."""
    return f"{moment.astimezone(zone):%H:%M}"


def day(moment: datetime, zone: tzinfo, locale: str) -> str:
    """The date in full."""
    return format_date(moment.astimezone(zone), "long", locale=_babel_locale(locale))


# Babel would look for the locale's data at every call: too much for a page of fifty rows.
_babel_locale = cache(Locale.parse)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _late(late: timedelta) -> str:
    minutes = int(late.total_seconds() // 60)
    if minutes < 60:
        return ngettext("%(num)d min late", "%(num)d min late", max(1, minutes))
    if minutes < 24 * 60:
        return ngettext("%(num)d h late", "%(num)d h late", minutes // 60)
    return ngettext("%(num)d day late", "%(num)d days late", minutes // (24 * 60))


def _day_and_time(moment: datetime, now: datetime, zone: tzinfo, locale: str) -> str:
    local = moment.astimezone(zone)
    days = (local.date() - now.astimezone(zone).date()).days
    clock = clock_time(moment, zone)
    named = {-1: gettext("Yesterday"), 0: gettext("Today"), 1: gettext("Tomorrow")}.get(days)
    if named is None:
        named = format_date(local, _date_pattern(days, local, now, locale), locale=_babel_locale(locale))
    return f"{named} {clock}"


def _date_pattern(days: int, local: datetime, now: datetime, locale: str) -> str:
    if 1 < days <= 6:
        return "EEE"
    is_this_year = local.year == now.astimezone(local.tzinfo).year
    if locale == "zh_CN":
        return "M月d日" if is_this_year else "y年M月d日"
    return "MMM d" if is_this_year else "MMM d, y"
