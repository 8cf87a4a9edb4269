"""Quiet hours and the daily mail by the clock on the wall of the person's site."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from app.operations.notification_hours import MailHours

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = MailHours(SHANGHAI, time(22), time(7, 30))
NOON = MailHours(SHANGHAI, time(12), time(13))


def _at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-02T{clock}:00").replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "now", "allowed"),
    [
        (NIGHT, "21:59", "21:59"), (NIGHT, "22:00", "03T07:30"), (NIGHT, "03:00", "07:30"), (NIGHT, "07:30", "07:30"),
        (NOON, "11:59", "11:59"), (NOON, "12:30", "13:00"), (NOON, "13:00", "13:00"),
        (MailHours(SHANGHAI), "03:00", "03:00"),
    ],
)  # fmt: skip
def test_mail_waits_until_quiet_hours_end(hours: MailHours, now: str, allowed: str) -> None:
    expected = _at(allowed) if "T" not in allowed else _at(allowed.partition("T")[2]).replace(day=2)
    assert hours.next_allowed(_at(now), is_urgent=False) == expected


def test_urgent_kinds_pass_where_that_was_chosen() -> None:
    now = _at("23:00")
    assert NIGHT.next_allowed(now, is_urgent=True) == now
    strict = MailHours(SHANGHAI, time(22), time(7, 30), urgent_passes=False)
    assert strict.next_allowed(now, is_urgent=True) > now


def test_daily_mail_goes_at_its_time() -> None:
    assert NIGHT.next_daily(_at("07:59")) == _at("08:00")
    assert NIGHT.next_daily(_at("08:00")) == datetime(2026, 3, 3, 0, 0, tzinfo=UTC)


def test_day_of_the_change_of_clocks_has_one_daily_mail() -> None:
    hours = MailHours(ZoneInfo("Europe/Berlin"), daily_at=time(2, 30))  # 29 March 2026 has no 02:30
    before = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    first = hours.next_daily(before)
    second = hours.next_daily(first)
    assert before < first < second
    assert (second - first).total_seconds() == pytest.approx(24 * 3600, abs=3600)
