"""How many statements a step takes: few, whatever it writes, and each of them finds its rows by an index."""

import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.models import UserTask
from app.models.inbox import inbox_counts
from app.operations.actor import Actor
from app.operations.substitution import SubstitutionTerms, name_substitute
from app.operations.user_tasks import claim_user_task, complete_user_task
from tests.integration.databases import only_sqlite
from tests.integration.operations.dealership import NOW, Dealership

# Reads and writes of one step; rows of a table are written together. More of them is a loss to be explained.
MOST_TO_START, MOST_TO_CLAIM, MOST_TO_COMPLETE = 15, 7, 18


@pytest.fixture
def statements(session: Session) -> Iterator[list[str]]:
    """The statements of the test, in order."""
    heard: list[str] = []
    engine = session.get_bind(UserTask)

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        heard.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield heard
    event.remove(engine, "before_cursor_execute", note)


def test_a_start_takes_few_statements(dealership: Dealership, statements: list[str]) -> None:
    dealership.start()  # reads the definition, once for all cases
    statements.clear()
    dealership.start()
    assert len(statements) <= MOST_TO_START, "\n".join(statements)


def test_a_claim_takes_few_statements(dealership: Dealership, statements: list[str]) -> None:
    user_task_id = dealership.user_task(dealership.start(), "check")
    statements.clear()
    claim_user_task(dealership.session, user_task_id, actor=Actor("ada"), now=NOW)
    assert len(statements) <= MOST_TO_CLAIM, "\n".join(statements)


def test_a_completion_takes_few_statements(dealership: Dealership, statements: list[str]) -> None:
    """Its answers are written, a timer goes, the next user task opens with its candidates."""
    user_task_id = dealership.claim(dealership.start(), "check", "ada")
    statements.clear()
    values = {"verdict": "later", "note": "nobody answers"}
    complete_user_task(dealership.session, user_task_id, values, revision=None, actor=Actor("ada"), now=NOW)
    assert len(statements) <= MOST_TO_COMPLETE, "\n".join(statements)


def test_only_substitutes_pay_for_substitution(dealership: Dealership, statements: list[str]) -> None:
    """The counts beside the inbox: the person and the numbers, and whom a substitute stands in for."""
    day = SubstitutionTerms(NOW.date(), NOW.date())
    dealership.start()
    statements.clear()
    inbox_counts(dealership.session, "bea", NOW)
    assert len(statements) == 2, "\n".join(statements)
    name_substitute(dealership.session, "dan", "bea", day, actor=Actor("dan"), now=NOW)
    statements.clear()
    inbox_counts(dealership.session, "bea", NOW)
    assert len(statements) == 3, "\n".join(statements)


def test_the_number_of_rows_changes_nothing(dealership: Dealership, statements: list[str]) -> None:
    counts = []
    dealership.start()
    for size in (1, 200):
        statements.clear()
        dealership.start(**{f"fact_{number}": number for number in range(size)})
        counts.append(len(statements))
    assert counts[0] == counts[1]


@only_sqlite
def test_no_step_reads_a_whole_table(dealership: Dealership, session: Session) -> None:
    plans: list[str] = []
    engine = session.get_bind(UserTask)

    def explain(_connection: object, cursor: sqlite3.Cursor, statement: str, values: Any, *_rest: object) -> None:
        one = values[0] if isinstance(values, list) else values
        rows = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", one)
        plans.extend(f"{row[3]}: {statement}" for row in rows if row[3].startswith("SCAN"))

    case = dealership.start()
    event.listen(engine, "before_cursor_execute", explain)
    dealership.start()
    user_task_id = dealership.user_task(case, "check")
    claim_user_task(session, user_task_id, actor=Actor("ada"), now=NOW)
    values = {"verdict": "send", "note": "nobody answers"}
    complete_user_task(session, user_task_id, values, revision=None, actor=Actor("ada"), now=NOW)
    event.remove(engine, "before_cursor_execute", explain)
    assert not plans, "\n".join(plans)
