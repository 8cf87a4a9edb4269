"""Traps 7, 8 and 11: elements the stock library ignores, lets through, refuses or loses at a change of version."""

from __future__ import annotations

import pytest

from app import engine
from tests.unit.engine.case import Case, context, document, flows, process_of, read
from tests.unit.engine.conftest import NewCase

GO = '<bpmn:messageEventDefinition messageRef="M"/>'
MESSAGE = '<bpmn:message id="M" name="go"/>'


def case_of(new_case: NewCase, *elements: str, root: str = "") -> Case:
    """A case whose process begins at s and ends at e."""
    process = '<bpmn:startEvent id="s"/>', *elements, '<bpmn:endEvent id="e"/>'
    return new_case(document(root, '<bpmn:process id="p" isExecutable="true">', *process, "</bpmn:process>"))


def event_subprocess(definition: str, interrupting: str) -> str:
    return (
        f'<bpmn:subProcess id="on" triggeredByEvent="true"><bpmn:startEvent id="os" isInterrupting="{interrupting}">'
        f'{definition}</bpmn:startEvent><bpmn:userTask id="inside"/><bpmn:endEvent id="oe"/>'
        f"{flows('os inside', 'inside oe')}</bpmn:subProcess>"
    )


def test_trap_7_compensation_is_done(new_case: NewCase) -> None:
    case = case_of(
        new_case,
        '<bpmn:userTask id="a"/><bpmn:boundaryEvent id="u" attachedToRef="a"><bpmn:compensateEventDefinition/>'
        '</bpmn:boundaryEvent><bpmn:userTask id="undo" isForCompensation="true"/>'
        '<bpmn:association id="u_undo" sourceRef="u" targetRef="undo" associationDirection="One"/>'
        '<bpmn:intermediateThrowEvent id="back"><bpmn:compensateEventDefinition/></bpmn:intermediateThrowEvent>',
        flows("s a", "a back", "back e"),
    )
    assert case.start().do("a").open == ["undo"]
    assert case.do("undo").end_event_id == "e"


def test_trap_7_link_events_are_followed(new_case: NewCase) -> None:
    link = '<bpmn:linkEventDefinition name="there"/>'
    case = case_of(
        new_case,
        f'<bpmn:intermediateThrowEvent id="out">{link}</bpmn:intermediateThrowEvent>'
        f'<bpmn:intermediateCatchEvent id="in">{link}</bpmn:intermediateCatchEvent><bpmn:userTask id="a"/>',
        flows("s out", "in a", "a e"),
    )
    assert case.start().open == ["a"]


def test_trap_7_a_signal_end_event_throws(new_case: NewCase) -> None:
    case = case_of(
        new_case,
        '<bpmn:endEvent id="loud"><bpmn:signalEventDefinition signalRef="S"/></bpmn:endEvent><bpmn:userTask id="a"/>',
        flows("s a", "s loud", "a e"),
        root='<bpmn:signal id="S" name="alarm"/>',
    ).start()
    assert case.last is not None
    assert [signal.name for signal in case.last.signals] == ["alarm"]


@pytest.mark.parametrize(("interrupting", "left"), [("true", ["inside"]), ("false", ["a", "inside"])])
def test_trap_7_event_subprocesses_interrupt_or_go_beside(
    new_case: NewCase, interrupting: str, left: list[str]
) -> None:
    inside = event_subprocess(GO, interrupting)
    case = case_of(new_case, inside, '<bpmn:userTask id="a"/>', flows("s a", "a e"), root=MESSAGE)
    assert case.start(business_key="K").receive("os").open == left


def test_trap_7_an_error_starts_an_event_subprocess(new_case: NewCase) -> None:
    case = case_of(
        new_case,
        event_subprocess('<bpmn:errorEventDefinition errorRef="E"/>', "true"),
        '<bpmn:userTask id="a"/><bpmn:userTask id="b"/>',
        '<bpmn:endEvent id="bad"><bpmn:errorEventDefinition errorRef="E"/></bpmn:endEvent>',
        flows("s a", "a bad", "s b", "b e"),
        root='<bpmn:error id="E" errorCode="oops"/>',
    )
    assert case.start().do("a").open == ["inside"]


