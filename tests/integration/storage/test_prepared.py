"""Prepared statements run on the driver's cursor: same transaction, same types, same errors as through SQLAlchemy."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Engine, Numeric, bindparam, cast, event, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from app.database import create_engine_for, writing
from app.errors import Busy
from app.models import Group, HistoryEvent, User
from app.models.prepared import Prepared, dialect_name, run, table_of
from app.operations.rows import insert_rows, upsert_rows
from tests.integration.databases import only_postgres

NOW = datetime(2026, 1, 15, 8, 30, 0, 123456, tzinfo=UTC)
GROUP, USER, EVENT = table_of(Group), table_of(User), table_of(HistoryEvent)
FIND = Prepared(select(GROUP.c.id, GROUP.c.name_en).where(GROUP.c.id == bindparam("which")))
RENAME = Prepared(update(GROUP).where(GROUP.c.id == bindparam("which")).values(name_en=bindparam("new")))


def _group(name: str) -> dict[str, object]:
    return {"id": name, "name_en": "x", "name_zh": "x"}


def test_rows_are_written_read_and_counted(session: Session) -> None:
    insert_rows(session, Group, [_group("a"), _group("b")])
    assert RENAME.change(session, {"which": "a", "new": "A"}) == 1
    assert RENAME.change(session, {"which": "z", "new": "A"}) == 0
    upsert_rows(session, Group, [_group("a"), _group("c")], replaced=("name_zh",))
    assert FIND.rows(session, {"which": "a"}) == [("a", "A")]
    assert FIND.first(session, {"which": "c"}) == ("c", "x")
    assert FIND.first(session, {"which": "z"}) is None


def test_every_type_comes_back_as_it_went(session: Session) -> None:
    person = {"id": "p", "display_name": "王", "is_active": False, "email": None, "created_at": NOW}
    insert_rows(session, User, [person])
    columns = [USER.c[name] for name in person]
    assert Prepared(select(*columns)).rows(session) == [tuple(person.values())]
    row = {
        "stream": "s", "stream_sequence": 1, "type": "x_happened", "actor_id": "p", "at": NOW,
        "canonical": b"\x00\xff", "previous_hash": bytes(32), "hash": bytes(range(32)),
    }
    insert_rows(session, HistoryEvent, [row])
    assert Prepared(select(*(EVENT.c[name] for name in row))).rows(session) == [tuple(row.values())]


@pytest.mark.parametrize("number", [Decimal("12.50"), Decimal(0), None])
def test_numbers_come_back_as_decimals(session: Session, number: Decimal | None) -> None:
    typed = Prepared(select(cast(bindparam("number", type_=Numeric(10, 2)), Numeric(10, 2))))
    assert typed.rows(session, {"number": number}) == [(number,)]


def test_it_is_the_transaction_of_the_session(sessions: sessionmaker[Session]) -> None:
    with writing(1), sessions() as session:
        session.add(Group(**_group("pending")))
        assert FIND.first(session, {"which": "pending"})  # after what the session still had to write
        insert_rows(session, Group, [_group("a")])
        session.rollback()
        assert FIND.first(session, {"which": "a"}) is None
        insert_rows(session, Group, [_group("b")])
        session.commit()
        assert FIND.first(session, {"which": "b"})
    with sessions() as session:
        assert session.scalars(select(Group.id)).all() == ["b"]
        with pytest.raises(DBAPIError, match=r"readonly|read-only"):
            insert_rows(session, Group, [_group("c")])


def test_errors_are_those_of_sqlalchemy(session: Session) -> None:
    insert_rows(session, Group, [_group("a")])
    session.commit()
    with pytest.raises(IntegrityError):
        insert_rows(session, Group, [_group("a")])
    session.rollback()
    with pytest.raises(IntegrityError):
        Prepared(GROUP.insert().returning(GROUP.c.id), tuple(_group("a"))).rows(session, _group("a"))
    session.rollback()
    assert FIND.first(session, {"which": "a"}) == ("a", "x")


def test_errors_do_not_tell_the_values(session: Session) -> None:
    insert_rows(session, Group, [_group("somebody")])
    with pytest.raises(IntegrityError) as raised:
        insert_rows(session, Group, [{**_group("somebody"), "name_en": "13900000000"}])
    assert "13900000000" not in str(raised.value)


def test_who_waits_too_long_hears_busy(database_url: str, sessions: sessionmaker[Session]) -> None:
    with writing(1), sessions.begin() as session:
        insert_rows(session, Group, [_group("a")])
    other = create_engine_for(database_url)
    with writing(0.2), sessions() as first, Session(other) as second:
        RENAME.change(first, {"which": "a", "new": "A"})
        with pytest.raises(Busy):
            RENAME.change(second, {"which": "a", "new": "B"})
    other.dispose()


def test_a_listener_misses_nothing(session: Session, engine: Engine) -> None:
    insert_rows(session, Group, [_group("a")])
    heard: list[str] = []
    listener = lambda _c, _cursor, statement, *_rest: heard.append(statement)  # noqa: E731
    event.listen(engine, "before_cursor_execute", listener)
    insert_rows(session, Group, [_group("b"), _group("c")])
    assert RENAME.change(session, {"which": "c", "new": "C"}) == 1
    assert FIND.first(session, {"which": "c"}) == ("c", "C")
    event.remove(engine, "before_cursor_execute", listener)
    assert [statement.split()[0] for statement in heard] == ["INSERT", "UPDATE", "SELECT"]


@only_postgres
def test_a_connection_that_breaks_is_not_used_again(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        session.connection().exec_driver_sql("SELECT 1")
        with sessions() as other:
            pid = session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            other.connection().exec_driver_sql("SELECT pg_terminate_backend(%s)", (pid,))
        with pytest.raises(OperationalError):
            FIND.first(session, {"which": "a"})
        session.rollback()
        assert FIND.first(session, {"which": "a"}) is None


def test_ordinary_statements_share_the_connection(session: Session, engine: Engine) -> None:
    assert dialect_name(session) == engine.dialect.name
    insert_rows(session, Group, [_group("a")])
    assert run(session, select(GROUP.c.id)).scalars().all() == ["a"]
