"""What the history says of a step, without a database."""

from datetime import UTC, datetime
from decimal import Decimal

from app.engine.outcome import (
    ClosedUserTask,
    Outcome,
    RaisedIncident,
    ThrownMessage,
    TimerChange,
    VariableChange,
)
from app.operations.cases import Case
from app.operations.cause import Cause
from app.operations.history import Event
from app.operations.record_events import Step, events_of

CASE = Case(
    id="case1", site_id="main", definition_id="d", process_key="p", case_number="P-2026-000001", business_key=None,
    title="t", state="active", started_by="ada", customer_id="customer1", vehicle_id=None, visit_id=None,
    origin_id=None, is_suspended=False, revision=1, zone_name="Asia/Shanghai",
)  # fmt: skip
PERSONAL = frozenset({"phone"})


def _events(outcome: Outcome, cause: Cause | None = None, **more: object) -> list[Event]:
    step = Step(CASE, cause or Cause("timer_fired", "timer", "a1"), outcome, PERSONAL, **more)  # type: ignore[arg-type]
    return events_of(step)


def test_cause_comes_first_and_an_empty_step_says_no_more() -> None:
    (event,) = _events(Outcome(state=b""))
    assert (event.type, event.element_id, event.activity_id) == ("timer_fired", "timer", "a1")
    assert event.personal is None


def test_personal_inputs_are_apart() -> None:
    cause = Cause("user_task_completed", inputs={"phone": "1", "score": Decimal(2)}, facts={"name": "Call"})
    (event,) = _events(Outcome(state=b""), cause)
    assert event.body == {"name": "Call", "inputs": {"score": ["n", "2"]}}
    assert (event.personal, event.subject_id) == ({"inputs": {"phone": "1"}}, "customer1")


def test_personal_changes_hide_both_values() -> None:
    changes = (VariableChange("e", "phone", "1", "2"), VariableChange("e", "score", None, Decimal(2), is_new=True))
    _, phone, score = _events(Outcome(state=b"", variables=changes))
    assert phone.personal == {"old": "1", "new": "2"}
    assert "new" not in phone.body
    assert (score.body["old"], score.body["new"], score.body["is_new"]) == (None, ["n", "2"], True)


def test_personal_payload_is_apart() -> None:
    message = ThrownMessage("a", "send", "sent", None, {"phone": "1", "visit_id": "v"})
    _, event = _events(Outcome(state=b"", messages=(message,)), message_ids=("m1",))
    assert event.body["payload"] == {"visit_id": "v"}
    assert event.personal == {"payload": {"phone": "1"}}


def test_disarmed_timers_and_completed_user_tasks_need_no_event_of_their_own() -> None:
    outcome = Outcome(
        state=b"",
        timers=(TimerChange("a", "t", None), TimerChange("b", "u", datetime(2026, 3, 2, tzinfo=UTC))),
        closed=(ClosedUserTask("x", "done", "completed"), ClosedUserTask("y", "gone", "cancelled")),
    )
    assert [(event.type, event.element_id) for event in _events(outcome)[1:]] == [
        ("user_task_cancelled", "gone"),
        ("timer_armed", "u"),
    ]


def test_incident_keeps_its_values_apart() -> None:
    incident = RaisedIncident("a", "gateway", "expression", "%(value)s is odd", {"value": Decimal(3)})
    _, event = _events(Outcome(state=b""), incidents=(incident,))
    assert event.body == {"kind": "expression", "msgid": "%(value)s is odd"}
    assert event.personal == {"params": {"value": "3"}}


def test_cancelled_case_did_not_reach_an_end() -> None:
    ended = Outcome(state=None, is_ended=True, end_event_id="end")
    assert [event.type for event in _events(ended)] == ["timer_fired", "process_ended"]
    cancelled = Outcome(state=None, is_ended=True)
    assert [event.type for event in _events(cancelled, Cause("process_cancelled", reason="r"))] == ["process_cancelled"]


def test_case_without_customer_has_a_key_of_its_own() -> None:
    without = Case(**{**{name: getattr(CASE, name) for name in Case.__slots__}, "customer_id": None})
    assert without.subject_id == "case1"
