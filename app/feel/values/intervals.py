"""Which values a range holds."""

from __future__ import annotations

from app.feel.values.ordering import compare
from app.feel.values.ranges import Range


def contains(range_: Range, value: object) -> bool | None:
    """Whether a value lies in a range; None when they cannot be compared."""
    if value is None:
        return None
    after_start = _is_after_start(range_, value)
    before_end = _is_before_end(range_, value)
    if after_start is False or before_end is False:
        return False
    return None if after_start is None or before_end is None else True


def _is_after_start(range_: Range, value: object) -> bool | None:
    if range_.start is None:
        return True if range_.end is not None else None
    order = compare(value, range_.start)
    if order is None:
        return None
    return order >= 0 if range_.start_included else order > 0


def _is_before_end(range_: Range, value: object) -> bool | None:
    if range_.end is None:
        return True if range_.start is not None else None
    order = compare(value, range_.end)
    if order is None:
        return None
    return order <= 0 if range_.end_included else order < 0
