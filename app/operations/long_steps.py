"""Steps that take long keep no lock while they are computed: given up at first, computed ahead, then done as foreseen.

An edge does its work `with_foresight`. A step that does not come to its end in a moment ends that attempt; the edge
lets the engine compute it as the case stands, without a transaction that writes, and does its work again. The step
finds its answer there if the case is still as it was: what the engine made of it, or how it failed.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy.orm import Session

from app.engine import MAX_CPU_SECONDS, TOO_MUCH_TIME, StepContext, StepFailed
from app.operations.giving_way import Patience

# Of the processor; a step of a hundred user tasks needs nearly as much.
HASTE_SECONDS = 0.03
# Steps of one piece of work that are computed ahead: a message to several cases, a signal. The rest is just done.
MOST_AHEAD = 5

Made = TypeVar("Made")
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a step may use: processor time, and what it calls every now and then to give way to others."""

    cpu_seconds: float = MAX_CPU_SECONDS
    give_way: Callable[[], None] | None = None


PATIENT_LIMITS = Limits()
_HASTY_LIMITS = Limits(HASTE_SECONDS)


@dataclass(frozen=True, slots=True)
class Question(Generic[Made]):
    """What the engine is asked for a step.

    `key` is all it depends on, so that equal keys have equal answers; `surroundings` opens what the step may know of
    the world, read in the session given; `ask` calls the engine.
    """

    key: tuple[object, ...]
    surroundings: Callable[[Session, Limits], AbstractContextManager[StepContext]]
    ask: Callable[[StepContext], Made]

    def put(self, session: Session, limits: Limits) -> tuple[Made, StepContext]:
        """The engine's answer and what it knew. Raises StepFailed."""
        with self.surroundings(session, limits) as context:
            return self.ask(context), context


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A question that was put ahead. `answer` is None where it failed, or depends on what others may have changed."""

    question: Question[Any]
    answer: tuple[Any, StepContext] | None
    failure: StepFailed | None = None


class StepTakesLong(Exception):  # nothing failed: an edge does its work again
    """A step was given up: it may be endless, or only long. Nothing of it was kept."""

    def __init__(self, question: Question[Any]) -> None:
        super().__init__()
        self.question = question


@dataclass(frozen=True, slots=True)
class _Foresight:
    """What is known in an attempt. Each answer is given once: two questions may be the same, as of two new cases."""

    known: list[Foreseen]
    is_hasty: bool

    def take(self, question: Question[Any]) -> Foreseen | None:
        found = next((one for one in self.known if one.question.key == question.key), None)
        if found is not None:
            self.known.remove(found)
        return found


_PATIENT = _Foresight([], is_hasty=False)
_foresight: ContextVar[_Foresight] = ContextVar("foresight", default=_PATIENT)


def with_foresight(work: Callable[[], Done], foresee: Callable[[Question[Any]], Foreseen]) -> Done:
    """Do a piece of work in whose steps the engine may take long.

    Arguments: work, in a transaction of its own; it is done again from the beginning, and has to leave no trace of an
    attempt that raised. foresee: ends that transaction and answers with `foreseen`.
    """
    known: list[Foreseen] = []
    while True:
        try:
            with _looking(_Foresight([*known], is_hasty=len(known) < MOST_AHEAD)):
                return work()
        except StepTakesLong as given_up:
            question = given_up.question
        known.append(foresee(question))


def foreseen(session: Session, question: Question[Any]) -> Foreseen:
    """Let the engine compute a step without a lock, giving way to others; nothing is kept.

    Arguments: session, whose transactions only read.
    """
    try:
        answer, context = question.put(session, Limits(give_way=Patience()))
    except StepFailed as failure:
        return Foreseen(question, None, failure)
    return Foreseen(question, None if context.data_stores else (answer, context))


def answered(session: Session, question: Question[Made]) -> tuple[Made, StepContext]:
    """The engine's answer to a question of this transaction, foreseen or new. Raises StepFailed, StepTakesLong."""
    foresight = _foresight.get()
    known = foresight.take(question)
    if known is not None and known.failure is not None:
        raise known.failure
    if known is not None and known.answer is not None:
        return known.answer
    if known is not None or not foresight.is_hasty:
        return question.put(session, PATIENT_LIMITS)
    try:
        return question.put(session, _HASTY_LIMITS)
    except StepFailed as failed:
        if failed.incident.msgid == TOO_MUCH_TIME:
            raise StepTakesLong(question) from failed
        raise


@contextmanager
def _looking(foresight: _Foresight) -> Iterator[None]:
    token = _foresight.set(foresight)
    try:
        yield
    finally:
        _foresight.reset(token)
