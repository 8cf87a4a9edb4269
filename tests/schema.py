"""How the tests bring an empty database to the shape of the product: by its migrations, as at a customer's."""

from app.database import upgrade_database, upgrade_keys_database


def create_schema(url: str) -> None:
    """Create all tables and guards in the empty database at `url`; called once per session, copied for each test.

    On PostgreSQL the store of keys lives in the same database; SQLite needs a file of its own for it.
    """
    upgrade_database(url)
    if not url.startswith("sqlite"):
        upgrade_keys_database(url)
