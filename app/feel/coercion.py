"""Implicit conversions where a value meets a declared type (DMN 1.5 clause 10.3.2.9.4)."""

from __future__ import annotations

from app.feel.types import DATE_TIME, FeelType, ListType, is_instance
from app.feel.values.arithmetic import midnight_of
from app.feel.values.dates import Date


def coerce(value: object, type_: FeelType) -> tuple[bool, object]:
    """Whether a value fits a type, and the value as that type has it.

    One element stands for a list of it and the other way round; a date stands for its midnight.
    """
    if value is None or is_instance(value, type_):
        return True, value
    if isinstance(type_, ListType) and not isinstance(value, list):
        is_fitting, element = coerce(value, type_.element)
        return (True, [element]) if is_fitting else (False, None)
    if isinstance(value, list) and len(value) == 1 and not isinstance(type_, ListType):
        return coerce(value[0], type_)
    if isinstance(value, Date) and type_ == DATE_TIME:
        return True, midnight_of(value)
    return False, None
