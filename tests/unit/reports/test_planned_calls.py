"""Planned against made: which figures a call counts in."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.reports.planned_calls import CUTS, FIGURES, PlannedCall, made_rows

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 5, 20)


def call(state: str, latest: int, made: datetime | None = None, *, reason: str | None = None) -> PlannedCall:
    return PlannedCall("id", "repair_3dc", "lin", date(2026, 5, latest), state, reason, made)


@pytest.mark.parametrize(
    ("one", "figures"),
    [
        (call("planned", 20), {"due", "pending"}),
        (call("planned", 19), {"due", "not_made"}),
        (call("started", 19), {"due", "started", "not_made"}),
        (call("started", 20), {"due", "started", "pending"}),
        # The evening of the last day in the zone of the site, and the minute after it.
        (call("closed", 19, datetime(2026, 5, 19, 15, 59, tzinfo=UTC)), {"due", "started", "in_time"}),
        (call("closed", 19, datetime(2026, 5, 19, 16, 0, tzinfo=UTC)), {"due", "started", "late"}),
        (call("skipped", 19, reason="called_off"), {"due", "called_off"}),
        (call("skipped", 19, reason="no_consent"), {"skipped"}),
    ],
)
def test_figures_of_a_call(one: PlannedCall, figures: set[str]) -> None:
    assert one.figures(TODAY, ZONE) == figures
    assert figures <= FIGURES.keys()


def test_cut_by_week_with_the_rate_of_those_that_are_over() -> None:
    in_time = datetime(2026, 5, 12, 4, tzinfo=UTC)
    calls = [call("closed", 12, in_time), call("planned", 13), call("planned", 17), call("planned", 21)]
    rows = made_rows(calls, CUTS["week"], TODAY, ZONE)
    assert [(row.key, row.counts["due"], row.rate) for row in rows] == [("2026-05-11", 3, 33), ("2026-05-18", 1, None)]
