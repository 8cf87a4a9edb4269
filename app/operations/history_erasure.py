"""Erasing a person from frozen content: their key is destroyed, the chains still verify."""

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.database import Base
from app.models import Erasure
from app.operations.actor import Actor
from app.operations.case_content_erasure import erase_case_content
from app.operations.history import Event, append_events, customer_stream
from app.operations.kept_answers import lose_kept_answers
from app.operations.search_index import forget_subject
from app.operations.subject_keys import subject_keys

_LEDGER = Base.metadata.tables[Erasure.__tablename__]


def erase_subject(session: Session, subject_id: str, reason: str, *, actor: Actor, now: datetime) -> None:
    """Destroy a person's key and write it in the ledger; doing it again changes nothing.

    The key is gone at once, even should the caller's transaction fail: `replay_erasures` then writes the ledger.
    Files and comments of the person's cases go with it. The other rows that may change (name, phone) are the
    caller's to scrub.
    """
    subject_keys(session).destroy(subject_id, now)
    forget_subject(session, subject_id)
    erase_case_content(session, [subject_id], now=now)
    lose_kept_answers(session)
    if session.scalar(select(Erasure.subject_id).where(Erasure.subject_id == subject_id)) is None:
        _note(session, subject_id, reason, actor, now)


def replay_erasures(session: Session, *, actor: Actor, now: datetime) -> frozenset[str]:
    """After a restore of either database: destroy again what the ledger names, and note what it misses.

    Returns the persons whose changeable rows the caller has to scrub again.
    """
    keys = subject_keys(session)
    destroyed = keys.destroyed()
    ledger = set(session.scalars(select(Erasure.subject_id)))
    for subject_id in sorted(ledger - destroyed):
        keys.destroy(subject_id, now)
        forget_subject(session, subject_id)
    for subject_id in sorted(destroyed - ledger):
        forget_subject(session, subject_id)
        _note(session, subject_id, "the key was destroyed before this copy of the database was restored", actor, now)
    erase_case_content(session, ledger | destroyed, now=now)
    lose_kept_answers(session)
    return frozenset(ledger | destroyed)


def _note(session: Session, subject_id: str, reason: str, actor: Actor, now: datetime) -> None:
    values = {"subject_id": subject_id, "reason": reason, "erased_by": actor.user_id, "erased_at": now}
    session.execute(insert(_LEDGER).values(values))
    event = Event("personal_data_erased", {"subject": subject_id}, reason=reason)
    append_events(session, customer_stream(subject_id), [event], actor=actor, now=now)
