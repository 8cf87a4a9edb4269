import json
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app import engine
from app.engine import CancelActivity, ChangeRefused, Reason, StartBefore
from app.errors import InvalidInput, NotAllowed
from app.models import ActivityInstance, CaseBatchItem, Job, ProcessDefinition, ProcessInstance, UserTask
from app.models.queries_user_task import find_draft
from app.operations.actor import SYSTEM, Actor
from app.operations.case_batches import BatchOrder, order_batch
from app.operations.case_changes import VariableEdit, modify_case, set_case_variables
from app.operations.case_migration import OtherProcess, check_migration, migrate_case
from app.operations.cases import Case
from app.operations.deployments import deploy
from app.operations.drafts import save_draft
from app.operations.history import case_stream
from app.operations.history_reading import read_events
from app.operations.process_instances import cancel_instance, start_process
from app.operations.projections import deviations
from app.operations.replay import replay_case
from app.operations.steps import CaseEnded
from app.operations.suspension import suspend_case
from app.worker import run_due
from tests.integration.operations.dealership import ALL, CUSTOMER, NOW, Dealership, later
from tests.unit.engine.case import flows, process_of

pytestmark = pytest.mark.usefixtures("every_case_replays")

OWNER = Actor("own")


def deploy_changed(session: Session, change: Callable[[str], str]) -> str:
    """A new version of the inquiry; returns its id."""
    files = dict(ALL)
    files["inquiry.bpmn"] = change(files["inquiry.bpmn"].decode()).encode()
    deploy(session, files, name="tests", reason="a new version", actor=SYSTEM, now=NOW)
    query = select(ProcessDefinition.id).where(ProcessDefinition.key == "inquiry")
    return session.scalars(query.order_by(ProcessDefinition.version.desc())).first() or ""


def renamed(xml: str) -> str:
    """`check` becomes `verify`, with another name and another timer; the reminder's timer is new."""
    return (
        xml.replace('id="check" name="Check"', 'id="verify" name="Verify"')
        .replace('attachedToRef="check"', 'attachedToRef="verify"')
        .replace('targetRef="check"', 'targetRef="verify"')
        .replace('sourceRef="check"', 'sourceRef="verify"')
        .replace("PT1H", "PT9H")
    )


def relabelled(xml: str) -> str:
    return xml.replace('name="Check"', 'name="Check again"')


def _prepared(session: Session, dealership: Dealership) -> tuple[Case, str]:
    case = dealership.start()
    check = dealership.claim(case, "check", "ada")
    save_draft(session, check, {"score": "7"}, base_revision=2, actor=Actor("ada"), now=NOW)
    return case, check


def test_people_drafts_and_due_dates_stay(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership
) -> None:
    case, check = _prepared(session, dealership)
    before = session.get_one(UserTask, check)
    kept = (before.assignee_id, before.claimed_at, before.due_at, before.created_at, before.revision)
    timer = session.execute(select(Job.id, Job.run_at).where(Job.kind == "timer")).one()
    target = deploy_changed(session, renamed)
    mapping = {"check": "verify", "late": "late"}
    with pytest.raises(ChangeRefused, match="“check” is open"):
        migrate_case(session, case.id, target, None, "the new way", actor=OWNER, now=later(minutes=1))
    checked = check_migration(session, case.id, target, mapping, actor=OWNER, now=later(minutes=1))
    assert [activity.element_id for activity in checked.activities] == ["verify", "late"]
    migrate_case(session, case.id, target, mapping, "the new way", actor=OWNER, now=later(minutes=1))
    session.expire_all()
    after = session.get_one(UserTask, check)
    assert (after.assignee_id, after.claimed_at, after.due_at, after.created_at, after.revision) == kept
    assert (after.element_id, after.name, after.definition_id) == ("verify", "Verify", target)
    assert find_draft(session, check, "ada") is not None
    assert session.get_one(ProcessInstance, case.id).definition_id == target
    assert session.execute(select(Job.id, Job.run_at).where(Job.kind == "timer")).one() == timer
    assert session.get_one(ActivityInstance, check).element_name == "Verify"
    session.commit()
    run_due(sessions, later(hours=1))
    assert sorted(dealership.open_user_tasks_of(case.id)) == ["remind", "verify"]
    dealership.complete(case, "verify", "ada", now=later(hours=2), verdict="later")
    assert sorted(dealership.open_user_tasks_of(case.id)) == ["later", "remind"]


