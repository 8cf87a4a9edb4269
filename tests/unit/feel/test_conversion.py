"""Python values and JSON: there and back."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.feel import (
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    NotRepresentable,
    Range,
    Time,
    Zone,
    decode,
    encode,
    from_python,
    to_python,
    type_name,
)
from app.feel.builtins import BUILT_INS
from tests.unit.feel.evaluating import evaluate, value_of

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "null"),
        (True, "boolean"),
        (5, "number"),
        (0.1, "number"),
        (Decimal("1E+3"), "number"),
        ("text", "string"),
        ([1, (2, {3})], "list"),
        ({"a": [1]}, "context"),
        (dt.date(2020, 2, 29), "date"),
        (dt.time(10, 20, 30, 5), "time"),
        (dt.time(10, 20, tzinfo=dt.UTC), "time"),
        (dt.datetime(2020, 2, 29, 10, tzinfo=dt.UTC).replace(tzinfo=None), "date and time"),
        (dt.datetime(2020, 2, 29, 10, tzinfo=dt.UTC), "date and time"),
        (dt.datetime(2020, 2, 29, 10, tzinfo=SHANGHAI), "date and time"),
        (dt.timedelta(days=-1, microseconds=5), "days and time duration"),
    ],
)
def test_python_values(value: object, kind: str) -> None:
    converted = from_python(value)
    assert type_name(converted) == kind
    assert from_python(to_python(converted)) == converted
    if not isinstance(value, float | list):
        assert to_python(converted) == value


def test_numbers_have_34_digits_and_the_float_its_shortest_form() -> None:
    assert from_python(0.1) == Decimal("0.1")
    assert from_python(10**40 + 1) == Decimal("1E+40")


def test_the_second_of_two_equal_clock_readings_keeps_its_moment() -> None:
    second = dt.datetime(2020, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Paris"))
    converted = to_python(from_python(second))
    assert isinstance(converted, dt.datetime)
    assert converted.utcoffset() == dt.timedelta(hours=1)


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), Decimal("NaN"), Decimal("1e9999"), b"bytes", object(), {1: 2}, 1j]
)
def test_values_without_a_counterpart(value: object) -> None:
    with pytest.raises(NotRepresentable):
        from_python(value)


@pytest.mark.parametrize("text", ['@"P1Y"', "[1..2]", "abs", '@"-0001-01-01"', '@"10000-01-01T00:00:00"'])
def test_values_python_does_not_have(text: str) -> None:
    with pytest.raises(NotRepresentable):
        to_python(value_of(text))


def test_python_values_are_converted_when_a_variable_is_read() -> None:
    assert evaluate("n + 1", {"n": 1}).value == 2
    with pytest.raises(TypeError):
        type_name(1)


@pytest.mark.parametrize(
    "data", [5, 1.5, {}, [], ["x"], ["n"], ["n", "x"], ["d", "2020-02-30"], ["c", ["a"]], ["n", 5, 6]]
)
def test_what_was_not_encoded_here_is_refused(data: object) -> None:
    with pytest.raises(NotRepresentable):
        decode(data)


def test_functions_cannot_be_stored() -> None:
    with pytest.raises(NotRepresentable):
        encode(BUILT_INS["abs"])


zones = st.one_of(
    st.none(),
    st.integers(-14 * 3600, 14 * 3600).map(lambda offset: Zone(offset=offset)),
    st.sampled_from(["Europe/Paris", "Asia/Shanghai", "Etc/UTC"]).map(lambda region: Zone(region=region)),
)
dates = st.builds(Date, st.integers(-999_999_999, 999_999_999), st.integers(1, 12), st.integers(1, 28))
times = st.builds(Time, st.integers(0, 23), st.integers(0, 59), st.integers(0, 59), st.integers(0, 999_999_999), zones)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.text(),
    st.decimals(allow_nan=False, allow_infinity=False, places=6),
    dates,
    times,
    st.builds(DateTime, dates, times),
    st.builds(DaysDuration, st.integers(-(10**20), 10**20)),
    st.builds(MonthsDuration, st.integers(-(10**9), 10**9)),
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=10
)


@given(values)
def test_encoding_loses_nothing(value: object) -> None:
    stored = json.loads(json.dumps(encode(value)))
    assert decode(stored) == value
    assert type(decode(stored)) is type(value)


@given(scalars, scalars, st.booleans(), st.booleans())
def test_encoding_of_ranges(start: object, end: object, start_included: bool, end_included: bool) -> None:
    decoded = decode(json.loads(json.dumps(encode(Range(start, end, start_included, end_included)))))
    assert isinstance(decoded, Range)
    parts = (decoded.start, decoded.end, decoded.start_included, decoded.end_included)
    assert parts == (start, end, start_included, end_included)


def test_the_scale_of_a_number_is_kept() -> None:
    assert str(decode(encode(Decimal("1.50")))) == "1.50"
