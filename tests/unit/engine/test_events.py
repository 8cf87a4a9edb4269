from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from app import engine
from tests.unit.engine.case import NOW, RESOURCES, context
from tests.unit.engine.conftest import NewCase


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        ("duration", NOW + timedelta(minutes=5)),
        ("date", NOW + timedelta(days=7)),  # 9 March, 9:00 in Shanghai
        ("cycle", NOW + timedelta(minutes=10)),
    ],
)
def test_timer_catch_event_waits_until_its_time(new_case: NewCase, kind: str, due: object) -> None:
    case = new_case(f"timer_catch_event_{kind}.bpmn").start()
    assert [time for _name, time in case.timers.values()] == [due]
    case.fire("wait")
    assert (case.end_event_id, case.timers) == ("end", {})


def test_weeks_are_a_duration_of_timers(new_case: NewCase) -> None:
    source = (RESOURCES / "timer_catch_event_duration.bpmn").read_text(encoding="utf-8").replace("PT5M", "P2W")
    case = new_case(source.encode()).start()
    assert [time for _name, time in case.timers.values()] == [NOW + timedelta(weeks=2)]


def test_timer_is_computed_with_feel_when_the_token_arrives(new_case: NewCase) -> None:
    case = new_case("timer_in_feel.bpmn").start({"due": NOW})
    assert [time for _name, time in case.timers.values()] == [NOW + timedelta(hours=1)]


def test_a_timer_can_be_computed_again_and_nothing_changes(new_case: NewCase) -> None:
    case = new_case("timer_catch_event_duration.bpmn").start()
    assert case.state is not None
    (activity_id,) = case.timers
    for hours in (0, 5):
        start = NOW + timedelta(hours=hours)
        due = engine.timer_due(case.process, case.state, activity_id, context(now=start))
        assert due == start + timedelta(minutes=5)
    with pytest.raises(engine.ActivityNotWaiting):
        engine.timer_due(case.process, case.state, "none", context())
    assert case.fire("wait").end_event_id == "end"


def test_timer_that_is_no_time_is_an_incident(new_case: NewCase) -> None:
    with pytest.raises(engine.StepFailed, match="no time the timer"):
        new_case("timer_in_feel.bpmn").start({"due": "soon"})


def test_interrupting_timer_withdraws_the_user_task(new_case: NewCase) -> None:
    case = new_case("timer_boundary_event_interrupting.bpmn").start().fire("event")
    assert (case.open, case.timers) == (["beside"], {})
    assert case.last is not None
    assert [closed.state for closed in case.last.closed] == ["cancelled"]
    assert case.do("beside").end_event_id == "end_beside"


def test_completing_the_user_task_disarms_its_timer(new_case: NewCase) -> None:
    case = new_case("timer_boundary_event_interrupting.bpmn").start().do("work")
    assert (case.open, case.timers) == (["after"], {})


def test_timer_beside_happens_once_and_the_case_ends_when_both_are_done(new_case: NewCase) -> None:
    case = new_case("timer_boundary_event_beside.bpmn").start().fire("event")
    assert (case.open, case.timers) == (["beside", "work"], {})
    assert case.do("work").do("after").is_ended is False
    assert case.do("beside").is_ended


def test_timer_cycle_is_armed_again_from_when_it_was_due(new_case: NewCase) -> None:
    case = new_case("timer_boundary_event_cycle.bpmn").start()
    dues = []
    while case.timers:
        dues += [due - NOW for _name, due in case.timers.values()]
        case.wait(minutes=7).fire("event")
    assert dues == [timedelta(minutes=10), timedelta(minutes=20), timedelta(minutes=30)]
    assert case.open == ["beside", "beside", "beside", "work"]


def test_a_timer_fires_only_once(new_case: NewCase) -> None:
    case = new_case("timer_boundary_event_beside.bpmn").start()
    (activity_id,) = case.timers
    case.fire("event")
    with pytest.raises(engine.ActivityNotWaiting):
        engine.fire_timer(case.process, case.state or b"", activity_id, context())


@pytest.mark.parametrize("resource", ["message_catch_event.bpmn", "receive_task.bpmn"])
def test_message_is_waited_for_by_name_and_key(new_case: NewCase, resource: str) -> None:
    case = new_case(resource).start({"order": "A1"})
    (subscription,) = case.subscriptions.values()
    assert (subscription.name, subscription.correlation_key) == ("go", "A1")
    case.receive("wait", answer={"n": 1})
    assert (case.open, case.subscriptions, case.value("answer")) == (["after"], {}, {"n": Decimal(1)})


