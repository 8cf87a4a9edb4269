"""What the instances of an activity throw as they complete: None, One, All and Complex (BPMN 2.0.2, table 10.30)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app import engine
from tests.unit.engine.case import document
from tests.unit.engine.conftest import NewCase

SIGNAL = '<bpmn:signal id="s" name="S"/><bpmn:signalEventDefinition id="d" signalRef="s"/>'
TERMINATE = '<bpmn:terminateEventDefinition id="d"/>'


def test_none_throws_each_time_an_instance_completes(new_case: NewCase) -> None:
    case = new_case("multi_instance_signal_of_each.bpmn").start({"people": [1, 2, 3]})
    assert case.do("ask").open == ["ask", "ask", "noted"]
    assert case.last is not None
    (signal,) = case.last.signals
    assert (signal.name, signal.element_id) == ("Answered", "ask")
    assert signal.payload == {
        "numberOfInstances": Decimal(3),
        "numberOfActiveInstances": Decimal(2),
        "numberOfCompletedInstances": Decimal(1),
    }
    assert case.do("ask").do("ask").open == ["after", "noted", "noted", "noted"]


def test_one_throws_when_the_first_completes(new_case: NewCase) -> None:
    case = new_case("multi_instance_escalation_of_first.bpmn").start({"people": [1, 2]}).do("ask")
    assert case.open == ["ask", "noted"]
    assert case.do("ask").open == ["after", "noted"]


def test_complex_throws_when_its_condition_is_true_and_may_interrupt(new_case: NewCase) -> None:
    case = new_case("multi_instance_complex_behavior.bpmn").start({"people": [1, 2, 3, 4]}).do("ask")
    assert case.open == ["ask", "ask", "ask"]
    assert case.do("ask").open == ["noted"]
    assert case.do("noted").end_event_id == "end"


def test_all_throws_nothing(new_case: NewCase) -> None:
    case = new_case("multi_instance_parallel_user_task.bpmn").start({"voters": ["a", "b"]}).do("vote", vote=1)
    assert case.last is not None
    assert (case.last.signals, case.last.messages) == ((), ())


def test_an_instance_that_changes_its_counter_is_an_incident(new_case: NewCase) -> None:
    case = new_case("multi_instance_parallel_user_task.bpmn").start({"voters": ["a", "b"]})
    with pytest.raises(engine.StepFailed, match="has changed its loopCounter"):
        case.do("vote", vote=1, loopCounter=7)


@pytest.mark.parametrize("name", ["loopCounter", "nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances"])
def test_what_the_engine_counts_with_is_changed_by_nobody_else(new_case: NewCase, name: str) -> None:
    case = new_case("multi_instance_sequential_user_task.bpmn").start({"voters": ["a", "b"]})
    with pytest.raises(engine.StepFailed, match=f"has changed its {name}"):
        case.do("vote", **{name: 50})
    with pytest.raises(engine.StepFailed, match=f"has changed its {name}"):
        case.do("vote", **{name: None})


def test_true_is_not_one(new_case: NewCase) -> None:
    case = new_case("multi_instance_sequential_user_task.bpmn").start({"voters": ["a", "b"]}).do("vote", vote=1)
    with pytest.raises(engine.StepFailed, match="has changed its loopCounter"):
        case.do("vote", vote=2, loopCounter=True)


def test_what_is_the_same_changes_no_counter(new_case: NewCase) -> None:
    """Programs give back all the variables they have read."""
    case = new_case("multi_instance_parallel_user_task.bpmn").start({"voters": ["a", "b"]})
    assert case.do("vote", vote=1, nrOfInstances=2, loopCounter=0).open == ["vote"]


def marked(attributes: str, inside: str = "", more: str = SIGNAL) -> bytes:
    marker = (
        f'<bpmn:multiInstanceLoopCharacteristics camunda:collection="[1]" {attributes}>{inside}'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    task = f'<bpmn:userTask id="x">{marker}</bpmn:userTask>'
    return document(f'<bpmn:process id="p" isExecutable="true">{task}</bpmn:process>', more)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (marked('behavior="None"'), "behavior"),
        (marked('behavior="One"'), "behavior"),
        (marked('behavior="Complex"'), "behavior"),
        (marked('noneBehaviorEventRef="d"'), "behavior"),
        (marked('behavior="One" noneBehaviorEventRef="d" oneBehaviorEventRef="d"'), "behavior"),
        (marked('behavior="Complex"', "<bpmn:complexBehaviorDefinition/>"), "behavior"),
        (marked('behavior="None" noneBehaviorEventRef="d"', more=TERMINATE), "behavior"),
        (marked('behavior="None" noneBehaviorEventRef="nothing"'), "unknown_reference"),
        (marked('behavior="Some"'), "attribute_type"),
    ],
)
def test_a_behavior_without_its_event_is_refused(source: bytes, code: str) -> None:
    with pytest.raises(engine.DeploymentRefused) as refusal:
        engine.parse(source, "x.bpmn")
    assert [(found.element_id, found.code) for found in refusal.value.problems] == [("x", code)]
