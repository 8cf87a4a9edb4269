"""Whatever people, timers and failures do in whatever order: the inbox shows exactly what the engine waits for."""

from collections.abc import Callable
from datetime import timedelta
from itertools import cycle
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.engine import StepContext, state_codec
from app.engine.elements.user_task import UserTask as EngineUserTask
from app.engine.events.message import MessageEvent
from app.engine.events.signal import SignalEvent
from app.engine.events.timer import TimerEvent
from app.engine.live_cases import LIVE_CASES
from app.errors import AppError
from app.models import Draft, InstanceState, Job, MessageSubscription, ProcessInstance, UserTask, UserTaskCandidate
from app.models.inbox import inbox_counts, inbox_page
from app.operations import definitions
from app.operations.actor import SYSTEM, Actor
from app.operations.cases import lock_case
from app.operations.deployments import deploy, load_process
from app.operations.failures import StepNotDone, record_failed_step
from app.operations.history_verification import verify_history
from app.operations.messages import MessageNotCorrelated, correlate_message
from app.operations.process_instances import cancel_instance, start_process
from app.operations.replay import replay_case
from app.operations.signals import throw_signal
from app.operations.user_tasks import claim_user_task, complete_user_task, save_draft, unclaim_user_task
from app.worker import run_due
from tests.integration.operations.dealership import NOW, PEOPLE, found_dealership, resources
from tests.integration.reliability.scale import IS_LONG

EXAMPLES = 300 if IS_LONG else 12
PERSON = st.sampled_from(["ada", "bea", "cam", "dan", "eve", "far", "two"])


class Waiting(NamedTuple):
    """Ids of activities."""

    user_tasks: set[str]
    timers: set[str]
    messages: set[str]


