from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.database import writing
from app.models import Erasure, SubjectKey
from app.operations.history import Event, append_events, case_stream, customer_stream
from app.operations.history_canonical import NotCanonical
from app.operations.history_erasure import erase_subject, replay_erasures
from app.operations.history_reading import RecordedEvent, read_events
from app.operations.history_sealing import seal_history
from app.operations.history_verification import verify_history
from app.operations.subject_keys import PersonErased, subject_keys
from tests.integration.databases import only_sqlite
from tests.integration.history.conftest import ANNA, NOW

CASE = case_stream("a1")
SECRET = "王小明 10012345678"


def record_personal(session: Session, subject: str = "c1") -> None:
    event = Event("customer_heard", {"n": 1}, personal={"said": SECRET}, subject_id=subject)
    append_events(session, CASE, [event], actor=ANNA, now=NOW)
    session.commit()


def only_event(session: Session) -> RecordedEvent:
    (event,) = read_events(session, CASE)
    return event


def test_personal_fields_come_back_decrypted(session: Session) -> None:
    record_personal(session)
    event = only_event(session)
    assert (event.personal, event.is_erased, event.body) == ({"said": SECRET}, False, {"n": 1})


def test_personal_fields_are_not_in_the_database(session: Session, engine: Engine) -> None:
    record_personal(session)
    with engine.connect() as connection:
        stored = connection.exec_driver_sql("SELECT canonical FROM history_event").scalar_one()
    assert SECRET.encode() not in bytes(stored)


def test_erased_person_is_gone_and_the_chain_still_verifies(session: Session) -> None:
    record_personal(session)
    record_personal(session, "c2")
    seal_history(session, NOW)
    session.commit()
    erase_subject(session, "c1", "asked for it", actor=ANNA, now=NOW)
    session.commit()
    erased, kept = read_events(session, CASE)
    assert (erased.personal, erased.is_erased) == (None, True)
    assert (kept.personal, kept.is_erased) == ({"said": SECRET}, False)
    assert verify_history(session).is_intact
    assert [event.type for event in read_events(session, customer_stream("c1"))] == ["personal_data_erased"]
    assert session.scalars(select(Erasure.subject_id)).all() == ["c1"]


def test_nothing_personal_can_be_added_after_an_erasure(session: Session) -> None:
    erase_subject(session, "c1", "asked for it", actor=ANNA, now=NOW)
    with pytest.raises(PersonErased):
        record_personal(session)


def test_erasing_again_changes_nothing(session: Session) -> None:
    for _ in range(2):
        erase_subject(session, "c1", "asked for it", actor=ANNA, now=NOW)
        session.commit()
    assert len(read_events(session, customer_stream("c1"))) == 1


def test_key_is_kept_when_the_transaction_fails(session: Session) -> None:
    append_events(
        session, CASE, [Event("x_happened", {}, personal={"a": 1}, subject_id="c1")], actor=ANNA, now=NOW
    )
    session.rollback()
    assert set(subject_keys(session).keys_of(["c1"])) == {"c1"}
    assert read_events(session, CASE) == []


def test_personal_fields_open_at_their_own_place_only(session: Session) -> None:
    record_personal(session)
    keys = subject_keys(session)
    first = keys.seal("c1", b"x", b"case:a1#1", NOW)
    assert first != keys.seal("c1", b"x", b"case:a1#1", NOW)  # a nonce of its own each time


def test_personal_fields_need_a_person(session: Session) -> None:
    with pytest.raises(NotCanonical):
        append_events(session, CASE, [Event("x_happened", {}, personal={"a": 1})], actor=ANNA, now=NOW)


def test_restored_key_is_destroyed_again(session: Session, keys_engine: Engine) -> None:
    record_personal(session)
    with keys_engine.connect() as connection:
        key = connection.scalar(select(SubjectKey.key))
    erase_subject(session, "c1", "asked for it", actor=ANNA, now=NOW)
    session.commit()
    with writing(), Session(keys_engine) as restore:
        restore.get_one(SubjectKey, "c1").key = key
        restore.commit()
    assert only_event(session).personal is not None
    assert replay_erasures(session, actor=ANNA, now=NOW) == {"c1"}
    assert only_event(session).is_erased


def test_ledger_of_a_restored_database_is_completed(session: Session) -> None:
    erase_subject(session, "c1", "asked for it", actor=ANNA, now=NOW)
    session.rollback()  # as a restore of yesterday's main database
    assert replay_erasures(session, actor=ANNA, now=NOW) == {"c1"}
    session.commit()
    assert session.scalars(select(Erasure.subject_id)).all() == ["c1"]


@only_sqlite  # PostgreSQL forgets dead rows with VACUUM
def test_destroyed_key_is_nowhere_in_the_files(session: Session, tmp_path: Path) -> None:
    record_personal(session)
    key = subject_keys(session).keys_of(["c1"])["c1"]
    erase_subject(session, "c1", "asked for it", actor=ANNA, now=NOW)
    assert not [path for path in tmp_path.glob("keys.db*") if key in path.read_bytes()]
