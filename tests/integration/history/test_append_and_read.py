from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.operations.actor import Actor
from app.operations.history import NEW_STREAM, Event, append_events, case_stream, customer_stream, find_head
from app.operations.history_canonical import NotCanonical
from app.operations.history_reading import read_events
from app.operations.subject_keys import PersonErased, subject_keys

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
ANNA = Actor("anna", on_behalf_of="boss")
CASE = case_stream("a1")


def test_events_come_back_as_they_were_recorded(session: Session) -> None:
    opened = Event("user_task_opened", {"name": "拨打电话"}, element_id="call", activity_id="act1")
    changed = Event("variable_changed", {"name": "level", "old": None, "new": ["major", 1, True]}, reason="typo")
    head = append_events(session, CASE, [opened, changed], actor=ANNA, now=NOW, instance_id="a1", site_id="s1")
    session.commit()

    first, second = read_events(session, CASE)
    assert (first.type, first.element_id, first.activity_id, first.body) == (
        "user_task_opened", "call", "act1", {"name": "拨打电话"},
    )
    assert (second.body, second.reason) == (changed.body, "typo")
    assert (second.actor_id, second.on_behalf_of_id, second.at) == ("anna", "boss", NOW)
    assert (second.site_id, second.instance_id, second.stream_sequence) == ("s1", "a1", 2)
    assert (head.sequence, head.hash) == (2, second.hash)
    assert find_head(session, CASE) == head


def test_reading_goes_on_after_what_is_known(session: Session) -> None:
    append_events(session, CASE, [Event("x_happened", {"n": n}) for n in range(5)], actor=ANNA, now=NOW)
    assert [event.body["n"] for event in read_events(session, CASE, after=2, limit=2)] == [2, 3]


def test_streams_are_apart(session: Session) -> None:
    append_events(session, CASE, [Event("x_happened", {})], actor=ANNA, now=NOW)
    head = append_events(session, customer_stream("c1"), [Event("x_happened", {})], actor=ANNA, now=NOW)
    assert head.sequence == 1


def test_second_writer_of_a_place_is_refused(session: Session) -> None:
    append_events(session, CASE, [Event("x_happened", {})], actor=ANNA, now=NOW, head=NEW_STREAM)
    with pytest.raises(IntegrityError):
        append_events(session, CASE, [Event("y_happened", {})], actor=ANNA, now=NOW, head=NEW_STREAM)


def test_appending_costs_one_insert_and_at_most_two_reads(
    session: Session, engine: Engine, count_statements: Callable[[Engine], list[str]]
) -> None:
    events = [Event("x_happened", {"n": n}) for n in range(20)]
    statements = count_statements(engine)
    head = append_events(session, "configuration", events, actor=ANNA, now=NOW)
    assert len(statements) <= 3
    statements.clear()
    append_events(session, "configuration", events, actor=ANNA, now=NOW, head=head)
    assert len(statements) == 1


def test_a_persons_key_is_looked_up_once_in_a_transaction(
    session: Session, keys_engine: Engine, count_statements: Callable[[Engine], list[str]]
) -> None:
    events = [Event("x_happened", {"n": n}, personal={"said": "yes"}, subject_id="c1") for n in range(5)]
    append_events(session, CASE, events, actor=ANNA, now=NOW)
    session.commit()
    statements = count_statements(keys_engine)
    for _ in range(2):
        append_events(session, CASE, events, actor=ANNA, now=NOW)
    assert len(statements) == 1
    session.commit()
    append_events(session, CASE, events, actor=ANNA, now=NOW)
    assert len(statements) == 2


def test_nothing_is_sealed_with_a_key_destroyed_in_the_same_transaction(session: Session) -> None:
    personal = Event("x_happened", {}, personal={"said": "yes"}, subject_id="c1")
    append_events(session, CASE, [personal], actor=ANNA, now=NOW)
    subject_keys(session).destroy("c1", NOW)
    with pytest.raises(PersonErased):
        append_events(session, CASE, [personal], actor=ANNA, now=NOW)


@pytest.fixture
def count_statements() -> Callable[[Engine], list[str]]:
    def watch(engine: Engine) -> list[str]:
        statements: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        return statements

    return watch


def test_writers_of_the_customer_stream_take_turns(sessions: sessionmaker[Session]) -> None:
    for n in range(3):
        with writing(0.5), sessions() as session:
            append_events(session, customer_stream("c"), [Event("x_happened", {"n": n})], actor=ANNA, now=NOW)
            session.commit()
    with sessions() as session:
        assert [event.stream_sequence for event in read_events(session, customer_stream("c"))] == [1, 2, 3]


@pytest.mark.parametrize("value", [0.5, NOW, timedelta(1), object(), b"x", 2**70, {1: "x"}, "\ud800"])
def test_what_has_no_canonical_form_is_refused(session: Session, value: object) -> None:
    with pytest.raises(NotCanonical):
        append_events(session, CASE, [Event("x_happened", {"value": value})], actor=ANNA, now=NOW)
