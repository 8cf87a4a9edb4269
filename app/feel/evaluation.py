"""What one evaluation carries along: its budget, its notices, its variables."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from time import thread_time

from app.feel.environment import Environment
from app.feel.errors import BudgetExceeded, EvaluationStopped
from app.feel.notices import MSGIDS, Notice, Position

MAX_NOTICES = 50
_STEPS_BETWEEN_CLOCK_READINGS = 256
_CHARACTERS_A_STEP = 16


class Evaluation:
    """Counts what is used; shared by all functions that are called on the way."""

    __slots__ = ("_deadline", "_next_reading", "budget", "depth", "environment", "notices", "rules", "steps")

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.budget = environment.budget
        self.notices: list[Notice] = []
        self.rules: tuple[str, ...] = ()  # of the decision table asked last, those that counted
        self.steps = 0
        self.depth = 0
        self._next_reading = 0
        self._deadline = 0.0

    def tick(self, steps: int = 1) -> None:
        """Account for work whose amount depends on the data."""
        self.steps += steps
        if self.steps >= self._next_reading:
            self._check()

    def _check(self) -> None:
        if self.steps > self.budget.steps:
            raise BudgetExceeded("steps", self.budget.steps)
        if self._next_reading == 0:
            self._deadline = thread_time() + self.budget.seconds
        elif thread_time() > self._deadline:
            raise BudgetExceeded("seconds", self.budget.seconds)
        elif self.environment.is_over():
            raise EvaluationStopped("the caller has no more time for it")
        self._next_reading = self.steps + _STEPS_BETWEEN_CLOCK_READINGS

    def enter(self) -> None:
        """Account for one more FEEL function on the stack; `leave` takes it back."""
        self.depth += 1
        if self.depth > self.budget.depth:
            raise BudgetExceeded("depth", self.budget.depth)
        self.tick()

    def leave(self) -> None:
        self.depth -= 1

    def checked_size(self, value: list[object]) -> list[object]:
        if len(value) > self.budget.size:
            raise BudgetExceeded("size", self.budget.size)
        return value

    def checked_text(self, text: str) -> str:
        """A text just made, if it is short enough; its length counts as work, or many would take all memory."""
        length = len(text)
        self.check_length(length)
        if length >= _CHARACTERS_A_STEP:
            self.tick(length // _CHARACTERS_A_STEP)
        return text

    def check_length(self, length: int) -> None:
        """Refuse a text that would have this many code points."""
        if length > self.budget.string_length:
            raise BudgetExceeded("string_length", self.budget.string_length)

    def checked_number(self, number: Decimal) -> Decimal:
        if abs(number.adjusted()) > self.budget.digits:
            raise BudgetExceeded("digits", self.budget.digits)
        return number

    def notice(self, code: str, position: Position, **params: str) -> None:
        """Record why something became null; the first fifty are kept."""
        if len(self.notices) < MAX_NOTICES:
            self.notices.append(Notice(code, MSGIDS[code], params, position))

    def name_element(self, first: int, element: str) -> None:
        """Say of the notices from the `first` on in which element they arose, where that is not known yet."""
        for index in range(first, len(self.notices)):
            if not self.notices[index].element:
                self.notices[index] = self.notices[index]._replace(element=element)

    def check_whole_size(self, value: object) -> None:
        """Refuse a result whose parts, shared ones counted each time, are too many."""
        remaining = self.budget.size
        pending = [value]
        while pending:
            part = pending.pop()
            if isinstance(part, (list, dict)):
                remaining -= len(part)
                if remaining < 0:
                    raise BudgetExceeded("size", self.budget.size)
                pending.extend(part if isinstance(part, list) else part.values())


class Frame:
    """The variables of one activation: those given by name, and the slots of local names."""

    __slots__ = ("evaluation", "slots", "variables")

    def __init__(self, variables: Mapping[str, object], slots: list[object], evaluation: Evaluation) -> None:
        self.variables = variables
        self.slots = slots
        self.evaluation = evaluation
