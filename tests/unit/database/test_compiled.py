"""Statements are made into the driver's words once, with the conversions that the types of the tables ask for."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import bindparam, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect

from app.database import NotPreparable, compile_statement
from app.models import Job, Site, UserTask
from app.models.prepared import placed, places, table_of

NOON = datetime(2026, 1, 15, 12, tzinfo=timezone(timedelta(hours=8)))
USER_TASK, JOB, SITE = table_of(UserTask), table_of(Job), table_of(Site)
DIALECTS = [sqlite.dialect(), postgresql.psycopg.dialect()]


@pytest.fixture(params=DIALECTS, ids=lambda dialect: dialect.name)
def dialect(request: pytest.FixtureRequest) -> Dialect:
    chosen: Dialect = request.param
    return chosen


def test_values_stand_in_the_order_of_the_driver() -> None:
    statement = (
        update(USER_TASK).where(USER_TASK.c.id == bindparam("which")).values(due_at=bindparam("due"), state="open")
    )
    compiled = compile_statement(statement, sqlite.dialect())
    assert compiled.names == ("due", "which")
    assert compiled.parameters({"which": "u", "due": NOON}) == ("2026-01-15T04:00:00.000000Z", "u")


def test_constants_stand_in_the_text(dialect: Dialect) -> None:
    statement = select(literal("it's 100%"), USER_TASK.c.id).where(
        USER_TASK.c.state == "open", USER_TASK.c.revision > 3, SITE.c.is_outlet.is_(True), USER_TASK.c.due_at == NOON
    )
    compiled = compile_statement(statement, dialect)
    assert list(compiled.constants.values()) == [NOON]
    percent = "%" if dialect.name == "sqlite" else "%%"
    for constant in (f"'it''s 100{percent}'", "state = 'open'", "revision > 3"):
        assert constant in compiled.text


def test_values_have_names_where_the_driver_wants_them() -> None:
    statement = update(USER_TASK).where(USER_TASK.c.id == bindparam("which")).values(due_at=bindparam("due"))
    compiled = compile_statement(statement, postgresql.psycopg.dialect())
    assert compiled.parameters({"which": "u", "due": NOON}) == {"which": "u", "due": NOON.astimezone(UTC)}


def test_a_value_may_stand_in_several_places(dialect: Dialect) -> None:
    same = bindparam("x")
    statement = select(USER_TASK.c.id).where((USER_TASK.c.id == same) | (USER_TASK.c.name == same))
    parameters = compile_statement(statement, dialect).parameters({"x": "u"})
    assert parameters == (("u", "u") if dialect.name == "sqlite" else {"x": "u"})


def test_a_missing_value_is_an_error(dialect: Dialect) -> None:
    compiled = compile_statement(select(USER_TASK.c.id).where(USER_TASK.c.id == bindparam("x")), dialect)
    with pytest.raises(KeyError):
        compiled.parameters({"y": "u"})


def test_moments_and_truth_come_back_as_the_tables_declare_them() -> None:
    compiled = compile_statement(select(USER_TASK.c.id, USER_TASK.c.due_at, SITE.c.is_outlet), sqlite.dialect())
    assert compiled.records([("u", "2026-01-15T04:00:00.000000Z", 1), ("v", None, 0)]) == [
        ("u", NOON.astimezone(UTC), True),
        ("v", None, False),
    ]


def test_rows_without_conversions_stay_what_the_driver_gave() -> None:
    rows = [("u",)]
    assert compile_statement(select(USER_TASK.c.id), sqlite.dialect()).records(rows) is rows


def test_defaults_of_columns_left_out_are_filled_in(dialect: Dialect) -> None:
    compiled = compile_statement(JOB.insert().inline(), dialect, ("id", "kind"))
    given = {"id": "j", "kind": "timer"}
    values = compiled.parameters(given)
    named = dict(zip(compiled.names, values, strict=True)) if isinstance(values, tuple) else values
    assert named == {
        **given, "payload": "{}", "attempts": 0, "max_attempts": 5, "fence": 0, "is_suspended": False,
    }  # fmt: skip


def test_what_changes_its_text_with_its_values_is_refused(dialect: Dialect) -> None:
    many = select(USER_TASK.c.id).where(USER_TASK.c.id.in_(bindparam("ids", expanding=True)))
    written = select(USER_TASK.c.id).where(USER_TASK.c.state == bindparam("state", literal_execute=True))
    for statement in (many, written):
        with pytest.raises(NotPreparable):
            compile_statement(statement, dialect)


def test_lists_have_a_fixed_number_of_places(dialect: Dialect) -> None:
    values = placed("id", {"c", "a", "b"})
    assert values == {"id_0": "a", "id_1": "b", "id_2": "c", "id_3": "c"}
    compiled = compile_statement(select(USER_TASK.c.id).where(USER_TASK.c.id.in_(places("id", 4))), dialect)
    assert compiled.names == tuple(values)


@pytest.mark.parametrize(("count", "expected"), [(1, 1), (2, 2), (3, 4), (5, 8), (8, 8)])
def test_few_statements_serve_every_length(count: int, expected: int) -> None:
    assert len(placed("id", [str(number) for number in range(count)])) == expected
