"""Steps that take long, in a request: computed between two transactions, while others are answered."""

from collections.abc import Callable
from typing import Any, TypeVar

from app.database import reading
from app.extensions import db
from app.operations.giving_way import WAITED_FOR
from app.operations.long_steps import Foreseen, Question, foreseen, with_foresight

Done = TypeVar("Done")


def beside_others(work: Callable[[], Done]) -> Done:
    """Do a piece of work, again from its beginning where a step of it takes long.

    Arguments: work, which begins in the request's transaction and commits what is to be kept.
    """
    return with_foresight(work, _foresee)


def _foresee(question: Question[Any]) -> Foreseen:
    db.session.rollback()
    with reading(), WAITED_FOR.aside():
        known = foreseen(db.session(), question)
    db.session.rollback()
    return known
