"""Answers kept for programs that ask again because the first answer did not reach them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from app.errors import Conflict, InvalidInput
from app.i18n import N_
from app.models import KeptAnswer
from app.models.prepared import Prepared, run, table_of
from app.operations.rows import insert_if_new

KEPT = timedelta(hours=24)
MOST_AT_ONCE = 1000
_KEPT = table_of(KeptAnswer)
_MINE = _KEPT.c.id == bindparam("key_id")
_FIND = Prepared(select(_KEPT.c.request, _KEPT.c.status, _KEPT.c.content).where(_MINE))
_COMPLETE = Prepared(
    update(_KEPT).where(_MINE).values(status=bindparam("new_status"), content=bindparam("new_content"))
)


class KeyUsedDifferently(InvalidInput):
    """The key came with another request before."""


class RequestUnderWay(Conflict):
    """The same request is being done at this moment."""

    retry_after = 1

    def __init__(self) -> None:
        super().__init__(N_("The same request is being done at this moment. Send it again in a second."))


class AnswerLost(Conflict):
    """The request was done, and its answer is not there (any more), or not for this person as things stand now."""

    def __init__(self) -> None:
        super().__init__(N_("This was done, but its answer is lost. Look up what there is."))


@dataclass(frozen=True, slots=True)
class FoundAnswer:
    """An answer as it was given; `content` is sealed."""

    status: int
    content: bytes


def find_answer(session: Session, key_id: bytes, request: bytes) -> FoundAnswer | None:
    """What was answered to this request under this key; None: it is new. Raises KeyUsedDifferently, AnswerLost."""
    row = _FIND.first(session, {"key_id": key_id})
    if row is None:
        return None
    known, status, content = row
    if known != request:
        raise KeyUsedDifferently(
            N_("This Idempotency-Key came with another request before. Give each request a key of its own.")
        )
    if status is None or content is None:
        raise AnswerLost
    return FoundAnswer(status, content)


def keep_answer(session: Session, key_id: bytes, request: bytes, answer: FoundAnswer | None, *, now: datetime) -> None:
    """Keep it, in the transaction of what was done; None where the answer is not known yet.

    Raises RequestUnderWay where another server has just done the same: nothing of this transaction may be kept then.
    """
    values = {"id": key_id, "request": request, "kept_at": now}
    values |= {"status": answer and answer.status, "content": answer and answer.content}
    if not insert_if_new(session, KeptAnswer, values):
        raise RequestUnderWay


def complete_answer(session: Session, key_id: bytes, answer: FoundAnswer) -> None:
    """Keep the answer to what was done before in a transaction of its own."""
    _COMPLETE.change(session, {"key_id": key_id, "new_status": answer.status, "new_content": answer.content})


def lose_kept_answers(session: Session) -> None:
    """Destroy all answers, whose ever they are: they may tell of somebody whose data is erased. What was done stays."""
    run(session, update(_KEPT).where(_KEPT.c.content.is_not(None)).values(status=None, content=None))


def forget_kept_answers(session: Session, now: datetime) -> int:
    """Delete what was kept long enough; whoever asks again after that is done again."""
    old = select(_KEPT.c.id).where(_KEPT.c.kept_at < now - KEPT).limit(MOST_AT_ONCE)
    return len(run(session, delete(_KEPT).where(_KEPT.c.id.in_(old)).returning(_KEPT.c.id)).all())
