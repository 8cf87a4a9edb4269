from __future__ import annotations

import pytest

from app import engine
from app.engine.outcome import ActivityChange
from tests.unit.engine.case import Case, flows, process_of
from tests.unit.engine.conftest import NewCase


def test_parallel_join_waits_for_the_longer_branch(new_case: NewCase) -> None:
    case = new_case("parallel_branches_of_unequal_length.bpmn").start().do("a")
    assert (case.open, list(case.live_activities.values())) == (["b1"], ["b1", "join"])
    assert case.do("b1").do("b2").do("b3").end_event_id == "end"


def test_parallel_join_is_one_activity_however_many_tokens_it_takes(new_case: NewCase) -> None:
    case = new_case("parallel_gateways.bpmn").start()
    seen = [change for change in _activities(case.do("b")) if change.element_id == "join"]
    seen += [change for change in _activities(case.do("a")) if change.element_id == "join"]
    assert [change.state for change in seen] == ["active", "done"]
    assert len({change.id for change in seen}) == 1


def _activities(case: Case) -> tuple[ActivityChange, ...]:
    assert case.last is not None
    return case.last.activities


@pytest.mark.parametrize(
    ("a", "b", "steps"), [(True, True, ["a", "b1", "b2"]), (False, True, ["b1", "b2"]), (False, False, ["c"])]
)
def test_inclusive_join_waits_for_what_was_begun(new_case: NewCase, a: bool, b: bool, steps: list[str]) -> None:
    case = new_case("inclusive_gateways.bpmn").start({"wants_a": a, "wants_b": b})
    for step in steps:
        assert "after" not in case.open
        case.do(step)
    assert case.open == ["after"]
    assert case.do("after").end_event_id == "end"


def test_inclusive_join_in_a_loop_waits_again(new_case: NewCase) -> None:
    case = new_case("inclusive_join_in_loop.bpmn").start({"both": True, "done": False}).do("a")
    assert case.open == ["b"]
    assert case.do("b", both=False).open == ["a"]
    assert case.do("a", done=True).end_event_id == "end"


def test_exclusive_gateway_takes_the_flow_whose_condition_holds(new_case: NewCase) -> None:
    case = new_case("exclusive_gateway_without_default.bpmn").start().do("ask", answer="no")
    assert case.end_event_id == "other"


@pytest.mark.parametrize(
    ("values", "kind", "element_id", "said"),
    [
        ({"answer": "maybe"}, "no_flow", "choice", "no condition is true"),
        ({}, "expression", "choice_end", "names “answer”, which does not exist"),
        ({"answer": 3}, "expression", "choice_end", "is null, not true or false"),
    ],
)
def test_a_condition_without_an_answer_is_an_incident(
    new_case: NewCase, values: dict[str, object], kind: str, element_id: str, said: str
) -> None:
    case = new_case("exclusive_gateway_without_default.bpmn").start()
    with pytest.raises(engine.StepFailed, match=said) as failure:
        case.do("ask", **values)
    incident = failure.value.incident
    assert (incident.kind, incident.element_id) == (kind, element_id)
    assert incident.activity_id
    # The step never happened: the same state takes the right answer.
    assert case.do("ask", answer="yes").end_event_id == "end"


def test_a_missing_variable_never_means_the_default_flow(new_case: NewCase) -> None:
    case = new_case("user_task_in_loop.bpmn").start()
    with pytest.raises(engine.StepFailed, match="“done”"):
        case.do("work")


@pytest.mark.parametrize(("first", "then", "end"), [("told", "answer", "end"), ("late", "remind", "end_late")])
def test_event_based_gateway_goes_the_way_of_the_first_event(
    new_case: NewCase, first: str, then: str, end: str
) -> None:
    case = new_case("event_based_gateway.bpmn").start({"order": "A1"})
    assert sorted(case.live_activities.values()) == ["late", "race", "told"]
    case = case.receive("told") if first == "told" else case.fire("late")
    assert (case.open, case.timers, case.subscriptions) == ([then], {}, {})
    assert f"race_{first}" in case.flows
    assert case.do(then).end_event_id == end


def test_inclusive_join_waits_for_an_activity_beside_whose_boundary_a_token_came(new_case: NewCase) -> None:
    """Its way to the empty flow counts: an event on its boundary is not a way it takes itself (BPMN 2.0.2, 13.4.3)."""
    event = "<bpmn:conditionalEventDefinition><bpmn:condition>asks</bpmn:condition></bpmn:conditionalEventDefinition>"
    body = (
        '<bpmn:startEvent id="s"/><bpmn:parallelGateway id="fork"/><bpmn:userTask id="a"/><bpmn:userTask id="b"/>'
        f'<bpmn:boundaryEvent id="asked" attachedToRef="a" cancelActivity="false">{event}</bpmn:boundaryEvent>'
        '<bpmn:inclusiveGateway id="join"/><bpmn:userTask id="z"/><bpmn:endEvent id="end"/>'
    )
    ways = flows("s fork", "fork a", "fork b", "a join", "b join", "asked join", "join z", "z end")
    case = new_case(process_of(body, ways)).start({"asks": False}).do("b", asks=True)
    assert case.open == ["a"]
    assert case.do("a").do("z").is_ended


def test_inclusive_join_does_not_wait_for_who_could_as_well_come_by_the_flow_that_is_filled(new_case: NewCase) -> None:
    """Such a token is one of the next round (BPMN 2.0.2, 13.4.3)."""
    body = (
        '<bpmn:startEvent id="s"/><bpmn:task id="twice" completionQuantity="2"/><bpmn:userTask id="w"/>'
        '<bpmn:exclusiveGateway id="x" default="x_b"/><bpmn:task id="a"/><bpmn:task id="b"/>'
        '<bpmn:inclusiveGateway id="join"/><bpmn:userTask id="z"/>'
        '<bpmn:sequenceFlow id="x_a" sourceRef="x" targetRef="a"><bpmn:conditionExpression>first'
        "</bpmn:conditionExpression></bpmn:sequenceFlow>"
    )
    ways = flows("s twice", "twice w", "w x", "x b", "a join", "b join", "join z")
    case = new_case(process_of(body, ways)).start().do("w", first=True)
    assert case.open == ["w", "z"]
    assert case.do("w", first=False).open == ["z", "z"]
