"""`python -m tests.integration.reliability.crash_everywhere DATABASE KEYS STEPS [two-transactions]`

A process of its own that forks a child for every place where a step could be cut short, lets it die there and looks
at what is left of its case. Prints what it found as JSON: for each step a list of places, and what the database held
of the case afterwards; the last child of each lives.
"""

import json
import os
import sys
from itertools import count
from typing import Any

from sqlalchemy import Engine, update
from sqlalchemy.orm import Session, sessionmaker

from app.database import create_engine_for, session_factory, writing
from app.models import Job
from app.operations import record
from tests.integration.operations.dealership import later
from tests.integration.reliability.case_picture import Picture, picture
from tests.integration.reliability.crash_points import KILLED, CrashPoints
from tests.integration.reliability.crash_steps import STEPS, Step, add_customer


def main() -> None:
    database_url, keys_url, names, *options = sys.argv[1:]
    if "two-transactions" in options:
        write_in_two_transactions()
    engines = [create_engine_for(database_url)]
    engines.append(create_engine_for(keys_url, is_key_store=True))
    sessions = session_factory(*engines)
    found = {name: crash_everywhere(name, STEPS[name], sessions, engines) for name in names.split(",")}
    json.dump(found, sys.stdout)


def write_in_two_transactions() -> None:
    """The negative control: the change and its history are committed one after the other."""
    append = record.append_events

    def commit_and_append(session: Session, *arguments: Any, **named: Any) -> object:
        session.commit()
        return append(session, *arguments, **named)

    record.append_events = commit_and_append  # type: ignore[assignment]


def crash_everywhere(
    name: str, step: Step, sessions: sessionmaker[Session], engines: list[Engine]
) -> list[tuple[str, str]]:
    """Place and state left behind: before, leased, after, or what must not be: between."""
    seen: list[tuple[str, Picture, Picture]] = []
    for number in count(1):
        key, customer_id = f"{name}-{number}", f"c-{name}-{number}"
        with writing(5), sessions() as session:
            add_customer(session, customer_id)
            session.flush()
            step.prepare(session, key, customer_id)
            session.commit()
        before = _picture(sessions, key, customer_id)
        place = _let_die(number, step, sessions, engines, (key, customer_id))
        seen.append((place or "to the end", before, _picture(sessions, key, customer_id)))
        if place is None:
            break
        _put_aside(sessions)
    whole = seen[-1][2]
    return [(place, _state(before, after, whole)) for place, before, after in seen]


def _picture(sessions: sessionmaker[Session], key: str, customer_id: str) -> Picture:
    with sessions() as session:
        return picture(session, key, customer_id)


def _let_die(
    fatal: int, step: Step, sessions: sessionmaker[Session], engines: list[Engine], arguments: tuple[str, str]
) -> str | None:
    """Where the child died; None when it came to the end of the step before."""
    reading, writing_end = os.pipe()
    child = os.fork()
    if child == 0:
        points = CrashPoints(fatal, lambda place: os.write(writing_end, place.encode()))
        for engine in engines:
            engine.dispose(close=False)  # the connections belong to the parent
            points.install(engine)
        step.take(sessions, *arguments)
        os._exit(0)
    os.close(writing_end)
    with os.fdopen(reading) as report:
        place = report.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status not in (0, KILLED):
        raise RuntimeError(f"the step failed with status {status}")
    return place if status == KILLED else None


def _put_aside(sessions: sessionmaker[Session]) -> None:
    """What is still to be done is not taken for what the next case has to do."""
    with writing(5), sessions() as session:
        session.execute(update(Job).values(run_at=later(days=90)))
        session.commit()


def _state(before: Picture, after: Picture, whole: Picture) -> str:
    if after.rows == before.rows:
        return "before"
    if after.rows_without_leases == before.rows_without_leases:
        return "leased"
    return "after" if after.shape == whole.shape else "between"


if __name__ == "__main__":
    main()
