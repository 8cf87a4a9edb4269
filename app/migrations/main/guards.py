"""The guards of the append-only tables, kept as SQL files so that they can be read as what they are."""

from pathlib import Path

from sqlalchemy import Connection


def create_guards(connection: Connection) -> None:
    """Create the triggers that refuse changes of the history on this kind of database."""
    source = Path(__file__).with_name(f"guards.{connection.dialect.name}.sql")
    for statement in source.read_text(encoding="utf-8").split("\n\n"):
        if not all(line.startswith("--") for line in statement.strip().splitlines()):
            connection.exec_driver_sql(statement)
