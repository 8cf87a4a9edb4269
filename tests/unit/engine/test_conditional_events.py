from __future__ import annotations

import pytest

from app import engine
from tests.unit.engine.case import flows, process_of
from tests.unit.engine.conftest import NewCase

ENDS = '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>'


def condition(text: str, attributes: str = "") -> str:
    return (
        f"<bpmn:conditionalEventDefinition {attributes}><bpmn:condition>{text}</bpmn:condition>"
        "</bpmn:conditionalEventDefinition>"
    )


def beside_work(definition: str, *, beside: bool = True) -> bytes:
    """A user task with a conditional event on its boundary, next to one that changes variables."""
    boundary = f'<bpmn:boundaryEvent id="b" attachedToRef="work" cancelActivity="{str(not beside).lower()}">'
    tasks = (
        '<bpmn:parallelGateway id="fork"/><bpmn:userTask id="work"/><bpmn:userTask id="change"/>'
        '<bpmn:userTask id="told"/>'
    )
    ways = flows("s fork", "fork work", "fork change", "work e", "change change", "b told", "told e")
    return process_of(ENDS, tasks, boundary, definition, "</bpmn:boundaryEvent>", ways)


def test_a_catch_event_waits_until_its_condition_holds(new_case: NewCase) -> None:
    case = new_case("conditional_catch_event.bpmn").start({"score": 10})
    assert case.do("change", score=20).open == ["change"]
    assert list(case.live_activities.values()).count("wait") == 1
    case.do("change", score=70)
    assert "wait_e" in case.flows


def test_one_that_holds_already_happens_at_once(new_case: NewCase) -> None:
    assert "wait_e" in new_case("conditional_catch_event.bpmn").start({"score": 70}).flows


@pytest.mark.parametrize("start", [{}, {"score": None}])
def test_what_does_not_exist_yet_is_waited_for(new_case: NewCase, start: dict[str, object]) -> None:
    case = new_case("conditional_catch_event.bpmn").start(start)
    assert "wait_e" not in case.flows
    assert "wait_e" in case.do("change", score=61).flows


def test_a_condition_that_is_no_condition_fails_the_step(new_case: NewCase) -> None:
    with pytest.raises(engine.StepFailed, match="not true or false"):
        new_case(beside_work(condition("=n"))).start({"n": 3})


def test_it_must_become_false_before_it_happens_again(new_case: NewCase) -> None:
    case = new_case(beside_work(condition("=n &gt; 5"))).start({"n": 1})
    assert case.do("change", n=6).open == ["change", "told", "work"]
    assert case.do("change", n=7).open == ["change", "told", "work"]
    assert case.do("change", n=2).open == ["change", "told", "work"]
    assert case.do("change", n=8).open == ["change", "told", "told", "work"]


def test_an_interrupting_one(new_case: NewCase) -> None:
    case = new_case(beside_work(condition("=n &gt; 5"), beside=False)).start({"n": 1})
    assert case.do("change", n=6).open == ["change", "told"]


def test_only_changes_of_the_named_variable_count(new_case: NewCase) -> None:
    named = condition("=n &gt; 5 or m &gt; 5", 'camunda:variableName="m"')
    case = new_case(beside_work(named)).start({"n": 1, "m": 1})
    assert case.do("change", n=6).open == ["change", "work"]
    assert case.do("change", m=2).open == ["change", "told", "work"]


def test_only_changes_of_the_named_kind_count(new_case: NewCase) -> None:
    created = condition("=n &gt; 5", 'camunda:variableEvents="create"')
    case = new_case(beside_work(created)).start({"n": 1})
    assert case.do("change", n=6).open == ["change", "work"]
    assert case.do("change", other=1).open == ["change", "told", "work"]


def test_that_a_variable_goes_is_a_kind_of_change_too(new_case: NewCase) -> None:
    deleted = condition("=m &gt; 5", 'camunda:variableName="n" camunda:variableEvents="delete"')
    case = new_case(beside_work(deleted)).start({"n": 1, "m": 1}).do("change", m=6, n=2)
    assert case.open == ["change", "work"]
    assert case.set(case.root, removed=["n"]).open == ["change", "told", "work"]


