"""Days, weeks and months of reports, and the parts of their course."""

from datetime import date

import pytest

from app.errors import InvalidInput
from app.reports.periods import Period


@pytest.mark.parametrize(
    ("kind", "first", "last", "before", "after", "text"),
    [
        ("day", "2026-03-01", "2026-03-01", "2026-02-28", "2026-03-02", "2026-03-01"),
        ("week", "2026-02-23", "2026-03-01", "2026-02-16", "2026-03-02", "2026-02-23 – 2026-03-01"),
        ("month", "2026-03-01", "2026-03-31", "2026-02-01", "2026-04-01", "2026-03"),
    ],
)  # fmt: skip
def test_the_period_around_a_day(kind: str, first: str, last: str, before: str, after: str, text: str) -> None:
    period = Period.around(kind, date(2026, 3, 1))  # a Sunday
    days = (period.first, period.last, period.previous.first, period.following.first)
    assert [day.isoformat() for day in days] == [first, last, before, after]
    assert str(period) == text


def test_a_week_goes_by_days_and_a_month_by_sevens() -> None:
    week, month = (Period.around(kind, date(2026, 2, 10)) for kind in ("week", "month"))
    assert [span.name[-2:] for span in week.parts] == ["09", "10", "11", "12", "13", "14", "15"]
    assert [(span.first.day, span.behind.day) for span in month.parts] == [(1, 8), (8, 15), (15, 22), (22, 1)]
    assert Period.around("day", date(2026, 2, 10)).parts == ()


def test_there_is_no_report_of_a_year() -> None:
    with pytest.raises(InvalidInput):
        Period.around("year", date(2026, 2, 10))
