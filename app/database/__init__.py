"""The two databases (the product's own and the store of keys): tables, engines, transactions, migrations."""

from app.database.compiled import CompiledStatement, NotPreparable, compile_statement
from app.database.engines import (
    create_engine_for,
    engine_options,
    install_engine_hooks,
    install_hooks_on_all,
    session_factory,
)
from app.database.lean_session import LeanSession
from app.database.migrations import (
    DowngradeRefused,
    is_current,
    schema_version,
    upgrade_database,
    upgrade_keys_database,
)
from app.database.settings import UnsafeDatabaseSettings, UnsupportedDatabase, refuse_unsafe_settings
from app.database.tables import KEYS_BIND, Base, KeysBase, UtcDateTime, utc_text
from app.database.transactions import (
    JOB_WAIT_SECONDS,
    WEB_WAIT_SECONDS,
    autocommitting,
    is_writing,
    reading,
    refuse_as_busy,
    writing,
)

__all__ = [
    "JOB_WAIT_SECONDS", "KEYS_BIND", "WEB_WAIT_SECONDS", "Base", "CompiledStatement", "DowngradeRefused",
    "KeysBase", "LeanSession", "NotPreparable", "UnsafeDatabaseSettings", "UnsupportedDatabase", "UtcDateTime",
    "autocommitting", "compile_statement", "create_engine_for", "engine_options", "install_engine_hooks",
    "install_hooks_on_all", "is_current", "is_writing", "reading", "refuse_as_busy",
    "refuse_unsafe_settings", "schema_version", "session_factory", "upgrade_database", "upgrade_keys_database",
    "utc_text", "writing",
]
