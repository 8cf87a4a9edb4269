from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from app.calendars import Stretch, WorkingCalendar

ZONE = ZoneInfo("Asia/Shanghai")
USUAL = (Stretch(time(8, 30), time(12)), Stretch(time(13, 30), time(18)))
CALENDAR = WorkingCalendar(ZONE, dict.fromkeys(range(5), USUAL), {})
MORNINGS = WorkingCalendar(ZONE, dict.fromkeys(range(5), (Stretch(time(8), time(11)),)), {})


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("clock", "part"),
    [
        ("00:00", "morning"), ("11:29", "morning"), ("11:30", "noon"), ("13:29", "noon"), ("13:30", "afternoon"),
        ("17:30", "evening"), ("23:59", "evening"),
    ],
)  # fmt: skip
def test_a_moment_lies_in_a_part_of_the_day_of_the_site(clock: str, part: str) -> None:
    moment = at(f"02 {clock}")
    assert CALENDAR.day_part(moment.astimezone(ZoneInfo("UTC"))) == part


@pytest.mark.parametrize(
    ("start", "parts", "found"),
    [
        ("02 09:00", ["morning"], "02 13:30"),
        ("02 11:00", ["morning"], "02 15:00"),
        ("02 15:00", ["afternoon"], "03 08:30"),
        ("02 15:00", ["morning", "afternoon"], "03 11:30"),
        ("06 15:00", ["morning", "noon", "afternoon"], "09 17:30"),  # over the weekend
        ("02 15:00", ["morning", "noon", "afternoon", "evening"], "03 09:30"),  # none is left: half a working day
    ],
)
def test_the_next_attempt_is_in_another_part_of_working_time(start: str, parts: list[str], found: str) -> None:
    assert CALENDAR.next_other_part(at(start), parts) == at(found)


def test_who_works_in_the_mornings_only_calls_in_the_morning_again() -> None:
    assert MORNINGS.next_other_part(at("02 09:00"), ["morning"]) == at("02 10:30")
