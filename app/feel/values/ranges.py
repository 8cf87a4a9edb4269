"""Ranges (DMN 1.5 clause 10.3.2.3.9 and the range functions of clause 10.3.4.9)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Range:
    """An interval; a bound that is None is missing, so `< 5` is a range without a start."""

    start: object
    end: object
    start_included: bool
    end_included: bool
