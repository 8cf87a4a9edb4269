"""Bringing a database to the shape of this release (Alembic, without its command line)."""

from functools import lru_cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, make_url

from app.database.engines import create_engine_for
from app.database.transactions import JOB_WAIT_SECONDS, writing
from app.errors import AppError
from app.i18n import N_

_FOLDER = Path(__file__).parents[1] / "migrations"


class DowngradeRefused(AppError):
    """A migration was asked to go back: history that was written since would have no place to be."""

    def __init__(self) -> None:
        super().__init__(
            N_("A database cannot go back to an earlier release, history would be lost. Restore the backup instead.")
        )


def upgrade_database(url: str) -> None:
    """Upgrade the main database at `url`, empty or of an earlier release; safe when several processes do it."""
    _close_to_others(url)
    _upgrade("main", create_engine_for(url))


def upgrade_keys_database(url: str) -> None:
    """Upgrade the store of keys at `url`, as `upgrade_database`."""
    _close_to_others(url)
    _upgrade("keys", create_engine_for(url, is_key_store=True))


def _close_to_others(url: str) -> None:
    """An SQLite file is its owner's only, and so are the files SQLite puts beside it; a group may be let in by hand."""
    path = make_url(url).database
    if url.startswith("sqlite") and path and path != ":memory:":
        file = Path(path)
        file.touch(mode=0o600)
        file.chmod(file.stat().st_mode & ~0o007)


def migration_config(store: str) -> Config:
    """Alembic's settings for a store, `main` or `keys`."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER / store).replace("%", "%%"))
    return config


def is_current(engine: Engine, store: str) -> bool:
    """Whether a store, `main` or `keys`, has the shape of this release."""
    return schema_version(engine, store) == _newest(store)


def schema_version(engine: Engine, store: str = "main") -> str | None:
    """The last migration that a store, `main` or `keys`, has been through."""
    table = "alembic_version" if store == "main" else "alembic_version_keys"
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": table})
        return context.get_current_revision()


@lru_cache(maxsize=2)
def _newest(store: str) -> str | None:
    return ScriptDirectory.from_config(migration_config(store)).get_current_head()


def _upgrade(store: str, engine: Engine) -> None:
    config = migration_config(store)
    try:
        with writing(JOB_WAIT_SECONDS), engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()