def test_it_interrupts_before_the_next_node_begins(new_case: NewCase) -> None:
    """A script makes the condition true: what would come after it is never entered."""
    script = '<bpmn:scriptTask id="count" scriptFormat="feel"><bpmn:script>{ n: n + 1 }</bpmn:script></bpmn:scriptTask>'
    inside = '<bpmn:startEvent id="s1"/><bpmn:userTask id="next"/><bpmn:endEvent id="e1"/>' + script
    sub = f'<bpmn:subProcess id="sub">{inside}{flows("s1 count", "count next", "next e1")}</bpmn:subProcess>'
    boundary = f'<bpmn:boundaryEvent id="b" attachedToRef="sub">{condition("=n &gt; 5")}</bpmn:boundaryEvent>'
    case = new_case(process_of(ENDS, sub, boundary, flows("s sub", "sub e", "b e"))).start({"n": 5})
    assert (case.is_ended, case.flows) == (True, ["s_sub", "s1_count", "b_e"])


def test_one_that_holds_at_once_interrupts_before_the_work(new_case: NewCase) -> None:
    script = '<bpmn:scriptTask id="t" scriptFormat="feel"><bpmn:script>{ ran: true }</bpmn:script></bpmn:scriptTask>'
    boundary = f'<bpmn:boundaryEvent id="b" attachedToRef="t">{condition("=n &gt; 5")}</bpmn:boundaryEvent>'
    case = new_case(process_of(ENDS, script, boundary, flows("s t", "t e", "b e"))).start({"n": 6, "ran": False})
    assert (case.is_ended, case.value("ran"), case.flows) == (True, False, ["s_t", "b_e"])


def test_it_does_not_see_the_variables_of_a_called_process(new_case: NewCase) -> None:
    """A change inside a call is none of those the event outside can see."""
    script = '<bpmn:scriptTask id="t" scriptFormat="feel"><bpmn:script>{ n: 9 }</bpmn:script></bpmn:scriptTask>'
    called = process_of(
        '<bpmn:startEvent id="s1"/>', script, '<bpmn:userTask id="inside"/><bpmn:endEvent id="e1"/>',
        flows("s1 t", "t inside", "inside e1"), key="q",
    )  # fmt: skip
    body = called.decode().partition("<bpmn:process")[2].partition("</bpmn:definitions>")[0]
    call = '<bpmn:callActivity id="call" calledElement="q"/>'
    boundary = f'<bpmn:boundaryEvent id="b" attachedToRef="call">{condition("=n &gt; 5")}</bpmn:boundaryEvent>'
    caller = process_of(ENDS, call, boundary, flows("s call", "call e", "b e")).decode()
    both = caller.replace("</bpmn:definitions>", "<bpmn:process" + body + "</bpmn:definitions>")
    assert new_case(both.encode()).start({"n": 1}).open == ["inside"]


def test_behind_an_event_based_gateway(new_case: NewCase) -> None:
    hour = "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
    events = (
        f'<bpmn:intermediateCatchEvent id="c">{condition("=n &gt; 5")}</bpmn:intermediateCatchEvent>'
        f'<bpmn:intermediateCatchEvent id="t">{hour}</bpmn:intermediateCatchEvent><bpmn:eventBasedGateway id="g"/>'
    )
    case = new_case(process_of(ENDS, events, flows("s g", "g c", "g t", "c e", "t e"))).start({"n": 6})
    assert (case.is_ended, case.flows, case.timers) == (True, ["s_g", "g_c", "c_e"], {})


def test_a_user_task_that_is_interrupted_at_once_is_nobodys(new_case: NewCase) -> None:
    """It begins and is withdrawn in the same step (BPMN 2.0.2, 13.3.2): no row for people, the path tells it."""
    case = new_case(beside_work(condition("=n &gt; 5"), beside=False)).start({"n": 6})
    assert case.last is not None
    assert case.open == ["change", "told"]
    assert {task.element_id for task in case.last.opened} == {"change", "told"}
    assert case.last.closed == ()
    states = [change.state for change in case.last.activities if change.element_id == "work"]
    assert states[-1] == "cancelled"
