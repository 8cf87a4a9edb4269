"""Steps that take long keep no other writer waiting: on a database with one writer they are tried without its lock."""

from collections.abc import Callable
from typing import TypeVar

from app.database import reading
from app.extensions import db
from app.models import ProcessInstance
from app.operations.haste import StepTakesLong, in_haste

Done = TypeVar("Done")


def done_in_haste(step: Callable[[], Done], rehearse: Callable[[], None]) -> Done:
    """Do a step; one that does not come to its end in a moment is rehearsed first, and fails there if it is endless.

    Arguments: step, in the request's transaction; rehearse, the same without a lock and without keeping anything.
    """
    session = db.session()
    if session.get_bind(ProcessInstance).dialect.name != "sqlite":
        return step()  # only the case itself is locked
    try:
        with in_haste():
            return step()
    except StepTakesLong:
        session.rollback()  # others may write while it is tried
        with reading():
            rehearse()
        session.rollback()
    return step()
