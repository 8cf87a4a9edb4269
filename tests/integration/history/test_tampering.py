"""What somebody with all rights over the database can do, and what the verification says to it."""

from collections.abc import Callable
from datetime import timedelta

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.models import HistoryEvent, HistorySeal, HistorySealEntry
from app.operations.history_canonical import FIRST_PREVIOUS_HASH, canonical_json, event_hash
from app.operations.history_checkpoints import Checkpoint, newest_checkpoint, read_checkpoints
from app.operations.history_log import MerkleLog, leaf_hash
from app.operations.history_sealing import seal_history, seal_message
from app.operations.history_verification import verify_history
from app.operations.signing_keys import key_id_of, signing_key
from tests.integration.history.conftest import NOW, record, replace, run_sql

Attack = Callable[[Connection], object]
Intruder = Callable[[Attack], None]
VICTIM = 5  # the sequence of the event under attack: the third of case "a"


@pytest.fixture
def checkpoint(session: Session) -> Checkpoint:
    """Two cases of six events, three seals, and a checkpoint of the last one outside."""
    for seconds in range(3):
        record(session, "a", 2)
        record(session, "b", 2)
        seal_history(session, NOW + timedelta(seconds=seconds))
        session.commit()
    newest = newest_checkpoint(session)
    session.commit()
    assert newest is not None
    return read_checkpoints(newest.line)[0]


def test_untouched_history_is_intact(session: Session, checkpoint: Checkpoint) -> None:
    result = verify_history(session, [checkpoint])
    assert result.is_intact
    assert (result.events, result.streams, result.seals, result.unsealed) == (12, 2, 3, 0)


def _rechain(connection: Connection, case: str, change: Callable[[dict[str, object]], object]) -> None:
    """Rewrite all events of a case so that its chain holds again."""
    previous = FIRST_PREVIOUS_HASH
    rows = connection.execute(
        select(HistoryEvent.sequence, HistoryEvent.canonical)
        .where(HistoryEvent.stream == f"case:{case}").order_by(HistoryEvent.stream_sequence)
    ).all()
    for sequence, canonical in rows:
        content = orjson.loads(canonical)
        if sequence == VICTIM:
            change(content)
        rewritten = canonical_json(content)
        digest = event_hash(previous, rewritten)
        values = {"canonical": rewritten, "previous_hash": previous, "hash": digest}
        replace(connection, "history_event", {"sequence": sequence}, values)
        previous = digest


def _reseal(connection: Connection, key: Ed25519PrivateKey, key_id: str) -> None:
    """Rewrite entries and seals so that they fit the events again, signed with `key`."""
    log = MerkleLog()
    seals = select(HistorySeal.number, HistorySeal.sealed_at).order_by(HistorySeal.number)
    for seal in connection.execute(seals).all():
        entries = connection.execute(
            select(HistorySealEntry.position, HistorySealEntry.event_sequence, HistoryEvent.hash)
            .join(HistoryEvent, HistoryEvent.sequence == HistorySealEntry.event_sequence)
            .where(HistorySealEntry.seal_number == seal.number).order_by(HistorySealEntry.position)
        ).all()
        for position, sequence, digest in entries:
            replace(connection, "history_seal_entry", {"position": position}, {"event_hash": digest})
            log.append(leaf_hash(sequence, digest))
        signature = key.sign(seal_message(seal.number, log.size, log.root, seal.sealed_at))
        replace(connection, "history_seal", {"number": seal.number}, {
            "size": log.size, "root": log.root, "peaks": log.peaks, "signature": signature, "key_id": key_id,
        })


def _forge(content: dict[str, object]) -> None:
    content["actor"] = "mallory"


def _forge_actor(connection: Connection) -> None:
    """The whole job: event, columns, chain."""
    _rechain(connection, "a", _forge)
    replace(connection, "history_event", {"sequence": VICTIM}, {"actor_id": "mallory"})


def _swap_bodies(connection: Connection) -> None:
    query = select(HistoryEvent.canonical).where(HistoryEvent.sequence.in_((VICTIM, VICTIM + 1)))
    one, other = connection.scalars(query.order_by(HistoryEvent.sequence))
    replace(connection, "history_event", {"sequence": VICTIM}, {"canonical": other})
    replace(connection, "history_event", {"sequence": VICTIM + 1}, {"canonical": one})


def _swap_sequences(connection: Connection) -> None:
    for old, new in ((VICTIM, 999), (VICTIM + 1, VICTIM), (999, VICTIM + 1)):
        run_sql(connection, "UPDATE history_event SET sequence = :new WHERE sequence = :old", new=new, old=old)


def _insert(connection: Connection) -> None:
    """Push an event in between: the later ones move up, so their links no longer fit."""
    for place in (6, 5, 4, 3):
        key = {"stream": "case:a", "stream_sequence": place}
        replace(connection, "history_event", key, {"stream_sequence": place + 1})
    run_sql(connection, """
        INSERT INTO history_event
            (sequence, stream, stream_sequence, type, actor_id, at, canonical, previous_hash, hash)
        SELECT 500, stream, 3, type, actor_id, at, canonical, previous_hash, :hash FROM history_event WHERE sequence = 2
    """, hash=b"\1" * 32)


