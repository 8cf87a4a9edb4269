import json
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.models import CalendarDay, Group, Membership, Notification, Site, User, WorkingHours
from app.operations.actor import SYSTEM
from app.operations.history import CONFIGURATION_STREAM
from app.operations.history_reading import read_events
from app.operations.holidays_told import has_missing_holidays_to_tell, tell_of_missing_holidays
from app.operations.working_calendars import (
    DEFAULT_WEEKLY_HOURS,
    seed_working_calendar,
    working_calendar_of,
    years_without_holidays,
)

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture
def site(session: Session) -> str:
    session.add(Site(id="s1", name="城东店", zone="Asia/Shanghai"))
    session.flush()
    return "s1"


def test_seeded_calendar_knows_holidays_and_make_up_days(session: Session, site: str) -> None:
    assert seed_working_calendar(session, site, years=(2025, 2026), actor=SYSTEM, now=NOW) == ()
    calendar = working_calendar_of(session, site)
    assert not calendar.is_working_day(date(2026, 10, 5))
    assert calendar.is_working_day(date(2026, 10, 10))
    # 10:30 in Shanghai on the last day before the Spring Festival, 14 February, itself a make-up Saturday
    start = datetime(2026, 2, 14, 2, 30, tzinfo=UTC)
    assert calendar.add_working_days(start, Decimal(1)) == datetime(2026, 2, 24, 2, 30, tzinfo=UTC)


def test_year_nobody_knows_yet_is_named(session: Session, site: str) -> None:
    assert seed_working_calendar(session, site, years=(2026, 2200), actor=SYSTEM, now=NOW) == (2200,)
    assert years_without_holidays(session, site, date(2026, 12, 1)) == (2027,)
    assert years_without_holidays(session, site, date(2026, 11, 30)) == ()
    assert years_without_holidays(session, site, date(2200, 1, 1)) == (2200,)


def test_seeding_keeps_what_the_owner_entered(session: Session, site: str) -> None:
    session.add(CalendarDay(site_id=site, day=date(2026, 10, 5), is_working=True, name="open house"))
    session.add(WorkingHours(site_id=site, weekday=6, begins=time(9), ends=time.min))
    session.flush()
    for _ in range(2):
        seed_working_calendar(session, site, years=(2026,), actor=SYSTEM, now=NOW)
    session.expire_all()
    calendar = working_calendar_of(session, site)
    assert calendar.is_working_day(date(2026, 10, 5))
    assert set(calendar.weekly_hours) == {6}
    assert calendar.hours_per_day == 15


def test_seeding_is_in_the_history(session: Session, site: str) -> None:
    seed_working_calendar(session, site, years=(2026, 2200), actor=SYSTEM, now=NOW)
    (event,) = read_events(session, CONFIGURATION_STREAM)
    assert event.body == {"site": site, "years": [2026, 2200], "unknown_years": [2200]}


def test_site_without_hours_has_the_default_ones(session: Session, site: str) -> None:
    calendar = working_calendar_of(session, site)
    assert (calendar.weekly_hours, calendar.hours_per_day) == (DEFAULT_WEEKLY_HOURS, 8)
    assert calendar.zone.key == "Asia/Shanghai"


def test_unknown_site(session: Session) -> None:
    with pytest.raises(NotFound):
        working_calendar_of(session, "nowhere")


def test_administrators_are_told_once_of_missing_holidays(session: Session, site: str) -> None:
    session.add(Group(id="admin", name_en="Administrators", name_zh="系统管理员"))
    session.add(User(id="root", display_name="Root", created_at=NOW, home_site_id=site))
    session.flush()
    session.add(Membership(user_id="root", group_id="admin", site_id=site))
    session.flush()
    for _ in range(2):
        tell_of_missing_holidays(session, NOW)
    (told,) = session.scalars(select(Notification)).all()
    assert (told.user_id, told.kind, json.loads(told.params)) == (
        "root", "holidays_missing", {"site_id": site, "site": "城东店", "year": "2026"},
    )  # fmt: skip
    assert not has_missing_holidays_to_tell(session, NOW)
    assert has_missing_holidays_to_tell(session, NOW.replace(month=12))
