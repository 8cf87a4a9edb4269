"""Collections of multi-instance activities as BPMN writes them: data that is gone through and made (10.3.8)."""

from __future__ import annotations

import pytest

from app import engine
from tests.unit.engine.case import process_of
from tests.unit.engine.conftest import NewCase

REF = "<bpmn:loopDataInputRef>d</bpmn:loopDataInputRef>"
OUT = "<bpmn:loopDataOutputRef>d</bpmn:loopDataOutputRef>"
ITEM = '<bpmn:inputDataItem id="i" name="item"/>'


def test_a_data_object_is_gone_through_and_another_made(new_case: NewCase) -> None:
    case = new_case("multi_instance_over_data_objects.bpmn").start({"voters": ["ann", "bob"]})
    assert [task.assignee for task in case.user_tasks.values()] == ["ann", "bob"]
    case.do("vote", nth=1, vote="no").do("vote", vote="yes")
    assert (case.open, case.value("votes")) == (["after"], ["yes", "no"])


def test_inputs_and_outputs_of_the_activity_itself_are_filled_and_handed_on(new_case: NewCase) -> None:
    case = new_case("multi_instance_over_data_inputs.bpmn").start({"people": ["ann", "bob"]})
    assert [task.assignee for task in case.user_tasks.values()] == ["ann"]
    case.do("ask", answer="yes")
    assert (case.value("answers"), [task.assignee for task in case.user_tasks.values()]) == (None, ["bob"])
    case.do("ask", answer="no")
    assert (case.open, case.value("answers")) == (["after"], ["yes", "no"])


@pytest.mark.parametrize("people", [[], None, "ann"])
def test_what_is_no_list_is_an_incident_and_an_empty_one_is_done_at_once(new_case: NewCase, people: object) -> None:
    case = new_case("multi_instance_over_data_inputs.bpmn")
    if people == []:
        assert case.start({"people": people}).open == ["after"]
        return
    with pytest.raises(engine.StepFailed, match="is not a list"):
        case.start({"people": people})


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        (REF + "<bpmn:loopCardinality>2</bpmn:loopCardinality>", "multi_instance"),
        (REF + OUT, "multi_instance"),
        ("<bpmn:loopCardinality>2</bpmn:loopCardinality>" + ITEM, "multi_instance"),
        ("<bpmn:loopDataInputRef>nothing</bpmn:loopDataInputRef>", "unknown_reference"),
    ],
)
def test_what_does_not_fit_together_is_refused(inside: str, code: str) -> None:
    marker = f"<bpmn:multiInstanceLoopCharacteristics>{inside}</bpmn:multiInstanceLoopCharacteristics>"
    source = process_of(f'<bpmn:dataObject id="d" isCollection="true"/><bpmn:task id="x">{marker}</bpmn:task>')
    with pytest.raises(engine.DeploymentRefused) as refusal:
        engine.parse(source, "x.bpmn")
    assert [found.code for found in refusal.value.problems] == [code]