ATTACKS: dict[str, tuple[Attack, str]] = {
    "change the bytes": (
        lambda c: replace(c, "history_event", {"sequence": VICTIM}, {"canonical": b"{}"}), "event_changed",
    ),
    "change the actor shown": (
        lambda c: replace(c, "history_event", {"sequence": VICTIM}, {"actor_id": "mallory"}), "columns_differ",
    ),
    "change the element shown": (
        lambda c: replace(c, "history_event", {"sequence": VICTIM}, {"element_id": None}), "columns_differ",
    ),
    "change the hash": (
        lambda c: replace(c, "history_event", {"sequence": VICTIM}, {"hash": b"\1" * 32}), "event_changed",
    ),
    "delete in the middle": (
        lambda c: run_sql(c, "DELETE FROM history_event WHERE sequence = 5"), "event_missing",
    ),
    "delete the first": (
        lambda c: run_sql(c, "DELETE FROM history_event WHERE sequence = 1"), "event_missing",
    ),
    "cut a stream's tail": (
        lambda c: run_sql(c, "DELETE FROM history_event WHERE sequence = 10"), "sealed_event_missing",
    ),
    "delete a whole stream": (
        lambda c: run_sql(c, "DELETE FROM history_event WHERE stream = 'case:a'"), "sealed_event_missing",
    ),
    "empty the table": (lambda c: run_sql(c, "DELETE FROM history_event"), "sealed_event_missing"),
    "swap two events": (_swap_bodies, "event_changed"),
    "swap two row numbers": (_swap_sequences, "sealed_event_differs"),
    "push an event in between": (_insert, "link_broken"),
    "rewrite and chain again": (_forge_actor, "sealed_event_differs"),
    "delete an entry": (
        lambda c: run_sql(c, "DELETE FROM history_seal_entry WHERE position = 5"), "entry_missing",
    ),
    "change an entry": (
        lambda c: replace(c, "history_seal_entry", {"position": 5}, {"event_hash": b"\1" * 32}), "sealed_event_differs",
    ),
    "move an entry to another seal": (
        lambda c: replace(c, "history_seal_entry", {"position": 5}, {"seal_number": 1}), "entry_misplaced",
    ),
    "delete a seal": (lambda c: run_sql(c, "DELETE FROM history_seal WHERE number = 2"), "seal_missing"),
    "change a root": (
        lambda c: replace(c, "history_seal", {"number": 2}, {"root": b"\1" * 32}), "seal_differs",
    ),
    "change a time": (
        lambda c: run_sql(c, "UPDATE history_seal SET sealed_at = (SELECT min(sealed_at) FROM history_seal)"),
        "seal_signature_wrong",
    ),
    "change a signature": (
        lambda c: replace(c, "history_seal", {"number": 2}, {"signature": b"\1" * 64}), "seal_signature_wrong",
    ),
    "cut the last seal off": (
        lambda c: (run_sql(c, "DELETE FROM history_seal_entry WHERE seal_number = 3"),
                   run_sql(c, "DELETE FROM history_seal WHERE number = 3")),
        "event_never_sealed",
    ),
    "drop the last seal only": (
        lambda c: run_sql(c, "DELETE FROM history_seal WHERE number = 3"), "entries_beyond_seals",
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_database_alone_shows_it(session: Session, checkpoint: Checkpoint, intruder: Intruder, name: str) -> None:
    attack, expected = ATTACKS[name]
    intruder(attack)
    result = verify_history(session)
    assert [found.code for found in result.findings][:1] == [expected]
    assert str(result.findings[0])


def test_first_broken_event_is_named(session: Session, checkpoint: Checkpoint, intruder: Intruder) -> None:
    def attack(connection: Connection) -> None:
        replace(connection, "history_event", {"sequence": VICTIM + 2}, {"canonical": b"{}"})  # of case b
        replace(connection, "history_event", {"sequence": VICTIM + 5}, {"canonical": b"{}"})  # of case a

    intruder(attack)
    found = verify_history(session).findings[0]
    assert (found.sequence, str(found)) == (VICTIM + 2, "case:b, event 3 was changed after it was recorded.")


def test_unsealed_event_that_was_removed(session: Session, checkpoint: Checkpoint, intruder: Intruder) -> None:
    record(session, "a")
    assert verify_history(session).unsealed == 1
    session.commit()
    intruder(lambda c: run_sql(c, "DELETE FROM history_event WHERE sequence = 13"))
    assert [found.code for found in verify_history(session).findings] == ["unsealed_event_missing"]


def test_rewriting_and_signing_with_a_key_of_ones_own(
    session: Session, checkpoint: Checkpoint, intruder: Intruder
) -> None:
    own = Ed25519PrivateKey.generate()
    key_id = key_id_of(own.public_key().public_bytes_raw())
    intruder(lambda c: (_forge_actor(c), _reseal(c, own, key_id)))
    assert [found.code for found in verify_history(session).findings] == ["seal_key_unknown"]


class TestWithAStolenSigningKey:
    """Whoever has both databases can make them agree; only the checkpoint outside tells."""

    def test_rewritten(self, session: Session, checkpoint: Checkpoint, intruder: Intruder) -> None:
        key_id, key = signing_key(session, NOW)
        intruder(lambda c: (_forge_actor(c), _reseal(c, key, key_id)))
        assert verify_history(session).is_intact
        session.commit()
        found = verify_history(session, [checkpoint]).findings
        assert [one.code for one in found] == ["checkpoint_differs"]

    def test_truncated(self, session: Session, checkpoint: Checkpoint, intruder: Intruder) -> None:
        def attack(connection: Connection) -> None:
            run_sql(connection, "DELETE FROM history_event WHERE sequence > 8")
            run_sql(connection, "DELETE FROM history_seal_entry WHERE seal_number = 3")
            run_sql(connection, "DELETE FROM history_seal WHERE number = 3")

        intruder(attack)
        assert verify_history(session).is_intact
        session.commit()
        found = verify_history(session, [checkpoint]).findings
        assert [one.code for one in found] == ["shorter_than_checkpoint"]
