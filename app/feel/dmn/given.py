"""Input values that come as JSON: a text stands for a date where the model declares one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.feel.dmn.item_types import ItemType
from app.feel.types import DATE, DATE_TIME, DAYS, MONTHS, TIME, FeelType
from app.feel.values.dates import parse_date
from app.feel.values.durations import parse_duration
from app.feel.values.moments import parse_date_time
from app.feel.values.times import parse_time

_PARSERS: Mapping[FeelType, Callable[[str], object]] = {
    DATE: parse_date,
    TIME: parse_time,
    DATE_TIME: parse_date_time,
    DAYS: parse_duration,
    MONTHS: parse_duration,
}


def read_as(value: object, type_: ItemType) -> object:
    """The value with every text read as the temporal type declared for it; one that cannot be read stays a text."""
    if isinstance(value, str) and type_.feel_type in _PARSERS:
        parsed = _PARSERS[type_.feel_type](value)
        return value if parsed is None else parsed
    if isinstance(value, list) and type_.element is not None:
        return [read_as(item, type_.element) for item in value]
    if isinstance(value, dict) and type_.components is not None:
        known = type_.components
        return {name: read_as(entry, known[name]) if name in known else entry for name, entry in value.items()}
    return value
