"""Work whose steps take long: given up, computed ahead, done again with what was foreseen."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from app.engine import TOO_MUCH_TIME, StepContext, StepFailed
from app.engine.outcome import RaisedIncident
from app.operations.long_steps import (
    MOST_AHEAD,
    PATIENT_LIMITS,
    Foreseen,
    Limits,
    Question,
    answered,
    foreseen,
    with_foresight,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
READER = Session()


class Engine:
    """Takes long, gives each caller another answer, and counts what it was asked patiently."""

    def __init__(self, stores: dict[str, object] | None = None, failure: StepFailed | None = None) -> None:
        self.patiently = self.hastily = 0
        self._stores, self._failure = stores or {}, failure
        self._limits = PATIENT_LIMITS

    @contextmanager
    def surroundings(self, _reader: Session, limits: Limits) -> Iterator[StepContext]:
        self._limits = limits
        yield StepContext(now=NOW, zone=ZoneInfo("UTC"), data_stores=self._stores)

    def answer(self, _context: StepContext) -> int:
        if self._limits.cpu_seconds < PATIENT_LIMITS.cpu_seconds:
            self.hastily += 1
            raise failed(TOO_MUCH_TIME)
        self.patiently += 1
        if self._failure:
            raise self._failure
        return self.patiently

    def question(self, *key: object) -> Question[int]:
        return Question(key, self.surroundings, self.answer)


def failed(msgid: str) -> StepFailed:
    return StepFailed(RaisedIncident(None, "element", "budget", msgid, {}))


def foresee(question: Question[object]) -> Foreseen:
    return foreseen(READER, question)


def asked(question: Question[int]) -> int:
    return answered(READER, question)[0]


def test_without_foresight_a_step_just_takes_its_time() -> None:
    engine = Engine()
    assert asked(engine.question("a")) == 1
    assert engine.hastily == 0


def test_what_was_computed_ahead_is_not_computed_again() -> None:
    engine = Engine()
    assert with_foresight(lambda: asked(engine.question("a")), foresee) == 1
    assert (engine.hastily, engine.patiently) == (1, 1)


def test_each_step_of_the_work_is_computed_ahead_and_equal_ones_each_for_itself() -> None:
    engine = Engine()
    work = [engine.question("a"), engine.question("b"), engine.question("a")]
    assert with_foresight(lambda: [asked(question) for question in work], foresee) == [1, 2, 3]
    assert engine.patiently == 3


def test_a_failure_computed_ahead_is_the_failure_of_the_work() -> None:
    failure = failed("endless")
    engine = Engine(failure=failure)
    with pytest.raises(StepFailed) as raised:
        with_foresight(lambda: asked(engine.question("a")), foresee)
    assert raised.value is failure
    assert engine.patiently == 1


def test_a_case_that_changed_meanwhile_is_asked_about_anew() -> None:
    engine, states = Engine(), iter(["before", "after", "after"])
    assert with_foresight(lambda: asked(engine.question(next(states))), foresee) == 2
    assert engine.patiently == 2


def test_what_depends_on_data_of_several_cases_is_computed_again_under_its_lock() -> None:
    engine = Engine(stores={"stock": 5})
    assert with_foresight(lambda: asked(engine.question("a")), foresee) == 2


def test_after_some_steps_the_rest_is_just_done() -> None:
    engine, numbers = Engine(), iter(range(100))
    assert with_foresight(lambda: asked(engine.question(next(numbers))), foresee) == MOST_AHEAD + 1
    assert engine.hastily == MOST_AHEAD


def test_other_failures_do_not_make_the_work_be_done_again() -> None:
    attempts: list[int] = []

    def refuse(_context: StepContext) -> int:
        attempts.append(1)
        raise failed("something else")

    with pytest.raises(StepFailed):
        with_foresight(lambda: asked(Question(("a",), Engine().surroundings, refuse)), foresee)
    assert len(attempts) == 1
