"""A scenario on a database: every step through the operations, in a transaction and a session of its own.

Nothing is kept between two steps but what was committed: the case is decoded anew for each, people act under their
own names, and the work of service tasks is done as the worker does it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Event
from typing import Self, TypeVar

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app import feel, forms
from app.database import writing
from app.engine.live_cases import LIVE_CASES
from app.engine.outcome import ClockChange, OpenedUserTask, RequestedJob
from app.errors import Conflict, NotAllowed, NotFound
from app.files import StoredFile
from app.files.kinds import KINDS
from app.models import CaseClock, FlowTaken, Incident, Job, Message, PlannedFollowUp, ProcessInstance
from app.models.form_data import variables_in_scope
from app.models.four_eyes import parts_taken
from app.operations.actor import SYSTEM, Actor
from app.operations.attachments import FileLimits, NewFile, add_attachment
from app.operations.case_clocks import pause_case_clock, resume_case_clock
from app.operations.definitions import latest_definition_id, load_definition
from app.operations.follow_up_corrections import CorrectedRecord, correct_follow_up, result_of
from app.operations.follow_up_starts import start_follow_up
from app.operations.form_surroundings import Reader, case_surroundings, start_surroundings
from app.operations.job_leases import claim_due_jobs, give_back_jobs, start_jobs
from app.operations.jobs import START_BY_EVENT, START_BY_TIMER
from app.operations.messages import correlate_message
from app.operations.process_instances import start_process
from app.operations.projections import deviations
from app.operations.replay import replay_case
from app.operations.surroundings import Surroundings
from app.operations.user_tasks import claim_user_task, complete_user_task
from app.worker.bench import Bench
from app.worker.hands import Hand
from tests.unit.engine.case import NOW, ZONE
from tests.workflows import stored_facts
from tests.workflows.acted_case import ActedCase, Texts
from tests.workflows.cast import BY_ID, CUSTOMER_ID, PLANNED_ID, VEHICLE_ID, VISIT_ID
from tests.workflows.form_case import shipped_process
from tests.workflows.shop import SITE_ID

Found = TypeVar("Found")
JPEG = next(kind for kind in KINDS if "jpg" in " ".join(kind.extensions))


class StoredCase(ActedCase):
    """A case in a database in which the shop was opened."""

    def __init__(self, process_key: str, sessions: sessionmaker[Session]) -> None:
        self.process = shipped_process(process_key)
        self.now = NOW
        self.id = ""
        self._sessions = sessions

    def begin(self, texts: Texts, by: str = "advisor") -> Self:
        values: Mapping[str, object] = {}
        if self.process.start_form_key:
            bound = self.bound(self.process.start_form_key, texts, by=by)
            assert bound.validate(), bound.errors
            values = bound.values()
        with self._step() as session:
            started = start_process(session, self.process.key, values, site_id=SITE_ID, actor=Actor(by), now=self.now)
            self.id = started.id
        return self

    def begin_by_message(self, name: str, payload: Mapping[str, object]) -> Self:
        with self._step() as session:
            self.id = correlate_message(session, name, payload, site_id=SITE_ID, actor=SYSTEM, now=self.now)
        return self

    def begin_planned(self, occasion: str = "repair_3dc", level: int = 1, advisor_id: str | None = None) -> Self:
        day = self.now.astimezone(ZONE).date()
        with self._step() as session:
            session.add(
                PlannedFollowUp(
                    id=PLANNED_ID, site_id=SITE_ID, visit_id=VISIT_ID, customer_id=CUSTOMER_ID, vehicle_id=VEHICLE_ID,
                    occasion=occasion, level=level, first_on=day, planned_on=day, latest_on=day + timedelta(days=2),
                    state="planned", advisor_id=advisor_id,
                )
            )  # fmt: skip
            started = start_follow_up(session, PLANNED_ID, now=self.now)
            assert started is not None
            self.id = started.id
        return self

    def begin_by_timer(self) -> Self:
        self.now = self._ask(
            lambda session: session.scalars(
                select(Job.run_at).where(Job.kind == START_BY_TIMER, Job.state == "pending")
            ).one()
        )
        self._work(START_BY_TIMER, lambda _job: True)
        self._work(START_BY_EVENT, lambda _job: True)
        query = select(ProcessInstance.id).where(ProcessInstance.process_key == self.process.key)
        self.id = self._ask(lambda session: session.scalars(query).one())
        return self

    def finish(self, element_id: str, **_result: object) -> Self:
        self._work("connector", lambda job: (job.instance_id, job.element_id) == (self.id, element_id))
        return self

    def fire(self, element_id: str) -> Self:
        activity_id, due = next((key, due) for key, (name, due) in self.timers.items() if name == element_id)
        self.now = max(self.now, due)
        self._work("timer", lambda job: job.activity_id == activity_id)
        return self

    def wait(self, **duration: float) -> Self:
        self.now += timedelta(**duration)
        return self

    def pause_clock(self, clock_id: str) -> Self:
        actor = Actor("coordinators_manager")
        with self._step() as session:
            number = self._round(session, clock_id)
            pause_case_clock(session, self.id, clock_id, number, "等待配件", actor=actor, now=self.now)
        return self

    def resume_clock(self, clock_id: str) -> Self:
        actor = Actor("coordinators_manager")
        with self._step() as session:
            number = self._round(session, clock_id)
            resume_case_clock(session, self.id, clock_id, number, actor=actor, now=self.now)
        return self

    def correct_level(self, level: str, by: str = "manager") -> Self:
        """Correct how serious the complaint of a follow-up is, and nothing else."""
        with self._step() as session:
            row = result_of(session, self.id)
            record = CorrectedRecord(row.result, row.spoken_to, "satisfied", level, row.problem_kind, {"quality": "no"})
            correct_follow_up(session, self.id, record, reason="misheard", actor=Actor(by), now=self.now)
        return self

    def add_file(self, name: str, element_id: str, nth: int = 0) -> Self:
        opened = self.opened(element_id, nth)
        digest = sha256(name.encode()).hexdigest()
        file = NewFile(name, JPEG, StoredFile(digest[:32], 1, digest), self.id, is_scanned_first=False)
        with self._step() as session:
            add_attachment(
                session, self.id, file, FileLimits(), user_task_id=opened.id, actor=Actor(str(opened.assignee)),
                now=self.now,
            )  # fmt: skip
        return self

    def bound(
        self,
        form_key: str,
        texts: Texts | None,
        locale: str = "zh_CN",
        *,
        of: OpenedUserTask | None = None,
        by: str = "caller",
    ) -> forms.BoundForm:
        reader = Reader(by, BY_ID[by].name, locale)
        with self._sessions() as session:
            definition = load_definition(session, latest_definition_id(session, self.process.key))
            form = definition.forms[form_key]
            if not self.id:
                around = start_surroundings(session, form, SITE_ID, reader, self.now)
                return forms.bind(form, around.values, None, texts, around.environment, locale)
            case = session.get_one(ProcessInstance, self.id)
            around = case_surroundings(session, form, case, of.id if of else "", reader, self.now)  # type: ignore[arg-type]
            variables = self._variables_around(session, of) if of else self.process_variables
            return forms.bind(form, {**variables, **around.values}, None, texts, around.environment, locale)

    def play_again(self) -> None:
        """Messages that were sent start their cases; each case is played again from its history to where it is."""
        self._work("message", lambda _job: True)
        with self._sessions() as session:
            undelivered = select(Message.name).where(
                Message.sender_instance_id == self.id, Message.receiver_instance_id.is_(None)
            )
            assert session.scalars(undelivered).all() == []
            for case_id in session.scalars(select(ProcessInstance.id)).all():
                assert replay_case(session, case_id).difference is None
                assert deviations(session, case_id) == []

    @property
    def is_ended(self) -> bool:  # type: ignore[override]
        return self._instance.ended_at is not None

    @property
    def end_event_id(self) -> str | None:  # type: ignore[override]
        return self._instance.end_event_id

    @property
    def process_variables(self) -> dict[str, object]:
        return self._ask(lambda session: stored_facts.variables_of_process(session, self.id))

    @property
    def user_tasks(self) -> Mapping[str, OpenedUserTask]:  # type: ignore[override]
        return {one.id: one for one in self._ask(lambda session: stored_facts.open_user_tasks(session, self.id))}

    @property
    def jobs(self) -> Mapping[str, RequestedJob]:  # type: ignore[override]
        return self._ask(lambda session: stored_facts.requested_jobs(session, self.id))

    @property
    def timers(self) -> Mapping[str, tuple[str, datetime]]:  # type: ignore[override]
        return self._ask(lambda session: stored_facts.set_timers(session, self.id))

    @property
    def messages(self) -> list[tuple[str, str | None, dict[str, object]]]:  # type: ignore[override]
        return self._ask(lambda session: stored_facts.sent_messages(session, self.id))

    @property
    def clocks(self) -> list[ClockChange]:  # type: ignore[override]
        return self._ask(lambda session: stored_facts.clock_changes(session, self.id))

    @property
    def flows(self) -> list[str]:  # type: ignore[override]
        query = select(FlowTaken.flow_id).where(FlowTaken.instance_id == self.id)
        return self._ask(lambda session: list(session.scalars(query)))

    @property
    def incidents(self) -> list[str]:  # type: ignore[override]
        query = select(Incident.kind).where(Incident.instance_id == self.id)
        return self._ask(lambda session: list(session.scalars(query)))

    @property
    def _instance(self) -> ProcessInstance:
        return self._ask(lambda session: session.get_one(ProcessInstance, self.id))

    @contextmanager
    def _step(self) -> Iterator[Session]:
        LIVE_CASES.clear()
        with writing(), self._sessions() as session:
            yield session
            session.commit()

    def _ask(self, question: Callable[[Session], Found]) -> Found:
        with self._sessions() as session:
            return question(session)

    def _complete(self, opened: OpenedUserTask, values: Mapping[str, object], by: str) -> None:
        self._try_own_work(opened)
        if opened.assignee is None:
            with self._step() as session:
                claim_user_task(session, opened.id, actor=Actor(by), now=self.now)
        with self._step() as session:
            complete_user_task(session, opened.id, values, revision=None, actor=Actor(by), now=self.now)

    def _try_own_work(self, opened: OpenedUserTask) -> None:
        """Whoever did what this user task checks is refused."""
        elements = {exclusion.partition("@")[0] for exclusion in opened.not_performer_of}
        parts = self._ask(lambda session: parts_taken(session, self.id, elements))
        for person in {part.person_id for part in parts if part.bars_from(opened.not_performer_of)}:
            with pytest.raises((NotAllowed, NotFound, Conflict)), self._step() as session:
                claim_user_task(session, opened.id, actor=Actor(person), now=self.now)

    def _work(self, kind: str, is_meant: Callable[[Job], bool]) -> None:
        """Have the worker's hand do the due jobs of a kind that are meant; the others are given back."""
        with self._step() as session:
            leased = claim_due_jobs(session, (kind,), now=self.now, limit=32)
            rows = {job.id: session.get_one(Job, job.id) for job in leased}
            meant = [job for job in leased if is_meant(rows[job.id])]
            give_back_jobs(session, [job for job in leased if job not in meant])
            start_jobs(session, meant[:1])
        if meant:
            bench = Bench(self._sessions, lambda: self.now, Surroundings(), Event())
            LIVE_CASES.clear()
            Hand(bench, meant).run()
        with self._sessions() as session:
            for job in meant:
                done = session.get_one(Job, job.id)
                assert done.state == "done", done.last_error

    def _round(self, session: Session, clock_id: str) -> int:
        """The number of the last round of a clock."""
        query = select(func.max(CaseClock.number))
        number = session.scalar(query.where(CaseClock.instance_id == self.id, CaseClock.clock_id == clock_id))
        assert number is not None
        return number

    def _variables_around(self, session: Session, opened: OpenedUserTask) -> dict[str, object]:
        stored = variables_in_scope(session, self.id, opened.execution_id)
        return {name: feel.decode(json.loads(value)) for name, value in stored.items()}
