"""Compensation: what was completed is undone, the last one first (BPMN 2.0.2, 10.7 and 13.5.5)."""

from __future__ import annotations

import pytest

from app import engine
from app.engine.parsed_process import ParsedProcess
from tests.unit.engine.case import Case, flows, process_of, read
from tests.unit.engine.conftest import NewCase

UNDOING = '<bpmn:userTask id="undo" isForCompensation="true"/>'
BACK = '<bpmn:endEvent id="back"><bpmn:compensateEventDefinition/></bpmn:endEvent>'


def undone(host: str) -> str:
    event = f'<bpmn:boundaryEvent id="b" attachedToRef="{host}"><bpmn:compensateEventDefinition/></bpmn:boundaryEvent>'
    return event + '<bpmn:association id="l" sourceRef="b" targetRef="undo"/>' + UNDOING


def assignees(case: Case) -> list[str | None]:
    return [task.assignee for task in case.user_tasks.values()]


def test_everything_completed_is_undone_in_reverse_order(new_case: NewCase) -> None:
    case = new_case("compensation_of_everything.bpmn").start().do("a").do("b").do("c")
    assert case.open == ["undo_b"]
    assert case.do("undo_b").open == ["undo_a"]
    assert "back_after" not in case.flows
    assert case.do("undo_a").open == ["after"]
    assert case.do("after").end_event_id == "end"


def test_a_handler_is_never_reached_by_the_flow(new_case: NewCase) -> None:
    case = new_case("compensation_of_everything.bpmn").start()
    assert case.open == ["a"]
    assert case.do("a").open == ["b"]


def test_only_the_activity_named_is_undone(new_case: NewCase) -> None:
    case = new_case("compensation_of_one_activity.bpmn").start().do("a").do("b")
    assert (case.open, case.end_event_id) == (["undo_a"], None)
    assert case.do("undo_a").end_event_id == "back"


def test_the_event_need_not_wait_but_the_case_does(new_case: NewCase) -> None:
    case = new_case("compensation_not_awaited.bpmn").start().do("a")
    assert case.open == ["after", "undo_a"]
    assert not case.do("after").is_ended
    assert case.do("undo_a").is_ended


def test_without_a_handler_what_is_inside_a_subprocess_is_undone(new_case: NewCase) -> None:
    case = new_case("compensation_of_subprocess.bpmn").start().do("a").do("b").do("c")
    assert case.open == ["undo_b"]
    assert case.do("undo_b").open == ["undo_a"]
    assert case.do("undo_a").end_event_id == "end"


def test_each_instance_is_undone_with_its_own_variables(new_case: NewCase) -> None:
    case = new_case("compensation_of_instances.bpmn").start({"items": ["x", "y", "z"]})
    case.do("a", nth=1, said="first").do("a", nth=1, said="second").do("a", said="third").do("b")
    seen = []
    while not case.is_ended:
        seen += assignees(case)
        case.do("undo_a")
    assert seen == ["x third", "z second", "y first"]


def test_the_passes_of_a_loop_are_undone_last_first(new_case: NewCase) -> None:
    case = new_case("compensation_of_loop.bpmn").start().do("a").do("a")
    assert assignees(case) == ["1"]
    assert assignees(case.do("undo_a")) == ["0"]
    assert case.do("undo_a").end_event_id == "end"


def test_what_a_called_process_completed_is_undone_with_its_variables(new_case: NewCase) -> None:
    case = new_case("compensation_of_call_activity.bpmn").start({"number": 7}).do("a")
    assert (case.open, assignees(case)) == (["undo_a"], ["7"])
    assert case.do("undo_a").end_event_id == "end"


