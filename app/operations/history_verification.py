"""Verifying the history: every chain, every seal, and the first entry that is not as it was recorded."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import HistoryEvent, HistoryPending, HistorySeal, HistorySealEntry
from app.operations.history_chains_check import verify_chains
from app.operations.history_checkpoints import Checkpoint
from app.operations.history_findings import BrokenHistory, Finding, finding
from app.operations.history_log_check import verify_log


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """What was read, and what is broken: at most the first event of the chains and the first entry of the log."""

    events: int
    streams: int
    seals: int
    unsealed: int
    findings: tuple[Finding, ...]

    @property
    def is_intact(self) -> bool:
        """Nothing that was recorded was changed, removed, moved or added."""
        return not self.findings


def verify_history(session: Session, checkpoints: Sequence[Checkpoint] = ()) -> VerifyResult:
    """Read the whole history as a stream, in constant memory, and say whether it is as it was recorded.

    Events written since the last seal are guarded by their chains only; `unsealed` says how many those are.

    Arguments: checkpoints, seals kept outside (`read_checkpoints`), against which the log is held.
    """
    events, streams, broken_event = verify_chains(session)
    seals = session.scalar(select(func.max(HistorySeal.number))) or 0
    broken_entry = None
    try:
        verify_log(session, seals, checkpoints)
        _verify_covered(session)
    except BrokenHistory as error:
        broken_entry = error.finding
    unsealed = session.scalar(select(func.count()).select_from(HistoryPending)) or 0
    findings = tuple(found for found in (broken_event, broken_entry) if found)
    return VerifyResult(events, streams, seals, unsealed, findings)


def _verify_covered(session: Session) -> None:
    """Each entry has its seal, each event is sealed or waits for a seal, and what waits exists.

    One statement for each question: on PostgreSQL each sees one moment, while others go on writing.
    """
    seal = select(HistorySeal.number).where(HistorySeal.number == HistorySealEntry.seal_number)
    position = session.scalar(select(func.min(HistorySealEntry.position)).where(~seal.exists()))
    if position is not None:
        raise BrokenHistory(finding("entries_beyond_seals", position=position))
    event = select(HistoryEvent.sequence).where(HistoryEvent.sequence == HistoryPending.event_sequence)
    sequence = session.scalar(select(func.min(HistoryPending.event_sequence)).where(~event.exists()))
    if sequence is not None:
        raise BrokenHistory(finding("unsealed_event_missing", sequence=sequence))
    waiting = select(HistoryPending.event_sequence).where(HistoryPending.event_sequence == HistoryEvent.sequence)
    entry = select(HistorySealEntry.position).where(HistorySealEntry.event_sequence == HistoryEvent.sequence)
    hidden = select(HistoryEvent.sequence, HistoryEvent.stream, HistoryEvent.stream_sequence)
    row = session.execute(
        hidden.where(~waiting.exists(), ~entry.exists()).order_by(HistoryEvent.sequence).limit(1)
    ).one_or_none()
    if row is not None:
        raise BrokenHistory(finding("event_never_sealed", sequence=row[0], stream=row[1], stream_sequence=row[2]))
