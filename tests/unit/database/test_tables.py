from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite

from app.database import UtcDateTime

SQLITE, POSTGRES = sqlite.dialect(), postgresql.dialect()
moments = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001


@given(moments, st.integers(-14 * 60, 14 * 60))
def test_moment_comes_back_in_utc(moment: datetime, minutes: int) -> None:
    elsewhere = moment.astimezone(timezone(timedelta(minutes=minutes)))
    for dialect in (SQLITE, POSTGRES):
        stored = UtcDateTime().process_bind_param(elsewhere, dialect)
        found = UtcDateTime().process_result_value(stored, dialect)
        assert found == moment
        assert found.tzinfo is UTC


@given(moments, moments)
def test_text_on_sqlite_sorts_as_the_moments_do(a: datetime, b: datetime) -> None:
    first, second = (str(UtcDateTime().process_bind_param(moment, SQLITE)) for moment in (a, b))
    assert (first < second, len(first)) == (a < b, 27)


def test_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        UtcDateTime().process_bind_param(datetime(2026, 3, 2), SQLITE)  # noqa: DTZ001


def test_nothing_stays_nothing() -> None:
    assert UtcDateTime().process_bind_param(None, SQLITE) is None
    assert UtcDateTime().process_result_value(None, SQLITE) is None
