"""Sealing: new events are put in one global order and a signature covers all of it, every second or so."""

import struct
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.database import Base
from app.models import HistoryEvent, HistoryPending, HistorySeal, HistorySealEntry
from app.operations.history_canonical import canonical_moment
from app.operations.history_log import MerkleLog, leaf_hash
from app.operations.signing_keys import signing_key

MOST_EVENTS_PER_SEAL = 10_000
_SEAL_DOMAIN = b"aftercare.history.seal.v1\x00"
_SEALER_LOCK = 5_407_302  # any number nothing else in the product locks
_ENTRIES = Base.metadata.tables[HistorySealEntry.__tablename__]


def seal_message(number: int, size: int, root: bytes, sealed_at: datetime) -> bytes:
    """The bytes a seal's signature covers: the domain, number and size (8 bytes each), root and time."""
    return _SEAL_DOMAIN + struct.pack(">QQ", number, size) + root + canonical_moment(sealed_at).encode()


def seal_history(session: Session, now: datetime, *, most: int = MOST_EVENTS_PER_SEAL) -> int:
    """Seal the events that wait for it and return how many; the caller commits and repeats while there are `most`.

    An event that is committed later than one with a higher sequence still waits in `history_pending` and comes with
    the next seal, so none is left out, whatever the order of commits.
    """
    if not _is_the_only_sealer(session):
        return 0
    events = _waiting(session, most)
    if not events:
        return 0
    last = session.scalars(select(HistorySeal).order_by(HistorySeal.number.desc()).limit(1)).one_or_none()
    log = MerkleLog(last.size, last.peaks) if last else MerkleLog()
    number, first = (last.number + 1 if last else 1), log.size + 1
    log.extend(leaf_hash(sequence, digest) for sequence, digest in events)
    session.add(_signed(session, number, log, now))
    session.flush()
    session.execute(insert(_ENTRIES), [
        {"position": position, "seal_number": number, "event_sequence": sequence, "event_hash": digest}
        for position, (sequence, digest) in enumerate(events, first)
    ])
    sealed = select(HistorySealEntry.event_sequence).where(HistorySealEntry.seal_number == number)
    session.execute(
        delete(HistoryPending).where(HistoryPending.event_sequence.in_(sealed)),
        execution_options={"synchronize_session": False},
    )
    return len(events)


def _is_the_only_sealer(session: Session) -> bool:
    """SQLite has one writer at a time anyway."""
    if session.get_bind(HistorySeal).dialect.name != "postgresql":
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(_SEALER_LOCK))))


def _waiting(session: Session, most: int) -> Sequence[tuple[int, bytes]]:
    query = (
        select(HistoryEvent.sequence, HistoryEvent.hash)
        .join(HistoryPending, HistoryPending.event_sequence == HistoryEvent.sequence)
        .order_by(HistoryEvent.sequence)
        .limit(most)
    )
    return [(sequence, digest) for sequence, digest in session.execute(query)]


def _signed(session: Session, number: int, log: MerkleLog, now: datetime) -> HistorySeal:
    key_id, private = signing_key(session, now)
    return HistorySeal(
        number=number, size=log.size, root=log.root, peaks=log.peaks, key_id=key_id, sealed_at=now,
        signature=private.sign(seal_message(number, log.size, log.root, now)),
    )
