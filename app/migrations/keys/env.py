import app.models  # noqa: F401 - fills the metadata
from app.database import KeysBase
from app.migrations.running import run

# A name of its own: on PostgreSQL both stores may be schemas of one search path.
run(KeysBase.metadata, "alembic_version_keys")
