"""A worker of somebody else's making goes on when the server is killed in the middle: each task is done once."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import writing
from app.models import ActivityInstance, ExternalTask, Job, UserTask
from app.operations.actor import SYSTEM, Actor
from app.operations.api_tokens import NewToken, create_api_token
from app.operations.deployments import deploy
from app.operations.process_instances import start_process
from benchmarks.server import Server, answers
from tests.examples import RUNTIMES, example
from tests.integration.databases import only_sqlite
from tests.integration.operations.dealership import Dealership
from tests.integration.reliability.product import Killer, Place, becomes
from tests.integration.reliability.scale import scaled

ROOT = Path(__file__).parents[3]
DIAGRAM = ROOT / "tests" / "resources" / "operations" / "external_work.bpmn"
OWNER, SITE = "own", "main"


def work_for_others(session: Session, cases: int, owner: str) -> str:
    """Start cases that leave work to others; gives a token of who looks after them."""
    now = datetime.now(UTC)
    deploy(session, {DIAGRAM.name: DIAGRAM.read_bytes()}, name="drill", reason="tests", actor=SYSTEM, now=now)
    for number in range(cases):
        start_process(session, "external_work", {"order": number}, site_id=SITE, actor=SYSTEM, now=now)
    return create_api_token(session, NewToken("worker", ("workers",), 30), actor=Actor(owner), now=now)


@contextmanager
def running_example(place: Place, server: Server, token: str, name: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of the documentation, as a process; beside the packages that it imports."""
    program, path = example("external_worker", name)
    shutil.copy(path, place.folder)
    (place.folder / "node_modules").symlink_to(ROOT / "frontend" / "node_modules")
    settings = {"AFTERCARE_URL": f"http://127.0.0.1:{server.port}", "AFTERCARE_TOKEN": token}
    with (place.folder / "example.log").open("wb") as log:
        worker = subprocess.Popen(
            [program, str(place.folder / path.name)], env={**os.environ, **settings}, stdout=log, stderr=log
        )
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


@only_sqlite
@pytest.mark.parametrize("name", RUNTIMES)
def test_a_killed_server_loses_no_external_task(
    place: Place, server: Server, dealership: Dealership, name: str
) -> None:
    cases = scaled(40, 1_000)  # enough to be still at it a moment after the first
    with writing(), place.sessions() as session:
        token = work_for_others(session, cases, OWNER)
        session.commit()

    def done(reader: Session) -> int:
        return reader.scalar(select(func.count()).select_from(UserTask).where(UserTask.element_id == "after")) or 0

    with running_example(place, server, token, name) as worker:

        def has_ended() -> bool:
            return worker.poll() is not None

        def is_in_the_middle() -> bool:
            return answers(server.port) and place.ask(done) > 0

        with Killer(server.process_id, scaled(0.1, 1.0), is_in_the_middle) as killer:
            assert becomes(lambda: killer.kills > 0 or has_ended() or place.ask(done) == cases, within=60)
        assert becomes(lambda: has_ended() or place.ask(done) == cases, within=scaled(90, 1_000))
        assert not has_ended(), (place.folder / "example.log").read_text()
    assert killer.kills >= 1
    passes = select(func.count()).where(ActivityInstance.element_id == "ask", ActivityInstance.state == "done")
    assert place.ask(lambda reader: reader.scalar(passes)) == cases
    states = select(Job.state, func.count()).join(ExternalTask, ExternalTask.job_id == Job.id).group_by(Job.state)
    assert place.ask(lambda reader: [tuple(row) for row in reader.execute(states)]) == [("done", cases)]
