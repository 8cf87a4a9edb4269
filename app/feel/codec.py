"""Every FEEL value as JSON and back, without loss.

Null, booleans and strings are themselves. Everything else is a list whose first element is a tag,
so that no name of a variable can be mistaken for one: `["n", "12.50"]`, `["l", ...]`,
`["c", ["name", value], ...]`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from app.feel.errors import NotRepresentable
from app.feel.values.dates import Date, parse_date
from app.feel.values.durations import DaysDuration, MonthsDuration
from app.feel.values.kinds import kind_of
from app.feel.values.moments import DateTime, parse_date_time
from app.feel.values.ranges import Range
from app.feel.values.times import Time, parse_time

Json = Any

_LARGEST_NUMBER = 2**63  # that every reader of JSON takes: 292 years in nanoseconds

_TAGS: Mapping[type, str] = {Date: "d", Time: "t", DateTime: "dt"}


def encode(value: object) -> Json:
    """A FEEL value as null, boolean, string or tagged list; functions raise `NotRepresentable`."""
    if value is None or type(value) in (bool, str):
        return value
    if isinstance(value, Decimal):
        return ["n", str(value)]
    if isinstance(value, list):
        return ["l", *map(encode, value)]
    if isinstance(value, dict):
        return ["c", *([name, encode(entry)] for name, entry in value.items())]
    return _encode_other(value)


def _encode_other(value: object) -> Json:
    tag = _TAGS.get(type(value))
    if tag is not None:
        return [tag, str(value)]
    if isinstance(value, MonthsDuration):
        return ["ym", value.months]
    if isinstance(value, DaysDuration):
        return ["dd", value.nanos if abs(value.nanos) < _LARGEST_NUMBER else str(value.nanos)]
    if isinstance(value, Range):
        bounds = (encode(value.start), encode(value.end))
        return ["r", *bounds, value.start_included, value.end_included]
    raise NotRepresentable(f"a {kind_of(value)} cannot be stored")


def decode(data: Json) -> object:
    """The inverse of `encode`; raises `NotRepresentable` for anything `encode` cannot have made."""
    if data is None or isinstance(data, (bool, str)):
        return data
    try:
        tag, *content = data
        return _DECODERS[tag](content)
    except (TypeError, ValueError, KeyError, InvalidOperation) as error:
        raise NotRepresentable("this is not an encoded FEEL value") from error


def _decode_number(content: list[Json]) -> object:
    (text,) = content
    return Decimal(text)


def _decode_list(content: list[Json]) -> object:
    return [decode(item) for item in content]


def _decode_context(content: list[Json]) -> object:
    return {name: decode(entry) for name, entry in content}


def _decode_text(parse: Callable[[str], object]) -> Callable[[list[Json]], object]:
    def run(content: list[Json]) -> object:
        (text,) = content
        value = parse(text)
        if value is None:
            raise ValueError(text)
        return value

    return run


def _decode_months(content: list[Json]) -> object:
    (months,) = content
    return MonthsDuration(int(months))


def _decode_days(content: list[Json]) -> object:
    (nanos,) = content
    return DaysDuration(int(nanos))


def _decode_range(content: list[Json]) -> object:
    start, end, start_included, end_included = content
    return Range(decode(start), decode(end), bool(start_included), bool(end_included))


_DECODERS: Mapping[str, Callable[[list[Json]], object]] = {
    "n": _decode_number,
    "l": _decode_list,
    "c": _decode_context,
    "d": _decode_text(parse_date),
    "t": _decode_text(parse_time),
    "dt": _decode_text(parse_date_time),
    "ym": _decode_months,
    "dd": _decode_days,
    "r": _decode_range,
}
