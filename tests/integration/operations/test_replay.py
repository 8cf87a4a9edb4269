"""Every external input of a case is in its history: played again on the engine, they lead to the same place."""

import json
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app import engine, feel
from app.engine import Outcome, ParsedProcess, StepContext
from app.models import ProcessInstance, Variable
from app.operations.actor import SYSTEM
from app.operations.deployments import load_process
from app.operations.history import case_stream
from app.operations.history_reading import RecordedEvent, read_events
from app.operations.messages import correlate_message
from app.operations.process_instances import start_process
from app.worker import run_due
from tests.integration.operations.dealership import NOW, Dealership, later


class Replay:
    """Plays a recorded case; activities get new ids, found again by their place in the path of their step."""

    def __init__(self, session: Session, case_id: str) -> None:
        self._events = read_events(session, case_stream(case_id))
        self._process: ParsedProcess = load_process(session, self._events[0].body["definition_id"])
        self._now_called: dict[str, str] = {}
        self.variables: dict[str, object] = {}
        self.outcome: Outcome | None = None

    def run(self) -> None:
        for cause, path in self._steps():
            self.outcome = self._step(cause)
            recorded = [activity[0] for activity in path.body["activities"]]
            played = [activity.id for activity in self.outcome.activities]
            self._now_called |= dict(zip(recorded, played, strict=True))
            for change in self.outcome.variables:
                self.variables[change.name] = change.new

    def _steps(self) -> Iterator[tuple[RecordedEvent, RecordedEvent]]:
        """Each cause with the path that follows it at once."""
        for cause, path in zip(self._events, self._events[1:], strict=False):
            if path.type == "path_taken":
                yield cause, path

    def _step(self, cause: RecordedEvent) -> Outcome:
        context = StepContext(cause.at, ZoneInfo("Asia/Shanghai"))
        inputs = {**cause.body["inputs"], **(cause.personal or {}).get("inputs", {})}
        values = {name: feel.decode(value) for name, value in inputs.items()}
        if cause.type == "process_started":
            return engine.start(self._process, values, context, business_key=cause.body["business_key"])
        assert self.outcome is not None
        assert self.outcome.state is not None
        assert cause.activity_id is not None
        state, activity_id = self.outcome.state, self._now_called[cause.activity_id]
        without_values = {"timer_fired": engine.fire_timer, "case_continued": engine.continue_after}
        if cause.type in without_values:
            return without_values[cause.type](self._process, state, activity_id, context)
        call = {
            "user_task_completed": engine.complete,
            "message_received": engine.correlate,
            "job_completed": engine.finish_job,
        }[cause.type]
        return call(self._process, state, activity_id, values, context)


def assert_same_end(session: Session, case_id: str) -> None:
    replay = Replay(session, case_id)
    replay.run()
    rows = session.execute(select(Variable.name, Variable.value).where(Variable.instance_id == case_id))
    stored = {row.name: json.loads(row.value) for row in rows}
    assert {name: feel.encode(value) for name, value in replay.variables.items()} == stored
    case = session.get_one(ProcessInstance, case_id)
    assert replay.outcome is not None
    assert replay.outcome.end_event_id == case.end_event_id is not None


def test_answers_timers_and_job_results(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership
) -> None:
    case = dealership.start()
    session.commit()
    run_due(sessions, later(hours=1))
    dealership.complete(case, "remind", "cam", now=later(hours=2))
    dealership.complete(case, "check", "ada", now=later(hours=3), verdict="later", note="private", score=1)
    dealership.complete(case, "later", "bea", now=later(days=3))
    dealership.complete(case, "check", "bea", now=later(days=3), verdict="withdraw")
    session.commit()
    run_due(sessions, later(days=3))
    session.rollback()
    assert_same_end(session, case.id)


def test_messages(session: Session, dealership: Dealership) -> None:
    case = start_process(session, "listener", {"order": "7"}, site_id="main", actor=SYSTEM, now=NOW)
    correlate_message(
        session, "go", {"word": "run"}, site_id="main", correlation_key="7", actor=SYSTEM, now=later(hours=1)
    )
    dealership.complete(case, "after", "cam", extra=True)
    assert_same_end(session, case.id)
