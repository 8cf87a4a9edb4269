"""The history of a case holds what happened, in order, with old and new values; personal ones under a key."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import ActivityInstance, Execution, FlowTaken, HistoryEvent
from app.operations.history import case_stream
from app.operations.history_reading import RecordedEvent, read_events
from app.operations.subject_keys import subject_keys
from tests.integration.operations.dealership import CUSTOMER, NOW, Dealership


def _events(session: Session, case_id: str) -> list[RecordedEvent]:
    return read_events(session, case_stream(case_id))


def test_events_stand_in_the_order_they_happened(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    dealership.complete(case, "check", "ada", verdict="end", note="all well")
    assert [event.type for event in _events(session, case.id)] == [
        "process_started", "path_taken", "variable_changed", "variable_changed", "user_task_opened", "timer_armed",
        "user_task_claimed",
        "user_task_completed", "path_taken", "variable_changed", "variable_changed", "process_ended",
    ]  # fmt: skip


def test_start_can_be_replayed_from_its_event(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    started = _events(session, case.id)[0]
    assert started.body["definition_id"] == case.definition_id
    assert started.body["inputs"] == {"subject": "a noise", "customer_id": CUSTOMER}
    assert (started.at, started.actor_id, started.site_id) == (NOW, "ada", "main")


def test_values_are_told_old_and_new(session: Session, dealership: Dealership) -> None:
    case = dealership.start(verdict="open")
    dealership.complete(case, "check", "ada", verdict="end")
    (change,) = [
        event.body
        for event in _events(session, case.id)
        if event.type == "variable_changed" and event.body["name"] == "verdict" and not event.body["is_new"]
    ]
    assert (change["old"], change["new"]) == ("open", "end")


def test_personal_values_are_readable_only_while_the_key_exists(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    dealership.complete(case, "check", "ada", verdict="end", note="her secret", score=3)
    answered = next(event for event in _events(session, case.id) if event.type == "user_task_completed")
    assert answered.body["inputs"] == {"verdict": "end", "score": ["n", "3"]}
    assert answered.personal == {"inputs": {"note": "her secret"}}
    assert not any(b"her secret" in stored for stored in session.scalars(select(HistoryEvent.canonical)))
    session.commit()
    subject_keys(session).destroy(CUSTOMER, NOW)
    erased = [event for event in _events(session, case.id) if event.is_erased]
    assert [event.type for event in erased] == ["user_task_completed", "variable_changed"]


def test_path_tables_can_be_rebuilt_from_the_events(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    dealership.complete(case, "check", "ada", verdict="later")
    dealership.complete(case, "later", "bea")
    dealership.complete(case, "check", "bea", verdict="end")
    paths = [event.body for event in _events(session, case.id) if event.type == "path_taken"]
    states = {activity[0]: (activity[2], activity[4]) for path in paths for activity in path["activities"]}
    rows = session.execute(select(ActivityInstance.id, ActivityInstance.element_id, ActivityInstance.state))
    assert {identifier: (element, state) for identifier, element, state in rows} == states
    flows = [flow for path in paths for flow in path["flows"]]
    taken = dict(session.execute(select(FlowTaken.flow_id, FlowTaken.count)).all())
    assert taken == {flow: flows.count(flow) for flow in flows}
    assert taken["check_verdict"] == 2
    executions = {execution[0] for path in paths for execution in path["executions"]}
    assert executions == set(session.scalars(select(Execution.id)))
    assert session.scalars(select(Execution.ended_at).where(Execution.ended_at.is_(None))).all() == []
