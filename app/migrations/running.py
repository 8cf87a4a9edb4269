"""What the two migration environments (main, keys) have in common."""

from alembic import context
from sqlalchemy import Connection, MetaData, text

# Any number will do, as long as nothing else in the product locks it.
_UPGRADE_LOCK = 5_407_301


def run(metadata: MetaData, version_table: str) -> None:
    """Run the migrations on the connection that `app.database.migrations` opened, in its one transaction."""
    connection: Connection = context.config.attributes["connection"]
    if connection.dialect.name == "postgresql":
        # Two processes of a new release may start together; the second finds the work done.
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
    context.configure(connection=connection, target_metadata=metadata, version_table=version_table, compare_type=True)
    context.run_migrations()
