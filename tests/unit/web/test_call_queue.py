from datetime import UTC, datetime, timedelta

from app.web.call_queue import call_order

NOW = datetime(2026, 5, 20, 2, tzinfo=UTC)


def test_agreed_times_come_first_then_what_is_overdue_then_the_others_by_their_date() -> None:
    hour = timedelta(hours=1)
    calls = {
        "later": (None, NOW + 3 * hour), "soon": (None, NOW + hour), "late": (None, NOW - hour),
        "latest": (None, NOW - 5 * hour), "agreed": (NOW - hour, NOW + 4 * hour),
        "agreed before": (NOW - 2 * hour, NOW + 3 * hour),
    }  # fmt: skip
    order = sorted(calls, key=lambda name: call_order(*calls[name], NOW))
    assert order == ["agreed before", "agreed", "latest", "late", "soon", "later"]
