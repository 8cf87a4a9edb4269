import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app import engine, feel
from app.engine import CancelActivity, ChangeRefused, StartBefore
from app.errors import InvalidInput, NotAllowed
from app.models import ActivityInstance, Incident, Job, MessageSubscription, ProcessInstance, Variable
from app.models.queries_user_task import find_draft
from app.operations.actor import SYSTEM, Actor
from app.operations.case_changes import VariableEdit, modify_case, set_case_variables
from app.operations.case_restart import Restart, restart_case
from app.operations.cases import Case
from app.operations.cause import Cause
from app.operations.deployments import deploy
from app.operations.drafts import save_draft
from app.operations.failures import StepNotDone
from app.operations.history import case_stream
from app.operations.history_reading import read_events
from app.operations.process_instances import cancel_instance, start_process
from app.operations.record import CaseChanged
from app.operations.steps import CaseEnded, take_step
from app.operations.suspension import resume_case, suspend_case
from app.operations.typed_values import typed_value
from app.worker import run_due
from tests.integration.operations.dealership import NOW, RESOURCES, Dealership, later
from tests.unit.engine.case import document

pytestmark = pytest.mark.usefixtures("every_case_replays")

OWNER = Actor("own")


def _move(session: Session, case: Case, *instructions: object, revision: int | None = None) -> None:
    modify_case(session, case.id, instructions, "the wrong step", revision=revision, actor=OWNER, now=later(hours=1))


def _set(session: Session, case: Case, removed: tuple[str, ...] = (), **values: object) -> None:
    edit = VariableEdit(case.id, values, removed)
    set_case_variables(session, case.id, edit, "a wrong entry", revision=None, actor=OWNER, now=later(hours=1))


