"""A clock that runs, as the scope of its process keeps it, and what depends on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict


class RunningClock(TypedDict):
    """Moments in ISO 8601, hours as a decimal number; paused: since when, None while it runs."""

    started: str
    warn: str
    due: str
    paused: str | None
    hours_paused: str


def due_variable(clock_id: str) -> str:
    """The variable of the process that holds a clock's due date."""
    return f"{clock_id}_due_at"


def clock_named_in(clocks: Mapping[str, RunningClock], names: frozenset[str]) -> str | None:
    """The running clock whose due date is among these variables."""
    return next((clock_id for clock_id in clocks if due_variable(clock_id) in names), None)


def is_held(clocks: Mapping[str, RunningClock], names: frozenset[str]) -> bool:
    """Whether the due date of a paused clock is among these variables."""
    return any(clock["paused"] and due_variable(clock_id) in names for clock_id, clock in clocks.items())
