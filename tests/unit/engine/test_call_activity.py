"""What crosses the border of a call, and calls whose key is computed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app import engine
from tests.unit.engine.case import document, flows
from tests.unit.engine.conftest import NewCase

CALLED = '<bpmn:process id="{0}" isExecutable="true"><bpmn:userTask id="{0}_u"/></bpmn:process>'
SEVERAL = '<bpmn:multiInstanceLoopCharacteristics camunda:collection="[7, 8]" camunda:elementVariable="item"'


def calling(called: str, mapping: str, marker: str = "") -> bytes:
    extensions = f"<bpmn:extensionElements>{mapping}</bpmn:extensionElements>"
    call = f'<bpmn:callActivity id="x" calledElement="{called}">{extensions}{marker}</bpmn:callActivity>'
    body = '<bpmn:startEvent id="s"/>' + call + '<bpmn:userTask id="after"/>' + flows("s x", "x after")
    process = f'<bpmn:process id="p" isExecutable="true">{body}</bpmn:process>'
    return document(process, CALLED.format("one"), CALLED.format("two"))


def test_an_expression_says_which_process_is_called(new_case: NewCase) -> None:
    source = calling("=if big then &quot;two&quot; else &quot;one&quot;", "")
    assert new_case(source).start({"big": True}).open == ["two_u"]
    assert new_case(source).start({"big": False}).do("one_u").open == ["after"]
    assert engine.parse(source, "x")[0].called_processes == frozenset()


def test_an_expression_of_camunda_is_translated(new_case: NewCase) -> None:
    assert new_case(calling("${which}", "")).start({"which": "two"}).open == ["two_u"]


@pytest.mark.parametrize(("which", "said"), [("three", "“three”, which is not deployed"), (3, "is not a text")])
def test_a_call_of_what_is_not_there_is_an_incident(new_case: NewCase, which: object, said: str) -> None:
    with pytest.raises(engine.StepFailed, match=said) as failure:
        new_case(calling("=which", "")).start({"which": which})
    assert (failure.value.incident.kind, failure.value.incident.element_id) == ("call", "x")


def test_nothing_called_is_refused() -> None:
    with pytest.raises(engine.DeploymentRefused, match="Say what is called"):
        engine.parse(calling("", ""), "x")


def test_local_variables_are_those_of_the_instance(new_case: NewCase) -> None:
    passed = '<camunda:in variables="all" local="true"/>'
    case = new_case(calling("one", passed, SEVERAL + "/>")).start({"other": 1})
    seen = [{name for scope, name in case.variables if scope == task.execution_id} for task in case.user_tasks.values()]
    assert seen == [{"loopCounter", "item"}] * 2


def test_a_local_result_stays_in_its_instance(new_case: NewCase) -> None:
    passed = '<camunda:in source="item" target="n" local="true"/><camunda:out source="m" target="m" local="true"/>'
    marker = SEVERAL + ' aftercare:outputCollection="all" aftercare:outputElement="=m"/>'
    case = new_case(calling("one", passed, marker)).start({"m": 0}).do("one_u", m=1).do("one_u", m=2)
    assert (case.value("m"), case.value("all")) == (Decimal(0), [Decimal(1), Decimal(2)])


def test_a_local_source_that_only_others_have_is_an_incident(new_case: NewCase) -> None:
    passed = '<camunda:in source="other" target="n" local="true"/>'
    with pytest.raises(engine.StepFailed, match="“other”, which does not exist"):
        new_case(calling("one", passed, SEVERAL + "/>")).start({"other": 1})


@pytest.mark.parametrize(
    "mapping",
    [
        'out source="m" target="m" local="true"',  # nobody could read it
        'in variables="all" local="true"',  # there are none
        'in variables="all" source="m" target="m"',
        'in businessKey="${execution.processBusinessKey}" target="m"',
        'out source="" target="m"',
        'out sourceExpression="" target="m"',
        'in source="m" sourceExpression="=m" target="m"',
    ],
)
def test_a_mapping_that_would_do_nothing_is_refused(mapping: str) -> None:
    with pytest.raises(engine.DeploymentRefused) as refusal:
        engine.parse(calling("one", f"<camunda:{mapping}/>"), "x")
    assert [(found.element_id, found.code) for found in refusal.value.problems] == [("x", "call_mapping")]


@pytest.mark.parametrize("extent", ["", ' local="true"'])
def test_a_call_that_gives_everything_back_leaves_the_counters_alone(new_case: NewCase, extent: str) -> None:
    passed = f'<camunda:in variables="all"{extent}/><camunda:out variables="all"{extent}/>'
    case = new_case(calling("one", passed, SEVERAL + "/>")).start()
    case.do("one_u", loopCounter=9)  # that of the called process, its own
    assert case.do("one_u").open == ["after"]


@pytest.mark.parametrize("extent", ["", ' local="true"'])
def test_a_call_that_gives_back_another_value_of_a_counter_is_an_incident(new_case: NewCase, extent: str) -> None:
    passed = f'<camunda:out source="m" target="loopCounter"{extent}/>'
    case = new_case(calling("one", passed, SEVERAL + "/>")).start()
    with pytest.raises(engine.StepFailed, match="has changed its loopCounter"):
        case.do("one_u", m=1)  # also that of another instance