def test_an_event_subprocess_undoes_its_subprocess_with_the_variables_it_had(new_case: NewCase) -> None:
    case = new_case("compensation_event_subprocess.bpmn").start({"items": ["x", "y"]}).do("a").do("a")
    assert case.open == ["b"]
    seen = []
    case.do("b")
    while not case.is_ended:
        (task,) = case.user_tasks.values()
        seen.append(task.assignee)
        case.do(task.element_id)
    assert (seen, case.end_event_id) == (["tell y", "y", "tell x", "x"], "end")


def test_an_error_handler_undoes_what_was_done_around_it(new_case: NewCase) -> None:
    case = new_case("compensation_by_an_error_handler.bpmn").start().do("a").do("b")
    assert case.open == ["undo_a"]
    assert case.do("undo_a").is_ended


def test_an_activity_done_twice_is_undone_twice_and_then_never_again(new_case: NewCase) -> None:
    gateway = (
        '<bpmn:exclusiveGateway id="g" default="g_back"/><bpmn:sequenceFlow id="again" sourceRef="g" targetRef="a">'
    )
    source = process_of(
        '<bpmn:startEvent id="s"/><bpmn:userTask id="a"/>' + undone("a") + gateway,
        "<bpmn:conditionExpression>more</bpmn:conditionExpression></bpmn:sequenceFlow>",
        '<bpmn:intermediateThrowEvent id="back"><bpmn:compensateEventDefinition/></bpmn:intermediateThrowEvent>',
        BACK.replace('"back"', '"last"'),
        flows("s a", "a g", "g back", "back last"),
    )
    case = new_case(source).start().do("a", more=True).do("a", more=False)
    assert case.open == ["undo"]
    assert case.do("undo").open == ["undo"]
    assert case.do("undo").end_event_id == "last"


def test_nothing_completed_is_nothing_to_undo(new_case: NewCase) -> None:
    source = process_of('<bpmn:startEvent id="s"/><bpmn:task id="a"/>', BACK, flows("s a", "a back"))
    assert new_case(source).start().end_event_id == "back"


def test_an_interrupted_throw_takes_the_handler_along(new_case: NewCase) -> None:
    timer = "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
    source = process_of(
        '<bpmn:startEvent id="s"/><bpmn:subProcess id="part"><bpmn:startEvent id="i"/><bpmn:userTask id="a"/>'
        + undone("a") + BACK + flows("i a", "a back") + "</bpmn:subProcess>",
        f'<bpmn:boundaryEvent id="late" attachedToRef="part">{timer}</bpmn:boundaryEvent><bpmn:endEvent id="e"/>',
        flows("s part", "part e", "late e"),
    )  # fmt: skip
    case = new_case(source).start().do("a")
    assert case.open == ["undo"]
    assert case.fire("late").end_event_id == "e"


def test_an_error_of_a_handler_is_caught_around_the_event_that_threw(new_case: NewCase) -> None:
    handler = '<bpmn:serviceTask id="undo" isForCompensation="true" camunda:type="external" camunda:topic="t"/>'
    source = process_of(
        '<bpmn:startEvent id="s"/><bpmn:subProcess id="part"><bpmn:startEvent id="i"/><bpmn:userTask id="a"/>'
        + undone("a").replace(UNDOING, handler) + BACK + flows("i a", "a back") + "</bpmn:subProcess>",
        '<bpmn:boundaryEvent id="bad" attachedToRef="part"><bpmn:errorEventDefinition/></bpmn:boundaryEvent>',
        '<bpmn:endEvent id="e"/>',
        flows("s part", "part e", "bad e"),
    )  # fmt: skip
    case = new_case(source).start().do("a").fail("undo", "X")
    assert (case.end_event_id, "bad_e" in case.flows) == ("e", True)


