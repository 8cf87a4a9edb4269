from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from app.calendars import Stretch, WorkingCalendar
from app.operations.follow_up_due_lists import DueList, Step, due_day, list_days

WEEKDAYS = {weekday: (Stretch(time(9), time(17)),) for weekday in range(5)}
CALENDAR = WorkingCalendar(ZoneInfo("Asia/Shanghai"), WEEKDAYS, {date(2026, 10, 12): False})


@pytest.mark.parametrize(
    ("occasion", "today", "first", "last", "due"),
    [
        ("sampling", date(2026, 1, 31), date(2025, 12, 1), date(2025, 12, 31), date(2026, 1, 12)),
        ("quarter_repair", date(2026, 10, 1), date(2026, 9, 1), date(2026, 9, 30), date(2026, 10, 13)),
        ("quarter_new_car", date(2026, 11, 22), date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 13)),
        ("quarter_new_car", date(2026, 3, 1), date(2025, 10, 1), date(2025, 12, 31), date(2026, 1, 12)),
        ("lost", date(2026, 5, 2), date(2026, 5, 1), date(2026, 5, 31), date(2026, 5, 11)),
    ],
)
def test_a_list_is_about_the_last_full_month_or_quarter_and_due_on_a_working_day(
    occasion: str, today: date, first: date, last: date, due: date
) -> None:
    assert list_days(occasion, today) == (first, last)
    assert due_day(occasion, last, 10, CALENDAR) == due


@pytest.mark.parametrize(
    ("occasion", "step", "told", "not_told"),
    [
        ("sampling", "supply", "customer_service_manager", "general_manager"),
        ("quarter_repair", "supply", "service_advisor", "gm_office"),
        ("quarter_repair", "pick", "gm_office", "service_advisor"),
        ("quarter_repair", "pick", "service_manager", "front_desk"),
        ("lost", "room", "cr_advisor", "admin"),
    ],
)
def test_who_takes_the_missing_step_is_told_and_the_managers(
    occasion: str, step: Step, told: str, not_told: str
) -> None:
    due = DueList(occasion, date(2026, 4, 1), date(2026, 4, 30), date(2026, 5, 11), step)
    assert told in due.concerns()
    assert not_told not in due.concerns()
    assert not due.is_overdue(date(2026, 5, 10))
    assert due.is_overdue(date(2026, 5, 11))
    assert not DueList(occasion, date.min, date.min, date.min, "made").is_overdue(date(2026, 5, 11))