def test_a_moved_token_and_what_stays(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    check = dealership.claim(case, "check", "ada")
    save_draft(session, check, {"score": "7"}, base_revision=2, actor=Actor("ada"), now=NOW)
    _move(session, case, StartBefore("later"))
    assert sorted(dealership.open_user_tasks_of(case.id)) == ["check", "later"]
    kept = find_draft(session, check, "ada")
    assert kept is not None
    assert kept.content == {"score": "7"}
    _move(session, case, CancelActivity(check))
    assert sorted(dealership.open_user_tasks_of(case.id)) == ["later"]
    assert session.scalars(select(Job.state).where(Job.kind == "timer")).all() == ["cancelled"]
    told = [event for event in read_events(session, case_stream(case.id)) if event.type == "case_modified"]
    assert [event.reason for event in told] == ["the wrong step"] * 2
    assert told[1].body["instructions"] == [{"type": "cancel", "activity": check}]


@pytest.mark.usefixtures("dealership")
def test_a_case_started_anew_waits_for_what_begins_its_event_subprocesses(session: Session) -> None:
    diagram = (RESOURCES.parent / "event_subprocess_beside.bpmn").read_bytes()
    deploy(session, {"beside.bpmn": diagram}, name="beside", reason="test", actor=SYSTEM, now=NOW)
    old = start_process(session, "event_subprocess", {}, site_id="main", actor=SYSTEM, now=NOW)
    cancel_instance(session, old.id, "a mistake", actor=OWNER, now=NOW)
    wanted = Restart(old.definition_id, [("start_before", "work")])
    new_id = restart_case(session, old.id, wanted, "once more", actor=SYSTEM, now=later(hours=1))
    found = select(ActivityInstance.element_id).filter_by(instance_id=new_id, state="active")
    assert sorted(session.scalars(found)) == ["handler_start", "work"]


def test_the_work_of_a_step_that_is_withdrawn_is_not_done_any_more(session: Session, dealership: Dealership) -> None:
    """A job, a token held before a step, a subscription: nobody would wait for them."""
    work = '<bpmn:serviceTask id="job" camunda:type="external" camunda:topic="t"/><bpmn:userTask id="u"/>'
    held = '<bpmn:task id="held" camunda:asyncBefore="true"/><bpmn:receiveTask id="told" messageRef="m"/>'
    elements = (
        '<bpmn:message id="m" name="go"/>',
        '<bpmn:process id="p" isExecutable="true">',
        work,
        held,
        "</bpmn:process>",
    )
    deploy(session, {"p.bpmn": document(*elements)}, name="p", reason="r", actor=SYSTEM, now=NOW)
    case = start_process(session, "p", {}, site_id="main", actor=SYSTEM, now=NOW)
    opened = session.execute(select(ActivityInstance.id, ActivityInstance.element_id)).all()
    _move(session, case, *(CancelActivity(row.id) for row in opened if row.element_id != "u"))
    jobs = select(Job.kind, Job.state).where(Job.instance_id == case.id).order_by(Job.kind)
    assert session.execute(jobs).all() == [("continuation", "cancelled"), ("external", "cancelled")]
    assert session.scalars(select(MessageSubscription.id)).all() == []
    dealership.session.expire_all()
    assert list(dealership.open_user_tasks_of(case.id)) == ["u"]


def test_a_step_of_a_case_that_has_changed_since_it_was_read_is_not_recorded(
    session: Session, dealership: Dealership
) -> None:
    case = dealership.start()
    dealership.complete(case, "check", "ada", verdict="later")
    session.commit()
    with pytest.raises(CaseChanged):
        take_step(session, case, engine.cancel, cause=Cause("process_cancelled"), actor=OWNER, now=later(hours=1))
    session.rollback()
    assert list(dealership.open_user_tasks_of(case.id)) == ["later"]


def test_refusals_leave_everything(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    session.commit()
    with pytest.raises(ChangeRefused, match="boundary"):
        _move(session, case, StartBefore("late"), StartBefore("later"))
    with pytest.raises(NotAllowed):
        modify_case(session, case.id, [StartBefore("later")], "why", revision=None, actor=Actor("ada"), now=NOW)
    with pytest.raises(InvalidInput):
        modify_case(session, case.id, [StartBefore("later")], " ", revision=None, actor=OWNER, now=NOW)
    with pytest.raises(InvalidInput):
        modify_case(session, case.id, [], "why", revision=None, actor=OWNER, now=NOW)
    with pytest.raises(CaseChanged):
        _move(session, case, StartBefore("later"), revision=case.revision + 1)
    with pytest.raises(StepNotDone, match="expert_id"):
        _move(session, case, StartBefore("expert"))
    session.rollback()
    assert list(dealership.open_user_tasks_of(case.id)) == ["check"]
    cancel_instance(session, case.id, "over", actor=OWNER, now=NOW)
    with pytest.raises(CaseEnded):
        _move(session, case, StartBefore("later"))


def test_an_incident_goes_with_the_step_that_is_withdrawn(session: Session, dealership: Dealership) -> None:
    case = dealership.start(expert_id="gone")
    dealership.complete(case, "check", "ada", verdict="expert")
    expert = dealership.user_task(case, "expert")
    assert session.get_one(ProcessInstance, case.id).state == "incident"
    _move(session, case, CancelActivity(expert), StartBefore("later"))
    session.expire_all()
    assert session.get_one(ProcessInstance, case.id).state == "active"
    assert session.scalars(select(Incident.is_open)).all() == [False]


def test_variables_are_changed_with_old_and_new_in_the_history(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    _set(session, case, ("subject",), level=feel.from_python(2), note="private")
    rows = {row.name: json.loads(row.value) for row in session.scalars(select(Variable))}
    assert "subject" not in rows
    assert (rows["level"], rows["note"]) == (["n", "2"], "private")
    events = read_events(session, case_stream(case.id))
    cause = next(event for event in events if event.type == "variables_set")
    assert (cause.reason, cause.body["removed"], set(cause.body["inputs"])) == ("a wrong entry", ["subject"], {"level"})
    assert cause.personal == {"inputs": {"note": "private"}}  # the form marks it as a person's
    changes = {event.body["name"]: event for event in events if event.type == "variable_changed" and event.at > NOW}
    assert (changes["subject"].body["old"], changes["subject"].body["is_removed"]) == ("a noise", True)
    assert changes["note"].body.get("new") is None
    assert changes["note"].personal == {"old": None, "new": "private"}


def test_variables_that_cannot_be_changed(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    session.commit()
    with pytest.raises(ChangeRefused, match="no variable “nothing”"):
        _set(session, case, ("nothing",))
    with pytest.raises(InvalidInput, match="name"):
        _set(session, case, **{" ": 1})
    edit = VariableEdit("elsewhere", {"x": 1})
    with pytest.raises(ChangeRefused, match="no longer open"):
        set_case_variables(session, case.id, edit, "why", revision=None, actor=OWNER, now=NOW)
    with pytest.raises(NotAllowed):
        set_case_variables(
            session, case.id, VariableEdit(case.id, {"x": 1}), "why", revision=None, actor=Actor("eve"), now=NOW
        )


def test_a_changed_variable_mends_a_failed_step(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership
) -> None:
    case = dealership.start()
    dealership.complete(case, "check", "ada", verdict="withdraw")
    _set(session, case, customer_id="nobody")
    session.commit()
    run_due(sessions, later(hours=2))
    session.expire_all()
    assert session.get_one(ProcessInstance, case.id).state == "completed"  # the job had its inputs already


def test_a_suspended_case_can_be_put_right(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership
) -> None:
    case = dealership.start()
    suspend_case(session, case.id, "look at it", actor=OWNER, now=NOW)
    check = dealership.user_task(case, "check")
    _set(session, case, subject="put right")
    _move(session, case, CancelActivity(check), StartBefore("check"))
    session.commit()
    assert run_due(sessions, later(hours=9)) == 0
    resume_case(session, case.id, "put right", actor=OWNER, now=later(hours=9))
    session.commit()
    assert run_due(sessions, later(hours=9)) == 1
    assert sorted(dealership.open_user_tasks_of(case.id)) == ["check", "remind"]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("12", "text", "12"),
        ("12", "feel", 12),
        ("12.50", "json", 12.5),
        ('{"a": [1, null]}', "json", {"a": [1, None]}),
        ('[1, "x"]', "feel", [1, "x"]),
        ("null", "feel", None),
        ("1 + 1", "feel", 2),
    ],
)
def test_typed_values(text: str, kind: str, value: object) -> None:
    found = typed_value(text, kind, now=datetime(2026, 3, 2, tzinfo=UTC), zone=ZoneInfo("Asia/Shanghai"))
    assert feel.to_python(found) == value


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{", "json"),
        ("NaN", "json"),
        ("1 +", "feel"),
        ("unknown", "feel"),
        ("1", "other"),
        ("x" * 100_001, "text"),
        ("function(x) x", "feel"),
        ("[" * 3000, "json"),
        ("1e999999", "json"),
    ],
)
def test_typed_values_that_are_none(text: str, kind: str) -> None:
    with pytest.raises(InvalidInput):
        typed_value(text, kind, now=NOW, zone=ZoneInfo("Asia/Shanghai"))