def test_trap_7_an_event_definition_may_be_named(new_case: NewCase) -> None:
    case = case_of(
        new_case,
        '<bpmn:intermediateCatchEvent id="wait"><bpmn:eventDefinitionRef>D</bpmn:eventDefinitionRef>'
        "</bpmn:intermediateCatchEvent>",
        flows("s wait", "wait e"),
        root='<bpmn:timerEventDefinition id="D"><bpmn:timeDuration>PT1H</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition>",
    )
    assert case.start().fire("wait").end_event_id == "e"


def test_trap_7_a_loop_has_its_maximum(new_case: NewCase) -> None:
    case = new_case("loop_with_maximum_only.bpmn").start().do("inner").do("inner")
    assert case.open == ["after"]


def test_trap_7_start_and_completion_quantity_count(new_case: NewCase) -> None:
    case = case_of(
        new_case,
        '<bpmn:parallelGateway id="g"/><bpmn:userTask id="both" startQuantity="2" completionQuantity="2"/>'
        '<bpmn:userTask id="then"/>',
        '<bpmn:task id="x"/><bpmn:task id="y"/>',
        flows("s g", "g x", "g y", "x both", "y both", "both then", "then e"),
    ).start()
    assert case.open == ["both"]
    assert case.do("both").open == ["then", "then"]


def test_trap_7_each_instance_throws_the_event_that_its_behavior_names(new_case: NewCase) -> None:
    case = new_case("multi_instance_signal_of_each.bpmn").start({"people": ["ann", "bo"]})
    assert case.do("ask").open == ["ask", "noted"]


def test_trap_8_a_complex_gateway_goes_on_when_its_condition_says_so(new_case: NewCase) -> None:
    case = new_case("complex_gateway_two_of_three.bpmn").start({"with_c": True}).do("a")
    assert case.open == ["b", "c"]
    assert case.do("c").open == ["after", "b"]


def test_trap_8_global_tasks_are_called() -> None:
    process = read("global_tasks.bpmn")
    assert process.called_processes >= {"Double", "Carry", "Anything", "Sign"}
    outcome = engine.start(process, {"number": 2}, context())
    assert [opened.name for opened in outcome.opened] == ["Sign it"]


def test_trap_8_a_receive_task_begins_a_case() -> None:
    process = read("receive_task_instantiating.bpmn")
    outcome = engine.start(process, {}, context(), message_name="order")
    assert [opened.element_id for opened in outcome.opened] == ["work"]


def test_trap_11_a_change_of_version_keeps_the_due_date_of_a_boundary_timer() -> None:
    def version(*more: str) -> engine.ParsedProcess:
        return read(
            process_of(
                '<bpmn:startEvent id="s"/><bpmn:userTask id="a"/><bpmn:boundaryEvent id="late" attachedToRef="a">'
                "<bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition>"
                '</bpmn:boundaryEvent><bpmn:endEvent id="e"/><bpmn:endEvent id="e2"/>',
                *more,
            )
        )

    old = version(flows("s a", "a e", "late e2"))
    new = version('<bpmn:userTask id="before"/>', flows("s before", "before a", "a e", "late e2"))
    case = Case(old, is_saved=True).start().wait(hours=5)
    mapping = engine.generate_mapping(old, new)
    migrated = engine.migrate(old, case.state or b"", new, mapping, context(now=case.now))
    assert migrated.outcome.timers == ()
    case.process = new
    assert case.absorb(migrated.outcome).fire("late").end_event_id == "e2"


def test_trap_11_an_element_with_open_work_cannot_be_taken_away_unnoticed() -> None:
    old = read(
        process_of('<bpmn:startEvent id="s"/><bpmn:userTask id="a"/><bpmn:endEvent id="e"/>', flows("s a", "a e"))
    )
    new = read(
        process_of('<bpmn:startEvent id="s"/><bpmn:userTask id="b"/><bpmn:endEvent id="e"/>', flows("s b", "b e"))
    )
    state = Case(old, is_saved=True).start().state or b""
    with pytest.raises(engine.ChangeRefused):
        engine.migrate(old, state, new, engine.generate_mapping(old, new), context())