def test_the_history_says_from_where_to_where_and_why(session: Session, dealership: Dealership) -> None:
    case, _check = _prepared(session, dealership)
    target = deploy_changed(session, relabelled)
    migrate_case(session, case.id, target, None, " the new way ", actor=OWNER, now=NOW)
    told = read_events(session, case_stream(case.id))[-1]
    assert (told.type, told.actor_id, told.reason) == ("case_migrated", "own", "the new way")
    assert (told.body["version"], told.body["new_version"], told.body["new_definition_id"]) == (1, 2, target)
    assert told.body["mapping"]["check"] == "check"


def test_who_may_and_when_not(session: Session, dealership: Dealership) -> None:
    case, _check = _prepared(session, dealership)
    target = deploy_changed(session, relabelled)
    session.commit()
    with pytest.raises(NotAllowed):
        migrate_case(session, case.id, target, None, "why", actor=Actor("ada"), now=NOW)
    with pytest.raises(InvalidInput):
        migrate_case(session, case.id, target, None, " ", actor=OWNER, now=NOW)
    with pytest.raises(OtherProcess, match="this version already"):
        migrate_case(session, case.id, case.definition_id, None, "why", actor=OWNER, now=NOW)
    other = session.scalars(select(ProcessDefinition.id).where(ProcessDefinition.key == "teller")).first()
    with pytest.raises(OtherProcess, match="its own process"):
        migrate_case(session, case.id, other or "", None, "why", actor=OWNER, now=NOW)
    cancel_instance(session, case.id, "over", actor=OWNER, now=NOW)
    with pytest.raises(CaseEnded):
        migrate_case(session, case.id, target, None, "why", actor=OWNER, now=NOW)


