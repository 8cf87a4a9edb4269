"""Day by day: what the dealer system exports is imported, the worker does what is due, people do their user tasks."""

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.cli.demo_history.customers import BAD_MONTHS
from app.cli.demo_history.staff import Staff
from app.database import JOB_WAIT_SECONDS, writing
from app.models import Notification
from app.operations.actor import Actor
from app.operations.notifications import mark_all_read
from app.operations.visit_imports import import_good_rows, upload_visits
from app.operations.working_calendars import working_calendar_of
from app.visit_files import SampleTrade, read_export, sample_csv
from app.worker import run_due

SEED = 4
SHIFTS = (time(9), time(11), time(14), time(17))
DILIGENCE, SHORT_OF_HANDS = 0.85, 0.35
# The last days leave something to do for who tries the demo.
LAST_DAYS, LEFT_LYING = 5, 0.2
UNREAD_FOR = timedelta(days=3)
IMPORTED_BY = {"main": Actor("sadong"), "east": Actor("easthua")}


def build_history(
    sessions: sessionmaker[Session], first: date, today: date, zone: ZoneInfo, tell: Callable[[date], None]
) -> None:
    """Live through the days from `first` until yesterday; `tell` is called at the beginning of each month."""
    trades = {
        "main": SampleTrade("M", 1.3, 0.3, 100_000, random.Random(SEED)),  # noqa: S311 - invented data needs no secrecy
        "east": SampleTrade("E", 0.4, 0.12, 200_000, random.Random(SEED + 1)),  # noqa: S311
    }
    chance = random.Random(SEED + 2)  # noqa: S311
    for day in _days(first, today):
        if day.day == 1 or day == first:
            tell(day)
        _live(sessions, trades, day, datetime.combine(today, time(12), zone), chance)


def _days(first: date, today: date) -> Iterator[date]:
    for number in range((today - first).days):
        yield first + timedelta(days=number)


def _live(
    sessions: sessionmaker[Session], trades: dict[str, SampleTrade], day: date, today: datetime, chance: random.Random
) -> None:
    zone = today.tzinfo
    if not isinstance(zone, ZoneInfo):
        raise TypeError("the day of the demo has a zone")
    with sessions() as session:
        is_working = working_calendar_of(session, "main").is_working_day(day)
    if not is_working:
        return
    months_ago = (today.year - day.year) * 12 + today.month - day.month
    diligence = SHORT_OF_HANDS if months_ago in BAD_MONTHS else DILIGENCE
    if (today.date() - day).days <= LAST_DAYS:
        diligence = LEFT_LYING
    for shift in SHIFTS:
        now = datetime.combine(day, shift, zone)
        with writing(JOB_WAIT_SECONDS):
            run_due(sessions, now, with_periodic=shift == SHIFTS[-1])
            with sessions() as session:
                Staff(session, zone, today, chance).work(now, diligence)
                if shift == SHIFTS[-1]:
                    _import(session, trades, day, now)
                    _read_notifications(session, now - UNREAD_FOR, now)
                session.commit()


def _read_notifications(session: Session, until: datetime, now: datetime) -> None:
    """Everybody has seen what came before `until`."""
    newest = select(Notification.user_id, func.max(Notification.id)).where(Notification.created_at <= until)
    for user_id, notification_id in session.execute(newest.group_by(Notification.user_id)).all():
        mark_all_read(session, notification_id, actor=Actor(user_id), now=now)


def _import(session: Session, trades: dict[str, SampleTrade], day: date, now: datetime) -> None:
    for site_id, trade in trades.items():
        table = trade.export_of(day)
        if len(table) > 1:
            export = read_export(sample_csv(table, "gb18030"), f"{site_id}-{day:%Y%m%d}.csv")
            upload = upload_visits(session, export, site_id=site_id, actor=IMPORTED_BY[site_id], now=now)
            import_good_rows(session, upload.id, is_consent_assumed=False, actor=IMPORTED_BY[site_id], now=now)