def test_without_a_key_expression_the_business_key_counts(new_case: NewCase) -> None:
    source = (RESOURCES / "receive_task.bpmn").read_bytes().replace(b'value="=order"', b'value=""')
    case = new_case(source).start(business_key="B7")
    assert [subscription.correlation_key for subscription in case.subscriptions.values()] == ["B7"]


def test_a_correlation_key_must_be_a_text(new_case: NewCase) -> None:
    with pytest.raises(engine.StepFailed, match="correlation key"):
        new_case("receive_task.bpmn").start({"order": 3})


def test_message_start_event_is_used_only_for_its_message(new_case: NewCase) -> None:
    assert new_case("message_start_event.bpmn").start().open == ["plain"]
    case = new_case("message_start_event.bpmn").start({"a": 1}, message_name="go")
    assert case.open == ["told"]
    assert case.process.start_message_names == {"go"}
    with pytest.raises(engine.StartNotPossible):
        new_case("message_start_event.bpmn").start(message_name="other")


@pytest.mark.parametrize("resource", ["message_throw_event.bpmn", "message_end_event.bpmn", "send_task.bpmn"])
def test_message_leaves_with_its_key_and_payload(new_case: NewCase, resource: str) -> None:
    case = new_case(resource).start({"order": "A1"})
    assert case.messages == [("go", "A1", {"number": "A1", "note": "fixed"})]
    assert case.end_event_id == "end"
    # The payload is not a variable of the case.
    assert {name for _scope, name in case.variables} == {"order"}


def test_message_beside_can_come_again_and_again(new_case: NewCase) -> None:
    case = new_case("message_boundary_event_beside.bpmn").start({"order": "A1"}).receive("event").receive("event")
    assert case.open == ["beside", "beside", "work"]
    assert case.do("work").subscriptions == {}


def test_message_interrupts(new_case: NewCase) -> None:
    case = new_case("message_boundary_event_interrupting.bpmn").start({"order": "A1"}).receive("event")
    assert (case.open, case.subscriptions) == (["beside"], {})


def test_error_is_caught_on_the_boundary(new_case: NewCase) -> None:
    case = new_case("error_end_event.bpmn").start().do("one")
    assert (case.open, case.value("code")) == (["beside"], "STOP")
    assert case.do("beside").end_event_id == "end_beside"


def test_error_nobody_catches_fails_the_step(new_case: NewCase) -> None:
    case = new_case("error_end_event_not_caught.bpmn").start()
    with pytest.raises(engine.StepFailed, match="“STOP”, which nothing catches"):
        case.do("work")
    assert case.open == ["work"]


def test_escalation_goes_beside(new_case: NewCase) -> None:
    case = new_case("escalation_throw_event.bpmn").start()
    assert case.open == ["beside", "inner"]
    assert case.do("inner").do("after").do("beside").is_ended


def test_an_escalation_reported_for_a_user_task_goes_beside_or_interrupts_it(new_case: NewCase) -> None:
    case = new_case("escalation_of_a_user_task.bpmn").start()
    case.escalate("talk", "HELP", why="ill")
    assert case.open == ["beside", "talk"]
    with pytest.raises(engine.EscalationNotCaught):
        case.escalate("talk", "OTHER")
    case.escalate("talk", "STOP")
    assert case.open == ["beside", "instead"]


def test_escalation_interrupts(new_case: NewCase) -> None:
    case = new_case("escalation_interrupting.bpmn").start()
    assert case.open == ["beside"]
    assert case.do("beside").end_event_id == "end_beside"


def test_terminate_withdraws_everything_else(new_case: NewCase) -> None:
    case = new_case("terminate_end_event.bpmn").start().do("b")
    assert (case.is_ended, case.end_event_id, case.user_tasks) == (True, "stop", {})


def test_terminate_ends_only_its_own_subprocess(new_case: NewCase) -> None:
    case = new_case("terminate_in_subprocess.bpmn").start().do("b")
    assert case.open == ["after"]
    assert case.do("after").end_event_id == "end"


def test_cancel_withdraws_everything_and_reaches_no_end(new_case: NewCase) -> None:
    case = new_case("timer_boundary_event_on_subprocess.bpmn").start().cancel()
    assert (case.is_ended, case.end_event_id, case.user_tasks, case.timers) == (True, None, {}, {})
    assert case.last is not None
    assert [change.is_open for change in case.last.executions] == [False, False]
