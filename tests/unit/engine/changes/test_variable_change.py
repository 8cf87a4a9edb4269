from __future__ import annotations

from decimal import Decimal

import pytest

from app import engine
from tests.unit.engine.case import flows, process_of
from tests.unit.engine.conftest import NewCase


def test_variables_are_set_added_and_removed(new_case: NewCase) -> None:
    case = new_case("user_task_in_loop.bpmn").start({"a": 1, "b": [1, {"c": "x"}]})
    case.set(case.root, removed=["a"], b={"d": None}, new="text")
    assert case.last is not None
    told = [(change.name, change.old, change.new, change.is_removed) for change in case.last.variables]
    assert told == [
        ("b", [Decimal(1), {"c": "x"}], {"d": None}, False),
        ("new", None, "text", False),
        ("a", Decimal(1), None, True),
    ]
    case.do("work", done=False, seen=True)
    assert (case.value("b"), case.value("seen")) == ({"d": None}, True)
    with pytest.raises(KeyError):
        case.value("a")


def test_a_removed_variable_is_unknown_to_expressions(new_case: NewCase) -> None:
    case = new_case("exclusive_gateway_without_default.bpmn").start({"answer": "yes"})
    case.set(case.root, removed=["answer"])
    with pytest.raises(engine.StepFailed, match="answer"):
        case.do("ask")
    case.set(case.root, answer="yes")
    assert case.do("ask").end_event_id == "end"


def test_the_innermost_scope_can_be_chosen(new_case: NewCase) -> None:
    case = new_case("multi_instance_parallel_user_task.bpmn").start({"voters": ["a", "b"]})
    scope = next(iter(case.user_tasks.values())).execution_id
    case.set(scope, voter="c")
    assert case.variables[scope, "voter"] == "c"
    with pytest.raises(engine.ChangeRefused, match="kept by the engine"):
        case.set(scope, loopCounter=7)


def test_what_is_not_there_is_named(new_case: NewCase) -> None:
    case = new_case("user_task_in_loop.bpmn").start()
    with pytest.raises(engine.ChangeRefused, match="no variable “x”"):
        case.set(case.root, removed=["x"])
    with pytest.raises(engine.ChangeRefused, match="no longer open"):
        case.set("gone", x=1)


def test_conditions_that_wait_see_the_change(new_case: NewCase) -> None:
    xml = process_of(
        '<bpmn:startEvent id="s"/>',
        '<bpmn:userTask id="a"/>',
        '<bpmn:userTask id="b"/>',
        '<bpmn:endEvent id="e"/>',
        '<bpmn:boundaryEvent id="c" attachedToRef="a"><bpmn:conditionalEventDefinition>'
        "<bpmn:condition>score &gt; 5</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:boundaryEvent>",
        flows("s a", "a e", "c b", "b e"),
    )
    case = new_case(xml).start({"score": 1})
    assert case.set(case.root, score=9).open == ["b"]
