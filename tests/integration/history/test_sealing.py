from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import HistoryPending, HistorySeal, HistorySealEntry
from app.operations.history_checkpoints import CheckpointUnreadable, newest_checkpoint, read_checkpoints
from app.operations.history_sealing import seal_history
from app.operations.history_verification import verify_history
from app.operations.signing_keys import rotate_signing_key
from tests.integration.databases import only_postgres
from tests.integration.history.conftest import NOW, record


def test_nothing_new_makes_no_seal(session: Session) -> None:
    assert seal_history(session, NOW) == 0
    record(session, "a")
    assert seal_history(session, NOW) == 1
    assert seal_history(session, NOW) == 0
    assert session.scalar(select(func.count()).select_from(HistorySeal)) == 1


def test_many_events_take_several_seals(session: Session) -> None:
    record(session, "a", 7)
    assert [seal_history(session, NOW, most=3) for _ in range(4)] == [3, 3, 1, 0]
    session.commit()
    assert set(session.scalars(select(HistorySealEntry.position))) == set(range(1, 8))
    result = verify_history(session)
    assert (result.is_intact, result.seals, result.unsealed) == (True, 3, 0)


def test_rolled_back_seal_leaves_its_events_waiting(session: Session) -> None:
    record(session, "a", 2)
    seal_history(session, NOW)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(HistoryPending)) == 2
    assert seal_history(session, NOW) == 2


@only_postgres
def test_event_that_is_committed_late_comes_with_the_next_seal(sessions: sessionmaker[Session]) -> None:
    """The slow transaction holds the lower sequence and commits after the seal; SQLite has one writer at a time."""
    with writing(0.5), sessions() as slow, sessions() as quick:
        _append_without_commit(slow)
        record(quick, "b")
        assert seal_history(quick, NOW) == 1
        quick.commit()
        slow.commit()
        assert seal_history(quick, NOW + timedelta(seconds=1)) == 1
        quick.commit()
        order = select(HistorySealEntry.event_sequence).order_by(HistorySealEntry.position)
        assert quick.scalars(order).all() == [2, 1]
        assert verify_history(quick).is_intact


def _append_without_commit(session: Session) -> None:
    commit, session.commit = session.commit, lambda: None  # type: ignore[method-assign]
    record(session, "a")
    session.commit = commit  # type: ignore[method-assign]


@only_postgres
def test_two_sealers_do_not_meet(sessions: sessionmaker[Session]) -> None:
    with writing(0.5), sessions() as one, sessions() as other:
        record(one, "a", 2)
        assert seal_history(one, NOW) == 2
        assert seal_history(other, NOW) == 0
        one.commit()
        other.rollback()
        assert seal_history(other, NOW) == 0


def test_old_seals_verify_after_the_key_was_changed(session: Session) -> None:
    record(session, "a")
    seal_history(session, NOW)
    session.commit()
    key_id = rotate_signing_key(session, NOW + timedelta(days=1))
    record(session, "a")
    seal_history(session, NOW + timedelta(days=1))
    session.commit()
    assert session.scalars(select(HistorySeal.key_id).order_by(HistorySeal.number.desc())).first() == key_id
    assert verify_history(session).is_intact


def test_checkpoint_of_an_empty_history(session: Session) -> None:
    assert newest_checkpoint(session) is None


def test_checkpoint_file_is_read_back(session: Session) -> None:
    lines = []
    for day in range(3):
        record(session, "a")
        seal_history(session, NOW + timedelta(days=day))
        checkpoint = newest_checkpoint(session)
        assert checkpoint is not None
        lines.append(checkpoint.line)
        session.commit()
    checkpoints = read_checkpoints("\n".join(reversed(lines)) + "\n\n")
    assert [checkpoint.size for checkpoint in checkpoints] == [1, 2, 3]
    assert verify_history(session, checkpoints).is_intact


@pytest.mark.parametrize(("old", "new"), [
    ('"size": 1', '"size": 2'), ('"number": 1', '"number": 2'), ("aftercare-checkpoint-1", "other"), ("{", ""),
    ('"root": "', '"root": "zz'), ('"size": 1', '"size": -1'), ('"sealed_at": "2026', '"sealed_at": "2027'),
])
def test_changed_checkpoint_file_is_refused(session: Session, old: str, new: str) -> None:
    record(session, "a")
    seal_history(session, NOW)
    checkpoint = newest_checkpoint(session)
    assert checkpoint is not None
    assert old in checkpoint.line
    with pytest.raises(CheckpointUnreadable, match="Line 2"):
        read_checkpoints(checkpoint.line + "\n" + checkpoint.line.replace(old, new))