def test_what_an_event_on_the_boundary_led_to_is_undone_before_its_activity(new_case: NewCase) -> None:
    message = '<bpmn:messageEventDefinition messageRef="m"/>'
    source = process_of(
        '<bpmn:startEvent id="s"/><bpmn:userTask id="a"/><bpmn:userTask id="beside"/><bpmn:userTask id="last"/>',
        undone("a"),
        undone("beside").replace('"b"', '"b2"').replace('"l"', '"l2"').replace('"undo"', '"undo_beside"'),
        f'<bpmn:boundaryEvent id="more" attachedToRef="a" cancelActivity="false">{message}</bpmn:boundaryEvent>',
        BACK,
        '<bpmn:endEvent id="e"/>',
        flows("s a", "a last", "last back", "more beside", "beside e"),
    ).replace(b"</bpmn:definitions>", b'<bpmn:message id="m" name="More"/></bpmn:definitions>')
    case = new_case(source).start().receive("more").do("beside").do("a").do("last")
    assert case.open == ["undo_beside"]
    assert case.do("undo_beside").open == ["undo"]
    assert case.do("undo").end_event_id == "back"


def test_a_withdrawn_activity_is_not_undone(new_case: NewCase) -> None:
    message = '<bpmn:messageEventDefinition messageRef="m"/>'
    source = process_of(
        '<bpmn:startEvent id="s"/><bpmn:userTask id="a"/>' + undone("a") + BACK,
        f'<bpmn:boundaryEvent id="stop" attachedToRef="a">{message}</bpmn:boundaryEvent>',
        flows("s a", "a back", "stop back"),
    ).replace(b"</bpmn:definitions>", b'<bpmn:message id="m" name="Stop"/></bpmn:definitions>')
    assert new_case(source).start().receive("stop").end_event_id == "back"


def test_nothing_is_remembered_of_activities_without_a_handler() -> None:
    process: ParsedProcess = read("compensation_of_everything.bpmn")
    done = Case(process, is_saved=True).start().do("a").state or b""
    plain = Case(read("user_task_in_loop.bpmn"), is_saved=True).start().do("work", done=False).state or b""
    assert b'"undo' not in plain
    assert done.count(b'"inner"') == 1


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ('<bpmn:compensateEventDefinition activityRef="nothing"/>', "unknown_reference"),
        ('<bpmn:compensateEventDefinition activityRef="inside"/>', "compensation_place"),
    ],
)
def test_an_event_names_an_activity_of_its_own_level(event: str, code: str) -> None:
    part = '<bpmn:subProcess id="part"><bpmn:task id="inside"/></bpmn:subProcess>'
    source = process_of(
        f'<bpmn:startEvent id="s"/>{part}<bpmn:endEvent id="e">{event}</bpmn:endEvent>', flows("s part", "part e")
    )
    with pytest.raises(engine.DeploymentRefused) as refusal:
        engine.parse(source, "x.bpmn")
    assert [(found.element_id, found.code) for found in refusal.value.problems] == [("e", code)]


def test_an_event_that_does_not_wait_holds_up_no_join_behind_it(new_case: NewCase) -> None:
    """Its own token has gone on; what is undone beside it will never come to the join (BPMN 2.0.2, 13.4.3)."""
    event = '<bpmn:compensateEventDefinition waitForCompletion="false"/>'
    body = (
        '<bpmn:startEvent id="s"/><bpmn:userTask id="a"/>' + undone("a") + '<bpmn:parallelGateway id="fork"/>'
        f'<bpmn:intermediateThrowEvent id="t">{event}</bpmn:intermediateThrowEvent><bpmn:userTask id="c"/>'
        '<bpmn:exclusiveGateway id="x" default="x_end"/><bpmn:endEvent id="end"/>'
        '<bpmn:inclusiveGateway id="join"/><bpmn:userTask id="z"/>'
        '<bpmn:sequenceFlow id="f" sourceRef="x" targetRef="join"><bpmn:conditionExpression>false'
        "</bpmn:conditionExpression></bpmn:sequenceFlow>"
    )
    ways = flows("s a", "a fork", "fork t", "fork c", "t x", "x end", "c join", "join z", "z end")
    assert new_case(process_of(body, ways)).start().do("a").do("c").open == ["undo", "z"]
