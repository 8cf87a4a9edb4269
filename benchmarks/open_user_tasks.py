"""Rows of open user tasks in great number, written past the operations: what a busy site's inbox has to search."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.database import Base
from app.models import ProcessInstance, UserTask, UserTaskCandidate
from benchmarks.sample_site import GROUP, PERSON, SITE

CHUNK = 5_000
NO_DUE_DATE = datetime.fromisoformat("9999-12-31T00:00:00Z")
OTHER_GROUP, OTHER_PERSON = "service_advisor", "somebody"
PROCESS = "follow_up"
# Shares of all: waiting for the person's group, until a follow-up date, without a due date; the rest is other people's.
CLAIMABLE, SLEEPING, WITHOUT_DUE_DATE = 0.60, 0.02, 0.05
# What one person has does not grow with the house: shares of the first ones only.
OF_ONE_PERSON = 20_000
ASSIGNED, DONE, STARTED = 0.02, 0.05, 0.01
Row = dict[str, Any]
TABLES = (ProcessInstance, UserTask, UserTaskCandidate)


def add_user_tasks(session: Session, definition_id: str, numbers: Iterable[int], now: datetime) -> None:
    """One case and one user task for each number, flushed in chunks; the same for the same numbers.

    Arguments: numbers, unused before in this database.
    """
    rest = iter(numbers)
    while chunk := list(islice(rest, CHUNK)):
        rows = [_rows(number, definition_id, now) for number in chunk]
        for place, table in enumerate(TABLES):
            values = [value for row in rows if (value := row[place]) is not None]
            session.execute(insert(Base.metadata.tables[table.__tablename__]), values)


def _rows(number: int, definition_id: str, now: datetime) -> tuple[Row, Row, Row | None]:
    chance = random.Random(number)
    lot, is_persons = chance.random(), number < OF_ONE_PERSON
    is_assigned, is_done = is_persons and lot < ASSIGNED, is_persons and 1 - lot < DONE
    group = GROUP if lot < ASSIGNED + CLAIMABLE else OTHER_GROUP
    due = None if chance.random() < WITHOUT_DUE_DATE else now + timedelta(hours=chance.uniform(-240, 1_440))
    follow_up = now + timedelta(days=2) if chance.random() < SLEEPING else None
    user_task_id = f"{number:032x}.1"
    user_task = {
        "id": user_task_id,
        "execution_id": user_task_id,
        "element_id": "call",
        "name": "Call",
        "assignee_id": PERSON if is_assigned else None,
        "priority": 50,
        "due_at": due,
        "due_sort": due or NO_DUE_DATE,
        "follow_up_at": follow_up,
        "created_at": now,
        "state": "completed" if is_done else "open",
        "ended_at": now - timedelta(minutes=number) if is_done else None,
        "ended_by": PERSON if is_done else None,
        **_shared(number, definition_id),
        "instance_id": f"{number:032x}",
    }
    candidate = {
        "user_task_id": user_task_id,
        "kind": "group",
        "candidate_id": group,
        "site_id": SITE,
        "is_claimable": not is_assigned,
        "due_sort": due or NO_DUE_DATE,
        "follow_up_at": follow_up,
    }
    return _instance(number, definition_id, now, chance), user_task, None if is_done else candidate


def _shared(number: int, definition_id: str) -> Row:
    return {
        "site_id": SITE,
        "definition_id": definition_id,
        "process_key": PROCESS,
        "case_number": f"F-{number}",
        "title": f"Follow-up after repair {number}",
        "revision": 1,
    }


def _instance(number: int, definition_id: str, now: datetime, chance: random.Random) -> Row:
    return {
        "id": f"{number:032x}",
        "business_key": f"R-{number}",
        "state": "active",
        "started_by": PERSON if number < OF_ONE_PERSON and chance.random() < STARTED else OTHER_PERSON,
        "started_at": now,
        **_shared(number, definition_id),
    }
