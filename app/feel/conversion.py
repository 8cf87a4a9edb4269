"""Between Python's own types and the values of FEEL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence, Set
from decimal import Decimal, InvalidOperation, Overflow
from zoneinfo import ZoneInfo

from app.feel.errors import NotRepresentable
from app.feel.values.callables import FeelFunction
from app.feel.values.dates import Date
from app.feel.values.durations import DaysDuration
from app.feel.values.kinds import KIND_BY_TYPE
from app.feel.values.moments import DateTime
from app.feel.values.numbers import parse_number, rounded
from app.feel.values.times import NANOS, Time
from app.feel.values.zones import UTC, Zone

_MICROSECOND = dt.timedelta(microseconds=1)


def from_python(value: object) -> object:
    """The FEEL value of a Python value, containers included; FEEL values stay what they are.

    Raises `NotRepresentable` for anything without a counterpart, NaN and infinity among it.
    """
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, dict):
        return _context(value)
    if isinstance(value, list):
        return [from_python(item) for item in value]
    if type(value) in KIND_BY_TYPE or isinstance(value, FeelFunction):
        return value
    return _from_foreign(value)


def _context(value: Mapping[object, object]) -> dict[str, object]:
    if not all(isinstance(key, str) for key in value):
        raise NotRepresentable("the keys of a context are strings")
    return {str(key): from_python(entry) for key, entry in value.items()}


def _from_foreign(value: object) -> object:
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, dt.datetime):
        return _date_time(value)
    if isinstance(value, dt.date):
        return Date(value.year, value.month, value.day)
    if isinstance(value, dt.time):
        return _time(value, _zone(value.tzinfo, value.utcoffset()))
    if isinstance(value, dt.timedelta):
        return DaysDuration(value // _MICROSECOND * 1000)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return _context(value)
    if isinstance(value, (Sequence, Set)) and not isinstance(value, (bytes, bytearray)):
        return [from_python(item) for item in value]
    raise NotRepresentable(f"{type(value).__name__} has no counterpart in FEEL")


def _decimal(value: Decimal) -> Decimal:
    try:
        number = rounded(value)
    except (InvalidOperation, Overflow) as error:
        raise NotRepresentable(f"{value} is not a FEEL number") from error
    if not number.is_finite():
        raise NotRepresentable(f"{value} is not a FEEL number")
    return number


def _number(value: float) -> Decimal:
    number = parse_number(repr(value))
    if number is None or not number.is_finite():
        raise NotRepresentable(f"{value} is not a FEEL number")
    return number


def _zone(tzinfo: dt.tzinfo | None, offset: dt.timedelta | None) -> Zone | None:
    if tzinfo is None:
        return None
    if isinstance(tzinfo, ZoneInfo) and tzinfo.key not in (None, "UTC"):
        return Zone(region=tzinfo.key)
    return Zone(offset=int(offset.total_seconds())) if offset else UTC


def _time(value: dt.time | dt.datetime, zone: Zone | None) -> Time:
    return Time(value.hour, value.minute, value.second, value.microsecond * 1000, zone)


def _date_time(value: dt.datetime) -> DateTime:
    """The second of two equal clock readings keeps its moment by giving up the region's name."""
    offset = value.utcoffset()
    zone = _zone(value.tzinfo, offset)
    if value.fold and offset is not None:
        zone = Zone(offset=int(offset.total_seconds()))
    return DateTime(Date(value.year, value.month, value.day), _time(value, zone))


def to_python(value: object) -> object:
    """The Python value of a FEEL value: date, time, datetime and timedelta for temporal ones.

    Numbers stay `Decimal`. Raises `NotRepresentable` for years and months durations, ranges,
    functions and years outside 1 to 9999. Digits below the microsecond are lost.
    """
    if isinstance(value, list):
        return [to_python(item) for item in value]
    if isinstance(value, dict):
        return {name: to_python(entry) for name, entry in value.items()}
    if value is None or isinstance(value, (bool, str, Decimal)):
        return value
    try:
        return _temporal_to_python(value)
    except (ValueError, OverflowError) as error:
        raise NotRepresentable(f"{value} is outside Python's range") from error


def _temporal_to_python(value: object) -> object:
    if isinstance(value, Date):
        return dt.date(value.year, value.month, value.day)
    if isinstance(value, Time):
        return _time_to_python(value)
    if isinstance(value, DateTime):
        date = dt.date(value.date.year, value.date.month, value.date.day)
        return dt.datetime.combine(date, _time_to_python(value.time))
    if isinstance(value, DaysDuration):
        return dt.timedelta(seconds=value.nanos // NANOS) + dt.timedelta(microseconds=value.nanos % NANOS // 1000)
    raise NotRepresentable(f"{type(value).__name__} has no counterpart in Python")


def _time_to_python(value: Time) -> dt.time:
    tzinfo = None if value.zone is None else tzinfo_of(value.zone)
    return dt.time(value.hour, value.minute, value.second, value.nano // 1000, tzinfo)


def tzinfo_of(zone: Zone) -> dt.tzinfo:
    """Python's counterpart of a zone."""
    if zone.region is not None:
        return ZoneInfo(zone.region)
    return dt.timezone(dt.timedelta(seconds=zone.offset or 0))
