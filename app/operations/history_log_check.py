"""The second half of a verification: the global log, its seals, and the checkpoints kept outside."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from itertools import islice

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.models import HistoryEvent, HistorySeal, HistorySealEntry
from app.operations.history_checkpoints import Checkpoint
from app.operations.history_findings import BrokenHistory, finding
from app.operations.history_log import MerkleLog, leaf_hash
from app.operations.history_sealing import seal_message
from app.operations.signing_keys import public_keys

_ROWS_AT_ONCE = 1000
_Entry = Row[int, int, int, bytes, bytes, str, int]


def verify_log(session: Session, seals: int, checkpoints: Sequence[Checkpoint]) -> None:
    """Rebuild the log entry by entry and hold every seal and checkpoint against it; raises `BrokenHistory`.

    Arguments: seals, the number of the last seal to look at: newer ones may come while this reads.
    """
    # Closed also where a finding ends the reading early: on PostgreSQL these are cursors of the server.
    with closing(_seals(session, seals)) as seal_rows, closing(_entries(session, seals)) as entry_rows:
        _rebuild(seal_rows, entry_rows, public_keys(session), list(reversed(checkpoints)))


def _rebuild(
    seals: Iterator[HistorySeal],
    entries: Iterator[_Entry],
    keys: dict[str, Ed25519PublicKey],
    outside: list[Checkpoint],
) -> None:
    log = MerkleLog()
    for expected, seal in enumerate(seals, 1):
        if seal.number != expected:
            raise BrokenHistory(finding("seal_missing", seal=expected))
        for entry in islice(entries, max(seal.size - log.size, 0)):
            _check_entry(entry, log.size + 1, seal.number)
            log.append(leaf_hash(entry.event_sequence, entry.event_hash))
            _hold_against(log, outside)
        _check_seal(seal, log, keys)
    extra = next(entries, None)
    if extra is not None:
        raise BrokenHistory(finding("entries_beyond_seals", position=extra.position))
    if outside:
        raise BrokenHistory(finding("shorter_than_checkpoint", seal=outside[-1].number, size=outside[-1].size))


def _seals(session: Session, last: int) -> Generator[HistorySeal, None, None]:
    query = select(HistorySeal).where(HistorySeal.number <= last).order_by(HistorySeal.number)
    with session.scalars(query, execution_options={"yield_per": _ROWS_AT_ONCE}) as rows:
        yield from rows


def _entries(session: Session, last: int) -> Generator[_Entry, None, None]:
    query = (
        select(
            HistorySealEntry.position, HistorySealEntry.seal_number, HistorySealEntry.event_sequence,
            HistorySealEntry.event_hash, HistoryEvent.hash.label("present_hash"), HistoryEvent.stream,
            HistoryEvent.stream_sequence,
        )
        .outerjoin(HistoryEvent, HistoryEvent.sequence == HistorySealEntry.event_sequence)
        .where(HistorySealEntry.seal_number <= last)
        .order_by(HistorySealEntry.position)
    )
    with session.execute(query, execution_options={"yield_per": _ROWS_AT_ONCE}) as rows:
        yield from rows


def _check_entry(entry: _Entry, position: int, seal_number: int) -> None:
    place = {"position": position, "sequence": entry.event_sequence}
    if entry.position != position:
        raise BrokenHistory(finding("entry_missing", position=position))
    if entry.seal_number != seal_number:
        raise BrokenHistory(finding("entry_misplaced", **place))
    if entry.present_hash is None:
        raise BrokenHistory(finding("sealed_event_missing", **place))
    if entry.present_hash != entry.event_hash:
        names = {"stream": entry.stream, "stream_sequence": entry.stream_sequence}
        raise BrokenHistory(finding("sealed_event_differs", **place, **names))


def _check_seal(seal: HistorySeal, log: MerkleLog, keys: dict[str, Ed25519PublicKey]) -> None:
    if (seal.size, seal.root, seal.peaks) != (log.size, log.root, log.peaks):
        raise BrokenHistory(finding("seal_differs", seal=seal.number))
    key = keys.get(seal.key_id)
    if key is None:
        raise BrokenHistory(finding("seal_key_unknown", seal=seal.number))
    try:
        key.verify(seal.signature, seal_message(seal.number, seal.size, seal.root, seal.sealed_at))
    except InvalidSignature as error:
        raise BrokenHistory(finding("seal_signature_wrong", seal=seal.number)) from error


def _hold_against(log: MerkleLog, outside: list[Checkpoint]) -> None:
    """Compare and drop the checkpoints over just this many entries; the nearest is last in the list."""
    while outside and outside[-1].size == log.size:
        checkpoint = outside.pop()
        if checkpoint.root != log.root:
            raise BrokenHistory(finding("checkpoint_differs", seal=checkpoint.number, size=checkpoint.size))
