"""The ground the other integration tests stand on: both databases are real, fresh and shaped alike."""

from sqlalchemy import create_engine, inspect, text

from app.database import Base


def test_every_test_gets_all_tables(database_url: str) -> None:
    engine = create_engine(database_url)
    assert set(Base.metadata.tables) <= set(inspect(engine).get_table_names())
    engine.dispose()


def test_server_is_the_one_named(database_url: str) -> None:
    engine = create_engine(database_url)
    statement = "select sqlite_version()" if engine.dialect.name == "sqlite" else "select version()"
    with engine.connect() as connection:
        answer = connection.execute(text(statement)).scalar_one()
    engine.dispose()
    assert answer.startswith("3." if engine.dialect.name == "sqlite" else "PostgreSQL")


def test_empty_database_has_no_tables(empty_database_url: str) -> None:
    engine = create_engine(empty_database_url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()