def test_a_migration_that_would_be_refused_by_now_is_told_as_a_difference(
    session: Session, dealership: Dealership, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, _check = _prepared(session, dealership)
    migrate_case(session, case.id, deploy_changed(session, relabelled), None, "why", actor=OWNER, now=NOW)

    def refuse(*_given: object, **_named: object) -> None:
        raise ChangeRefused([Reason("check", "“%(element)s” is not what it was")])

    with monkeypatch.context() as patch:
        patch.setattr(engine, "migrate", refuse)
        found = replay_case(session, case.id).difference
    assert found is not None
    assert "“check” is not what it was" in str(found.params["why"])


def test_a_mapping_is_for_one_version_only(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership
) -> None:
    case, _check = _prepared(session, dealership)
    source, between, last = case.definition_id, deploy_changed(session, relabelled), deploy_changed(session, renamed)
    order = BatchOrder("migrate", source, "why", target_id=last, mapping={"check": "verify", "late": "late"})
    batch_id = order_batch(session, order, actor=OWNER, now=NOW)
    migrate_case(session, case.id, between, None, "why", actor=OWNER, now=NOW)
    session.commit()
    run_due(sessions, NOW)
    session.expire_all()
    ((msgid, _params),) = json.loads(session.scalars(select(CaseBatchItem.refusals).filter_by(batch_id=batch_id)).one())
    assert msgid.startswith("The case does not run in the version for which this was said.")
    assert session.get_one(ProcessInstance, case.id).definition_id == between


def _calling(step: str, called_step: str) -> dict[str, bytes]:
    """Two paths, one of them a call, both with a step; the other gathers tokens."""
    step_of_call = process_of(
        '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>',
        f'<bpmn:userTask id="{called_step}" camunda:assignee="ada"/>',
        flows(f"s {called_step}", f"{called_step} e"),
        key="inner",
    )
    caller = process_of(
        '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/><bpmn:parallelGateway id="f"/>',
        f'<bpmn:userTask id="{step}" camunda:assignee="ada"/><bpmn:callActivity id="call" calledElement="inner"/>',
        '<bpmn:userTask id="both" camunda:assignee="ada" startQuantity="2"/>',
        flows("s f", f"f {step}", "f call", "f both", f"{step} both", "call e", "both e"),
        key="caller",
    )
    return {"caller.bpmn": caller, "inner.bpmn": step_of_call}


@pytest.mark.usefixtures("dealership")
def test_the_history_knows_what_is_called_alike_apart(session: Session) -> None:
    def deployed(*steps: str) -> str:
        deploy(session, _calling(*steps), name="tests", reason="calls", actor=SYSTEM, now=NOW)
        query = select(ProcessDefinition.id).where(ProcessDefinition.key == "caller")
        return session.scalars(query.order_by(ProcessDefinition.version.desc())).first() or ""

    deployed("ask", "ask")
    case = start_process(session, "caller", {}, site_id="main", actor=SYSTEM, now=NOW)
    mapping = {"ask": "inquire", "call": "call", "both": "both"}
    migrate_case(session, case.id, deployed("inquire", "ask"), mapping, "why", actor=OWNER, now=NOW)
    mapping = {"inquire": "inquire", "call": "call", "both": "both", "inner/ask": "look"}
    migrate_case(session, case.id, deployed("inquire", "look"), mapping, "why", actor=OWNER, now=NOW)
    places = session.scalars(select(ActivityInstance.element_id).where(ActivityInstance.ended_at.is_(None)))
    assert sorted(places) == ["call", "inquire", "look"]
    assert deviations(session, case.id) == []
    assert replay_case(session, case.id).difference is None


def test_a_suspended_case_migrates_and_stays_suspended(session: Session, dealership: Dealership) -> None:
    case, _check = _prepared(session, dealership)
    suspend_case(session, case.id, "wait", actor=OWNER, now=NOW)
    migrate_case(
        session, case.id, deploy_changed(session, lambda xml: xml.replace('"late"', '"tardy"')), None, "why",
        actor=OWNER, now=NOW,
    )  # fmt: skip
    session.expire_all()
    assert session.get_one(ProcessInstance, case.id).is_suspended
    states = dict(session.execute(select(Job.element_id, Job.state).where(Job.kind == "timer")).all())
    assert states == {"late": "cancelled", "tardy": "suspended"}


def test_a_batch_says_for_each_case_what_became_of_it(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership
) -> None:
    good, cancelled, stuck = dealership.start(), dealership.start(), dealership.start()
    dealership.complete(stuck, "check", "ada", verdict="later")
    source = good.definition_id
    target = deploy_changed(
        session,
        lambda xml: (
            relabelled(xml)
            .replace('"later" name', '"afterwards" name')
            .replace('sourceRef="later"', 'sourceRef="afterwards"')
            .replace('targetRef="later"', 'targetRef="afterwards"')
        ),
    )
    order = BatchOrder("migrate", source, "the new way", target_id=target)
    batch_id = order_batch(session, order, actor=OWNER, now=NOW)
    cancel_instance(session, cancelled.id, "over", actor=OWNER, now=NOW)
    session.commit()
    run_due(sessions, NOW)
    session.expire_all()
    items = {item.instance_id: item for item in session.scalars(select(CaseBatchItem).filter_by(batch_id=batch_id))}
    assert {key: item.state for key, item in items.items()} == {
        good.id: "done",
        cancelled.id: "refused",
        stuck.id: "refused",
    }
    ((msgid, params),) = json.loads(items[stuck.id].refusals)
    assert msgid % params == "“later” is open: say where it goes in the new version."
    assert session.get_one(ProcessInstance, good.id).definition_id == target
    assert session.get_one(ProcessInstance, stuck.id).definition_id == source


def test_a_batch_of_suspensions_leaves_other_sites_alone(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership
) -> None:
    from_here = dealership.start()
    elsewhere = dealership.start_at("outlet", subject="x", customer_id=CUSTOMER)
    session.commit()
    for kind, is_suspended in (("suspend", True), ("resume", False)):
        order = BatchOrder(kind, from_here.definition_id, "why")  # type: ignore[arg-type]
        order_batch(session, order, actor=OWNER, now=NOW)
        session.commit()
        run_due(sessions, NOW)
        session.expire_all()
        assert session.get_one(ProcessInstance, from_here.id).is_suspended is is_suspended
        assert not session.get_one(ProcessInstance, elsewhere.id).is_suspended
        session.rollback()
    with pytest.raises(NotAllowed):
        order_batch(session, BatchOrder("suspend", from_here.definition_id, "why"), actor=Actor("ada"), now=NOW)
    nothing = BatchOrder("suspend", from_here.definition_id, "why", instance_ids=[])
    with pytest.raises(InvalidInput):
        order_batch(session, nothing, actor=OWNER, now=NOW)


def test_a_migrated_and_changed_case_can_be_played_again(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership
) -> None:
    case, check = _prepared(session, dealership)
    mapping = {"check": "verify", "late": "late"}
    migrate_case(session, case.id, deploy_changed(session, renamed), mapping, "why", actor=OWNER, now=later(minutes=1))
    edit = VariableEdit(case.id, {"subject": "another", "note": "private"})
    set_case_variables(session, case.id, edit, "why", revision=None, actor=OWNER, now=later(minutes=2))
    steps = [CancelActivity(check), StartBefore("later")]
    modify_case(session, case.id, steps, "why", revision=None, actor=OWNER, now=later(minutes=3))
    session.commit()
    result = replay_case(session, case.id)
    assert (result.steps, result.difference) == (4, None)
