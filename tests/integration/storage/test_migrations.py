import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, inspect

from app.database import (
    Base,
    DowngradeRefused,
    KeysBase,
    create_engine_for,
    upgrade_database,
    upgrade_keys_database,
    writing,
)
from app.database.migrations import migration_config

OURS = {"main": Base.metadata, "keys": KeysBase.metadata}


def differences(connection: Connection, store: str) -> list[object]:
    names = set(OURS[store].tables)
    options = {
        "compare_type": True,
        "include_name": lambda name, kind, parents: kind != "table" or name in names,
    }
    return compare_metadata(MigrationContext.configure(connection, opts=options), OURS[store])


@pytest.mark.parametrize("store", OURS)
def test_migrations_make_what_the_models_say(empty_database_url: str, store: str) -> None:
    {"main": upgrade_database, "keys": upgrade_keys_database}[store](empty_database_url)
    engine = create_engine(empty_database_url)
    with engine.connect() as connection:
        assert differences(connection, store) == []
    engine.dispose()


def test_a_difference_would_be_seen(engine: Engine) -> None:
    with writing(1), engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE draft")
        connection.exec_driver_sql("ALTER TABLE site ADD COLUMN forgotten INTEGER")
        connection.exec_driver_sql("DROP INDEX ix_comment_instance_id")
        assert len(differences(connection, "main")) == 3


def test_upgrading_again_changes_nothing(database_url: str, engine: Engine) -> None:
    before = inspect(engine).get_table_names()
    upgrade_database(database_url)
    assert inspect(engine).get_table_names() == before


def test_the_search_index_goes_on_where_it_was(empty_database_url: str) -> None:
    engine = create_engine(empty_database_url)
    with writing(1), engine.begin() as connection:
        config = migration_config("main")
        config.attributes["connection"] = connection
        command.upgrade(config, "0027")
        connection.exec_driver_sql("UPDATE search_progress SET position = 4711, version = 3")
        command.upgrade(config, "0028")
        rows = connection.exec_driver_sql("SELECT name, position FROM feed_position WHERE name LIKE 'search%%'")
        assert dict(rows.all()) == {"search": "4711", "search_rules": "3"}
    assert "search_progress" not in inspect(engine).get_table_names()
    engine.dispose()


# Starting takes seconds, upgrading less: what has started divides itself, and all begin at the same moment.
AT_ONCE = """
import multiprocessing, sys
from app.database import upgrade_database

context = multiprocessing.get_context("fork")
processes = [context.Process(target=upgrade_database, args=sys.argv[1:]) for _ in range(3)]
for process in processes:
    process.start()
for process in processes:
    process.join()
print([process.exitcode for process in processes])
"""


def test_processes_may_upgrade_at_once(empty_database_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", AT_ONCE, empty_database_url], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == "[0, 0, 0]\n", done.stderr


@pytest.mark.parametrize("store", OURS)
def test_going_back_is_refused_with_the_reason(empty_database_url: str, store: str) -> None:
    {"main": upgrade_database, "keys": upgrade_keys_database}[store](empty_database_url)
    engine = create_engine_for(empty_database_url)
    config = migration_config(store)
    with writing(1), engine.begin() as connection:
        config.attributes["connection"] = connection
        with pytest.raises(DowngradeRefused, match="Restore the backup"):
            command.downgrade(config, "base")
    assert inspect(engine).get_table_names()
    engine.dispose()


def test_failed_upgrade_leaves_nothing_behind(empty_database_url: str) -> None:
    engine = create_engine(empty_database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE look (id INTEGER)")  # in the way of a later migration
    with pytest.raises(Exception, match="look"):
        upgrade_database(empty_database_url)
    assert inspect(engine).get_table_names() == ["look"]
    engine.dispose()


def test_key_file_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys.db"
    upgrade_keys_database(f"sqlite:///{path}")
    assert path.stat().st_mode & 0o077 == 0
