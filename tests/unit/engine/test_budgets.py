"""Diagrams made to do harm are stopped, and the step they were part of never happened."""

from __future__ import annotations

import time

import pytest

from app import engine
from app.engine.outcome import RaisedIncident
from app.feel import Budget
from tests.unit.engine.case import Case, flows, process_of
from tests.unit.engine.conftest import NewCase


def stopped(case: Case, *, variables: dict[str, object]) -> RaisedIncident:
    with pytest.raises(engine.StepFailed) as failure:
        case.start(variables)
    assert failure.value.incident.kind == "budget"
    return failure.value.incident


def test_an_endless_loop_is_stopped_within_seconds(new_case: NewCase) -> None:
    begin = time.process_time()
    incident = stopped(new_case("script_task_in_loop.bpmn"), variables={"n": 0, "rounds": 10**9})
    assert (incident.element_id in {"count", "again"}, time.process_time() - begin < 5) == (True, True)


def test_a_process_that_calls_itself_is_stopped(new_case: NewCase) -> None:
    assert stopped(new_case("call_of_itself.bpmn"), variables={}).element_id == "p"


def test_a_million_instances_are_refused_at_once(new_case: NewCase) -> None:
    begin = time.process_time()
    incident = stopped(new_case("multi_instance_cardinality.bpmn"), variables={"times": 1_000_000, "total": 0})
    assert (incident.element_id, time.process_time() - begin < 1) == ("add", True)


@pytest.mark.parametrize("order", ["true", "false"])
def test_a_thousand_times_a_thousand_instances_are_stopped(new_case: NewCase, order: str) -> None:
    marker = f'<bpmn:multiInstanceLoopCharacteristics isSequential="{order}"><bpmn:loopCardinality>1000'
    marker += "</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
    source = process_of(f'<bpmn:subProcess id="x">{marker}<bpmn:task id="t">{marker}</bpmn:task></bpmn:subProcess>')
    begin = time.process_time()
    stopped(new_case(source, max_steps=10_000), variables={})
    assert time.process_time() - begin < 5


def test_an_expression_that_never_comes_to_an_end_is_stopped(new_case: NewCase) -> None:
    case = new_case("script_task_in_loop.bpmn", budget=Budget(steps=0))
    with pytest.raises(engine.StepFailed) as failure:
        case.start({"n": [1] * 50, "rounds": 3})
    assert failure.value.incident.element_id in {"count", "again_end"}


def test_a_function_cannot_become_a_variable(new_case: NewCase) -> None:
    source = process_of(
        '<bpmn:startEvent id="s"/><bpmn:scriptTask id="t" scriptFormat="feel"><bpmn:script>{ f: function(a) a }'
        '</bpmn:script></bpmn:scriptTask><bpmn:endEvent id="e"/>',
        flows("s t", "t e"),
    )
    with pytest.raises(engine.StepFailed, match="makes a function a variable") as failure:
        new_case(source).start()
    assert (failure.value.incident.element_id, failure.value.incident.kind) == ("t", "expression")
