"""Flows into and out of every kind of activity: implicit split and merge, conditions, default (BPMN 2.0.2, 13.3.1)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app import engine
from tests.unit.engine.case import Case, document, flows
from tests.unit.engine.conftest import NewCase
from tests.unit.engine.test_business_rule_task import DECISIONS

Ends = Callable[[Case], object]
INNER = '<bpmn:userTask id="inner"/>'
MORE = (
    '<bpmn:message id="m" name="M"/><bpmn:globalUserTask id="Asked"/>'
    '<bpmn:process id="called" isExecutable="true"><bpmn:userTask id="c_inner"/></bpmn:process>'
)
ASK = f'camunda:decisionRef="{next(iter(DECISIONS))}" camunda:resultVariable="r"'


def nothing(case: Case) -> None:
    """The activity needs nobody."""


def inner(case: Case) -> None:
    case.do("inner")


# Each kind of activity with what has to happen until it is done.
KINDS: dict[str, tuple[str, Ends]] = {
    "task": ('<bpmn:task id="x"{}>{}</bpmn:task>', nothing),
    "manual task": ('<bpmn:manualTask id="x"{}>{}</bpmn:manualTask>', nothing),
    "user task": ('<bpmn:userTask id="x"{}>{}</bpmn:userTask>', lambda case: case.do("x")),
    "script task": (
        '<bpmn:scriptTask id="x" scriptFormat="feel"{}>{}<bpmn:script>{{ s: 1 }}</bpmn:script></bpmn:scriptTask>',
        nothing,
    ),
    "business rule task": ('<bpmn:businessRuleTask id="x" ' + ASK + "{}>{}</bpmn:businessRuleTask>", nothing),
    "service task": (
        '<bpmn:serviceTask id="x" camunda:type="external" camunda:topic="t"{}>{}</bpmn:serviceTask>',
        lambda case: case.finish("x"),
    ),
    "send task": ('<bpmn:sendTask id="x" messageRef="m"{}>{}</bpmn:sendTask>', nothing),
    "receive task": ('<bpmn:receiveTask id="x" messageRef="m"{}>{}</bpmn:receiveTask>', lambda case: case.receive("x")),
    "subprocess": ('<bpmn:subProcess id="x"{}>{}' + INNER + "</bpmn:subProcess>", inner),
    "transaction": ('<bpmn:transaction id="x"{}>{}' + INNER + "</bpmn:transaction>", inner),
    "ad-hoc subprocess": ('<bpmn:adHocSubProcess id="x"{}>{}' + INNER + "</bpmn:adHocSubProcess>", inner),
    "call of a process": (
        '<bpmn:callActivity id="x" calledElement="called"{}>{}</bpmn:callActivity>',
        lambda case: case.do("c_inner"),
    ),
    "call of a global task": (
        '<bpmn:callActivity id="x" calledElement="Asked"{}>{}</bpmn:callActivity>',
        lambda case: case.do("Asked"),
    ),
}
MARKERS = {
    "once": "",
    "loop": '<bpmn:standardLoopCharacteristics loopMaximum="1"/>',
    "several": '<bpmn:multiInstanceLoopCharacteristics camunda:collection="[1]"/>',
}


def conditional(target: str, condition: str) -> str:
    text = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>"
    return f'<bpmn:sequenceFlow id="x_{target}" sourceRef="x" targetRef="{target}">{text}</bpmn:sequenceFlow>'


def diagram(element: str, *flows_out: str) -> bytes:
    """`x` behind a start event; behind it a, b and c, which lead without a gateway into `merge`."""
    behind = "".join(f'<bpmn:task id="{name}"/>' for name in "abc") + '<bpmn:userTask id="merge"/>'
    body = '<bpmn:startEvent id="s"/>' + element + behind + flows("s x", "a merge", "b merge", "c merge")
    return document(f'<bpmn:process id="p" isExecutable="true">{body}{"".join(flows_out)}</bpmn:process>', MORE)


@pytest.mark.parametrize("marker", list(MARKERS))
@pytest.mark.parametrize("kind", list(KINDS))
def test_all_flows_without_a_condition_are_taken(new_case: NewCase, kind: str, marker: str) -> None:
    element, end = KINDS[kind]
    source = diagram(element.format("", MARKERS[marker]), flows("x a", "x b", "x c"))
    case = new_case(source, decisions=DECISIONS).start({"amount": 1})
    end(case)
    # Nothing joins the three tokens again: each begins the activity behind for itself.
    assert case.open == ["merge", "merge", "merge"]


@pytest.mark.parametrize(("number", "taken"), [(0, ["x_c"]), (1, ["x_a"]), (2, ["x_a", "x_b"])])
@pytest.mark.parametrize("marker", list(MARKERS))
@pytest.mark.parametrize("kind", list(KINDS))
def test_flows_are_taken_whose_condition_holds_or_else_the_default(
    new_case: NewCase, kind: str, marker: str, number: int, taken: list[str]
) -> None:
    element, end = KINDS[kind]
    conditions = (conditional("a", "number &gt; 0"), conditional("b", "number &gt; 1"), flows("x c"))
    source = diagram(element.format(' default="x_c"', MARKERS[marker]), *conditions)
    case = new_case(source, decisions=DECISIONS).start({"amount": 1, "number": number})
    end(case)
    assert [flow for flow in case.flows if flow.startswith("x_")] == taken
    assert len(case.open) == len(taken)


@pytest.mark.parametrize("kind", list(KINDS))
def test_no_condition_that_holds_and_no_default_is_an_incident(new_case: NewCase, kind: str) -> None:
    element, end = KINDS[kind]
    source = diagram(
        element.format("", ""), conditional("a", "false"), conditional("b", "false"), conditional("c", "false")
    )
    with pytest.raises(engine.StepFailed, match="no condition is true") as failure:
        end(new_case(source, decisions=DECISIONS).start({"amount": 1}))
    assert failure.value.incident.element_id == "x"
