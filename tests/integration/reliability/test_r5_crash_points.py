"""R5: a step cut short anywhere has happened as a whole or not at all, and what was left undone is done later."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.models import Job
from app.operations.history_verification import verify_history
from app.worker import run_due
from tests.integration.databases import only_sqlite
from tests.integration.operations.dealership import later
from tests.integration.reliability.crash_steps import STEPS

ROOT = Path(__file__).parents[3]
JOBS = ("timer", "message", "connector")


def _crash(database_url: str, keys_url: str, *arguments: str) -> dict[str, list[tuple[str, str]]]:
    """Step -> place and state left behind, for every place."""
    program = [sys.executable, "-m", "tests.integration.reliability.crash_everywhere"]
    done = subprocess.run(
        [*program, database_url, keys_url, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=100,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.usefixtures("dealership")
def test_r5_no_step_is_left_half_done(
    database_url: str, keys_url: str, sessions: sessionmaker[Session], session: Session
) -> None:
    for step, found in _crash(database_url, keys_url, ",".join(STEPS)).items():
        allowed = {"before", "after", *(("leased",) if step in JOBS else ())}
        assert {state for _, state in found} == allowed, (step, found)
        assert {"before COMMIT", "after COMMIT", "to the end"} <= {place_ for place_, _ in found}, (step, found)
    run_due(sessions, later(days=91))
    session.rollback()
    run_due(sessions, later(days=92))
    states = set(session.scalars(select(Job.state).where(Job.kind.in_(JOBS))))
    assert states <= {"done", "cancelled"}
    assert verify_history(session).is_intact


@only_sqlite
@pytest.mark.usefixtures("dealership")
def test_r5_would_see_a_step_in_two_transactions(database_url: str, keys_url: str) -> None:
    (found,) = _crash(database_url, keys_url, "start", "two-transactions").values()
    assert "between" in {state for _, state in found}
