"""What a step may know of the world: everything is an argument, so that a case can be replayed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.engine.budgets import MAX_CPU_SECONDS, StepMeter
from app.feel import DEFAULT_BUDGET, Budget, Environment, WorkingCalendar

if TYPE_CHECKING:
    from app.engine.parsed_process import ParsedProcess
    from app.feel.dmn import DecisionModel

MAX_STEPS = 50_000
MAX_LIVE_TOKENS = 20_000


@dataclass(frozen=True, slots=True)
class StepContext:
    """The clock and its zone, the working calendar, and the limits of one step.

    now: an aware datetime. processes: what call activities may call, by process key. decisions: what business rule
    tasks may ask, by the decision's id. data_stores: FEEL values of the site's data stores, by name. max_steps: flow
    nodes passed in one step before it is stopped as endless; max_live_tokens: tokens one case may hold. id_seed: the
    identifiers made in the step follow it, so that a step played again makes the same; None takes a new one.
    max_cpu_seconds: of the thread, measured by `meter` from the beginning of the step.
    """

    now: datetime
    zone: ZoneInfo
    calendar: WorkingCalendar | None = None
    budget: Budget = DEFAULT_BUDGET
    processes: Mapping[str, ParsedProcess] = field(default_factory=dict)
    decisions: Mapping[str, DecisionModel] = field(default_factory=dict)
    data_stores: Mapping[str, object] = field(default_factory=dict)
    max_steps: int = MAX_STEPS
    max_live_tokens: int = MAX_LIVE_TOKENS
    id_seed: str | None = None
    max_cpu_seconds: float = MAX_CPU_SECONDS
    meter: StepMeter = field(default_factory=StepMeter, compare=False)

    def environment(self) -> Environment:
        """The same, as FEEL wants it."""
        return Environment(self.now, self.zone, self.calendar, self.budget, self.meter.is_spent)
