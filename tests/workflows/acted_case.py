"""What scenarios say of a case, wherever it runs: on the engine alone, or with all the product does on a database."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Self

from app import engine, forms
from app.engine.outcome import ClockChange, OpenedUserTask, RequestedJob
from tests.workflows.cast import CALENDAR, whose

Texts = Mapping[str, str | list[str]]


class ActedCase(ABC):
    """A case of a shipped process whose user tasks are answered as a browser would: texts into the real form.

    `answer` fills in and sends a form, `refused` expects it to be sent back. Each is done by whom it is meant for, or
    by the person named in `by`.
    """

    process: engine.ParsedProcess
    now: datetime
    is_ended: bool
    end_event_id: str | None
    user_tasks: Mapping[str, OpenedUserTask]
    jobs: Mapping[str, RequestedJob]
    timers: Mapping[str, tuple[str, datetime]]
    messages: list[tuple[str, str | None, dict[str, object]]]
    clocks: list[ClockChange]
    flows: list[str]
    incidents: list[str]

    @abstractmethod
    def begin(self, texts: Texts, by: str = "advisor") -> Self:
        """Start with the start form."""

    @abstractmethod
    def begin_by_message(self, name: str, payload: Mapping[str, object]) -> Self:
        """Let a message start it."""

    @abstractmethod
    def begin_planned(self, occasion: str = "repair_3dc", level: int = 1, advisor_id: str | None = None) -> Self:
        """Start a follow-up on its day."""

    @abstractmethod
    def begin_by_timer(self) -> Self:
        """Let the timer of a start event start it, at the time it is set to."""

    @abstractmethod
    def finish(self, element_id: str, **result: object) -> Self:
        """Do the work of a service task; on the engine alone with this result."""

    @abstractmethod
    def fire(self, element_id: str) -> Self:
        """Let a timer happen, at the time it was set to."""

    @abstractmethod
    def wait(self, **duration: float) -> Self:
        """Let time pass."""

    @abstractmethod
    def pause_clock(self, clock_id: str) -> Self:
        """Let a clock of the case stand still."""

    @abstractmethod
    def resume_clock(self, clock_id: str) -> Self:
        """Let it go on."""

    @abstractmethod
    def add_file(self, name: str, element_id: str, nth: int = 0) -> Self:
        """Add a file on the page of a user task."""

    @abstractmethod
    def bound(
        self,
        form_key: str,
        texts: Texts | None,
        locale: str = "zh_CN",
        *,
        of: OpenedUserTask | None = None,
        by: str = "caller",
    ) -> forms.BoundForm:
        """A form with the case's variables, those around a user task where one is given, as `by` sees it."""

    @abstractmethod
    def play_again(self) -> None:
        """At the end: what happened can be done again from what is recorded of it, and leaves nothing undone."""

    @abstractmethod
    def _complete(self, opened: OpenedUserTask, values: Mapping[str, object], by: str) -> None: ...

    @property
    @abstractmethod
    def process_variables(self) -> dict[str, object]: ...

    def answer(self, element_id: str, /, nth: int = 0, by: str = "", **texts: str | list[str]) -> Self:
        opened = self.opened(element_id, nth)
        person = by or whose(opened)
        bound = self.bound(opened.form_key or "", texts, of=opened, by=person)
        assert bound.validate(), bound.errors
        self._complete(opened, bound.values(), person)
        return self

    def refused(self, element_id: str, /, nth: int = 0, **texts: str | list[str]) -> set[str]:
        """The names of the inputs that are wrong."""
        opened = self.opened(element_id, nth)
        bound = self.bound(opened.form_key or "", texts, of=opened, by=whose(opened))
        assert not bound.validate(), "the form was accepted"
        return set(bound.errors)

    def opened(self, element_id: str, nth: int = 0) -> OpenedUserTask:
        """The open user task of this element, the nth of several instances."""
        return [task for task in self.user_tasks.values() if task.element_id == element_id][nth]

    @property
    def open(self) -> list[str]:
        return sorted(task.element_id for task in self.user_tasks.values())

    def value(self, name: str) -> object:
        """A variable of the process scope."""
        return self.process_variables[name]

    def jobs_of(self, element_id: str) -> dict[str, object]:
        """What the service task asks of its connector."""
        return next(job.inputs for job in self.jobs.values() if job.element_id == element_id)

    def hours_until(self, moment: datetime | None) -> float:
        """Working hours from now."""
        assert moment is not None
        return float(CALENDAR.working_hours_between(self.now, moment))


def local(text: str) -> str:
    """A moment as the browser sends it, from `2026-03-02 15:00`."""
    return text.replace(" ", "T")
