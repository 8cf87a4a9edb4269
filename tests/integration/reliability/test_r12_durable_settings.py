"""R12: in production nothing starts on a database that a power cut could rob of what people were told is saved.

What is unsafe on SQLite, `tests/integration/storage/test_transactions.py` shows.
"""

from pathlib import Path

import pytest
from click.testing import CliRunner
from psycopg import sql

from app import create_app
from app.cli import main
from app.config import load_config
from app.database import UnsafeDatabaseSettings, create_engine_for, refuse_unsafe_settings
from tests.integration.reliability.product import becomes
from tests.postgres_server import SAFE, PostgresServer, running_postgres


def test_r12_postgresql_that_could_lose_work_is_refused() -> None:
    with running_postgres(SAFE) as server:
        url = server.url(server.create_database())
        assert _refused_for(url) is None
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            _set(server, setting, "off")
            assert becomes(lambda: _refused_for(url) is not None, within=5)
            assert _refused_for(url) == setting
            _set(server, setting, "on")
            assert becomes(lambda: _refused_for(url) is None, within=5)


def _set(server: PostgresServer, setting: str, value: str) -> None:
    with server.connect() as connection:
        connection.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(setting), sql.Literal(value)))
        connection.execute("SELECT pg_reload_conf()")


def _refused_for(url: str) -> object:
    """The setting that is refused; None when all are safe."""
    engine = create_engine_for(url)
    try:
        refuse_unsafe_settings(engine)
    except UnsafeDatabaseSettings as refusal:
        return refusal.params["setting"]
    finally:
        engine.dispose()
    return None


@pytest.mark.postgres
def test_r12_neither_server_nor_worker_starts_on_it(postgres_url: str, tmp_path: Path) -> None:
    """The tests' own server runs with durability off."""
    settings = {
        "AFTERCARE_DATA_DIR": str(tmp_path),
        "AFTERCARE_DATABASE_URL": postgres_url,
        "AFTERCARE_KEYS_DATABASE_URL": postgres_url,
    }
    worker = CliRunner().invoke(main, ["worker"], env=settings)
    assert worker.exit_code == 1
    assert "fsync" in worker.output
    with pytest.raises(UnsafeDatabaseSettings, match="fsync"):
        create_app(load_config(settings))