class InboxAndEngine(RuleBasedStateMachine):
    """People work on cases: of `busy` with parallel branches in a loop and timers of every kind, of `hearer`, which a
    signal interrupts, and of `listener`, which waits for a message.
    """

    sessions: sessionmaker[Session]
    cases = Bundle("cases")

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.started: list[str] = []
        self.readers = cycle(PEOPLE)

    @rule(target=cases, process=st.sampled_from(["busy", "busy", "hearer", "listener"]))
    def start(self, process: str) -> str:
        with writing(5), self.sessions() as session:
            values = {"order": str(len(self.started))}
            case = start_process(session, process, values, site_id="main", actor=SYSTEM, now=self.now)
            session.commit()
        self.started.append(case.id)
        return case.id

    @rule(case=cases, person=PERSON, pick=st.integers(0, 3))
    def claim(self, case: str, person: str, pick: int) -> None:
        self._try(case, pick, lambda session, id_: claim_user_task(session, id_, actor=Actor(person), now=self.now))

    @rule(case=cases, person=PERSON, pick=st.integers(0, 3))
    def unclaim(self, case: str, person: str, pick: int) -> None:
        self._try(case, pick, lambda session, id_: unclaim_user_task(session, id_, actor=Actor(person), now=self.now))

    @rule(case=cases, person=PERSON, pick=st.integers(0, 3))
    def type_a_draft(self, case: str, person: str, pick: int) -> None:
        self._try(
            case,
            pick,
            lambda session, id_: save_draft(
                session, id_, {"a": "b"}, base_revision=1, actor=Actor(person), now=self.now
            ),
        )

    @rule(case=cases, person=PERSON, pick=st.integers(0, 3), is_again=st.sampled_from([True, False, "neither"]))
    def complete(self, case: str, person: str, pick: int, is_again: object) -> None:
        """`neither` makes the last completion of a round fail in the diagram."""
        self._try(
            case,
            pick,
            lambda session, id_: complete_user_task(
                session, id_, {"is_again": is_again}, revision=None, is_claimed_implicitly=True, actor=Actor(person),
                now=self.now,
            ),
        )  # fmt: skip

    @rule()
    def throw_the_signal(self) -> None:
        with writing(5), self.sessions() as session:
            throw_signal(session, "alarm", {}, site_id="main", actor=SYSTEM, now=self.now)
            session.commit()

    @precondition(lambda self: self.started)
    @rule(pick=st.integers(0, 9))
    def send_the_message(self, pick: int) -> None:
        """To a case that may not wait for it."""
        with writing(5), self.sessions() as session:
            key = str(pick % len(self.started))
            try:
                correlate_message(
                    session, "go", {"word": key}, site_id="main", correlation_key=key, actor=SYSTEM, now=self.now
                )
            except MessageNotCorrelated:
                session.rollback()
            session.commit()

    @rule(hours=st.sampled_from([0.5, 1, 3]))
    def let_time_pass(self, hours: float) -> None:
        self.now += timedelta(hours=hours)
        run_due(self.sessions, self.now)

    @rule(case=consumes(cases))
    def cancel(self, case: str) -> None:
        with writing(5), self.sessions() as session:
            if lock_case(session, case).is_open:
                cancel_instance(session, case, "for the test", actor=SYSTEM, now=self.now)
            session.commit()

    @precondition(lambda self: self.started)
    @rule()
    def restart_the_program(self) -> None:
        """Nothing may live in memory only."""
        definitions._cache = definitions._Cache()
        LIVE_CASES.clear()

    def _try(self, case: str, pick: int, operation: Callable[[Session, str], object]) -> None:
        """One request: refused or done, like at the edge."""
        with writing(5), self.sessions() as session:
            open_ids = session.scalars(
                select(UserTask.id).where(UserTask.instance_id == case, UserTask.state == "open").order_by(UserTask.id)
            ).all()
            if not open_ids:
                return
            try:
                operation(session, open_ids[pick % len(open_ids)])
            except StepNotDone as failure:
                session.rollback()
                record_failed_step(session, failure, draft={"is_again": "?"}, actor=Actor("ada"), now=self.now)
            except AppError:
                session.rollback()
            session.commit()

    @invariant()
    def inbox_rows_are_what_the_engine_waits_for(self) -> None:
        with self.sessions() as session:
            for case in self.started:
                waiting = self._waiting(session, case)
                rows = session.execute(select(UserTask.id, UserTask.state).where(UserTask.instance_id == case)).all()
                assert {row.id for row in rows if row.state == "open"} == waiting.user_tasks
                pending = select(Job.activity_id).where(
                    Job.instance_id == case, Job.state == "pending", Job.kind == "timer"
                )
                assert set(session.scalars(pending)) == waiting.timers
                awaited = select(MessageSubscription.id).where(MessageSubscription.instance_id == case)
                assert set(session.scalars(awaited)) == waiting.messages
                ended = [row.id for row in rows if row.state != "open"]
                assert session.scalars(select(Draft.user_id).where(Draft.user_task_id.in_(ended))).all() == []

    def _waiting(self, session: Session, case: str) -> Waiting:
        """What the engine's own state waits for; a case that is over waits for nothing."""
        row = session.execute(
            select(ProcessInstance.definition_id, ProcessInstance.state, InstanceState.content)
            .outerjoin(InstanceState, InstanceState.instance_id == ProcessInstance.id)
            .where(ProcessInstance.id == case)
        ).one()
        assert (row.content is None) == (row.state in ("completed", "cancelled"))
        if row.content is None:
            return Waiting(set(), set(), set())
        context = StepContext(self.now, ZoneInfo("Asia/Shanghai"))
        runtime = state_codec.load(load_process(session, row.definition_id), row.content, context)
        events = [(token.id, event) for token, _node, event in runtime.waiting()]
        return Waiting(
            {
                token.id
                for token in runtime.tokens.values()
                if token.is_ready and isinstance(token.task_spec, EngineUserTask)
            },
            {token_id for token_id, event in events if isinstance(event, TimerEvent)},
            {token_id for token_id, event in events if isinstance(event, (MessageEvent, SignalEvent))},
        )

    @invariant()
    def candidates_agree_with_their_user_tasks(self) -> None:
        with self.sessions() as session:
            rows = session.execute(
                select(UserTask, UserTaskCandidate)
                .join(UserTaskCandidate, UserTaskCandidate.user_task_id == UserTask.id)
                .where(UserTask.instance_id.in_(self.started))
            )
            for user_task, candidate in rows:
                is_claimable = user_task.state == "open" and user_task.assignee_id is None
                assert candidate.is_claimable == is_claimable
                assert (candidate.site_id, candidate.due_sort) == (user_task.site_id, user_task.due_sort)
                assert candidate.follow_up_at == user_task.follow_up_at

    @invariant()
    def inboxes_show_what_people_may_do(self) -> None:
        """One person after the other: all of them after every step would take too long."""
        person = next(self.readers)
        with self.sessions() as session:
            shown: set[str] = set()
            for view in ("mine", "claimable", "sleeping"):
                shown |= {row.id for row in inbox_page(session, person, view, now=self.now, limit=200).rows}
            assert shown == _expected(session, person)
            counts = inbox_counts(session, person, self.now)
            assert counts["mine"] + counts["claimable"] + counts["sleeping"] == len(shown)

    def teardown(self) -> None:
        with writing(5), self.sessions() as session:
            for case in self.started:
                if lock_case(session, case).is_open:
                    cancel_instance(session, case, "over", actor=SYSTEM, now=self.now)
            session.commit()


def _expected(session: Session, person: str) -> set[str]:
    """The same in the slow and simple way."""
    groups = set(PEOPLE[person])
    found = set()
    for user_task in session.scalars(select(UserTask).where(UserTask.state == "open")):
        if user_task.assignee_id == person:
            found.add(user_task.id)
        elif user_task.assignee_id is None:
            candidates = session.scalars(
                select(UserTaskCandidate).where(UserTaskCandidate.user_task_id == user_task.id)
            )
            for candidate in candidates:
                name = candidate.candidate_id
                if name == person if candidate.kind == "user" else (name, user_task.site_id) in groups:
                    found.add(user_task.id)
    return found


@pytest.fixture
def people_at_work(session: Session, sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    found_dealership(session)
    files = resources("busy.bpmn", "signals.bpmn")
    deploy(session, files, name="busy", reason="r", actor=SYSTEM, now=NOW)
    session.commit()
    return sessions


def test_inbox_shows_what_the_engine_waits_for(
    people_at_work: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(InboxAndEngine, "sessions", people_at_work, raising=False)
    phases = (Phase.explicit, Phase.generate, Phase.shrink)
    run_state_machine_as_test(
        InboxAndEngine, settings=settings(max_examples=EXAMPLES, stateful_step_count=25, deadline=None, phases=phases)
    )
    with people_at_work() as session:
        assert verify_history(session).is_intact
        for case_id in session.scalars(select(ProcessInstance.id)).all():
            assert replay_case(session, case_id).difference is None
