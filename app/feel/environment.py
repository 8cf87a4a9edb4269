"""What an expression may know of the world besides its variables."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

from app.feel.budget import DEFAULT_BUDGET, Budget


class WorkingCalendar(Protocol):
    """A site's working time, as the caller knows it; every datetime is aware."""

    def add_working_days(self, start: datetime, days: Decimal) -> datetime: ...

    def add_working_hours(self, start: datetime, hours: Decimal) -> datetime: ...

    def working_hours_between(self, start: datetime, end: datetime) -> Decimal: ...

    def day_part(self, moment: datetime) -> str: ...

    def next_other_part(self, start: datetime, parts: Collection[str]) -> datetime: ...


def _goes_on() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Environment:
    """The clock, the zone, the calendar and the budget of an evaluation.

    now: an aware datetime; `now()` and `today()` read it in `zone`. is_over: asked every now and then whether to stop
    with `EvaluationStopped`.
    """

    now: datetime
    zone: ZoneInfo
    calendar: WorkingCalendar | None = None
    budget: Budget = field(default=DEFAULT_BUDGET)
    is_over: Callable[[], bool] = _goes_on

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise ValueError("Environment.now needs a time zone")
