"""Who may write, how long writers wait, and what they hear when it takes too long."""

import sqlite3
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, event, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from app.database import create_engine_for, reading, session_factory, upgrade_keys_database, writing
from app.database.settings import UnsafeDatabaseSettings, UnsupportedDatabase, refuse_unsafe_settings
from app.errors import Busy
from app.models import Group
from tests.integration.databases import only_postgres

ADD = text("""INSERT INTO "group" (id, name_en, name_zh) VALUES (:id, 'x', 'x')""")


def test_transaction_that_did_not_say_writing_cannot_write(engine: Engine) -> None:
    with pytest.raises(DBAPIError, match=r"readonly|read-only"), engine.begin() as connection:
        connection.execute(ADD, {"id": "a"})


def test_connection_that_read_may_write_next_time(engine: Engine) -> None:
    for _ in range(2):
        with engine.begin() as connection:
            before = connection.scalar(text("""SELECT count(*) FROM "group" """))
        with writing(1), engine.begin() as connection:
            connection.execute(ADD, {"id": f"g{before}"})
    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(ADD, {"id": "g9"})


def test_reading_inside_writing(engine: Engine) -> None:
    with writing(1), reading(), pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(ADD, {"id": "a"})


def test_failed_transaction_leaves_nothing(sessions: sessionmaker[Session]) -> None:
    with writing(1), sessions() as session:
        session.add(Group(id="a", name_en="x", name_zh="x"))
        session.flush()
        session.rollback()
        assert session.scalars(select(Group.id)).all() == []


def test_foreign_keys_are_checked(engine: Engine) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"), writing(1), engine.begin() as connection:
        connection.execute(text("INSERT INTO membership (user_id, group_id, site_id) VALUES ('x', 'x', 'x')"))


@pytest.fixture
def locked(engine: Engine) -> Engine:
    """The row of group `g` is in another transaction's hands for this test."""
    with writing(1), engine.begin() as connection:
        connection.execute(ADD, {"id": "g"})
    return engine


CHANGE = update(Group).values(name_en="y").where(Group.id == "g")


def test_writer_gives_up_after_its_time(locked: Engine) -> None:
    with writing(1), locked.begin() as holder:
        holder.execute(CHANGE)
        began = time.monotonic()
        with pytest.raises(Busy, match="try again"), writing(0.2), locked.begin() as other:
            other.execute(CHANGE)
        assert 0.15 < time.monotonic() - began < 2


def test_readers_go_on_while_somebody_writes(locked: Engine) -> None:
    with writing(1), locked.begin() as holder:
        holder.execute(CHANGE)
        with reading(), locked.begin() as other:
            assert other.scalar(select(Group.name_en)) == "x"


def test_writer_gets_its_turn_when_the_other_is_done(locked: Engine) -> None:
    done = threading.Event()

    def hold() -> None:
        with writing(1), locked.begin() as connection:
            connection.execute(CHANGE)
            done.set()
            time.sleep(0.2)

    holder = threading.Thread(target=hold)
    holder.start()
    done.wait(5)
    with writing(3), locked.begin() as connection:
        assert connection.execute(CHANGE).rowcount == 1
    holder.join()


def test_no_update_is_lost_among_many_writers(locked: Engine) -> None:
    """Each thread reads the counter and writes it back; SQLite's own deferred BEGIN would lose some of them."""
    threads_count, rounds = 6, 15
    with writing(1), locked.begin() as connection:
        connection.execute(update(Group).values(name_en="0"))

    def count_up() -> None:
        for _ in range(rounds):
            with writing(20), locked.begin() as connection:
                count = int(connection.scalar(select(Group.name_en).with_for_update()) or 0)
                connection.execute(update(Group).values(name_en=str(count + 1)))

    threads = [threading.Thread(target=count_up) for _ in range(threads_count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with locked.begin() as connection:
        assert connection.scalar(select(Group.name_en)) == str(threads_count * rounds)


@only_postgres
def test_waiting_time_follows_the_transaction_not_the_connection(engine: Engine) -> None:
    for seconds in (5, 30, 5):
        with writing(seconds), engine.connect() as connection:
            assert connection.scalar(text("SHOW lock_timeout")) == f"{seconds}s"
            connection.rollback()


class TestSettingsThatCouldLoseWork:
    def test_sqlite_as_the_product_sets_it_is_safe(self, sqlite_url: str) -> None:
        engine = create_engine_for(sqlite_url)
        refuse_unsafe_settings(engine)
        with engine.connect() as connection:
            assert connection.scalar(text("PRAGMA foreign_keys")) == 1
        engine.dispose()

    @pytest.mark.parametrize(("pragma", "named"), [
        ("synchronous = NORMAL", "synchronous"), ("synchronous = OFF", "synchronous"),
        ("journal_mode = MEMORY", "journal_mode"),
    ])
    def test_unsafe_sqlite_is_refused(self, sqlite_url: str, pragma: str, named: str) -> None:
        engine = create_engine_for(sqlite_url)
        event.listen(engine, "connect", lambda connection, _entry: connection.execute(f"PRAGMA {pragma}"))
        with pytest.raises(UnsafeDatabaseSettings, match=named):
            refuse_unsafe_settings(engine)
        engine.dispose()

    def test_unsafe_postgresql_is_refused(self, postgres_url: str) -> None:
        """The tests' own server runs with durability off."""
        engine = create_engine_for(postgres_url)
        with pytest.raises(UnsafeDatabaseSettings, match="fsync"):
            refuse_unsafe_settings(engine)
        engine.dispose()

    def test_old_sqlite_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 37, 2))
        with pytest.raises(UnsupportedDatabase, match=r"3\.38"):
            create_engine_for("sqlite:///anything.db")


def test_session_knows_both_databases(sqlite_url: str, tmp_path: Path) -> None:
    keys_url = f"sqlite:///{tmp_path / 'keys.db'}"
    upgrade_keys_database(keys_url)
    engines = create_engine_for(sqlite_url), create_engine_for(keys_url, is_key_store=True)
    with session_factory(*engines)() as session:
        assert session.get_bind(Group) is engines[0]
        assert session.scalars(select(Group)).all() == []
    for engine in engines:
        engine.dispose()


def test_plain_driver_would_have_written(sqlite_url: str) -> None:
    """The negative control: without the hooks the same statement goes through."""
    engine = create_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(ADD, {"id": "a"})
    engine.dispose()
