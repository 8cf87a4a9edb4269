"""Data inputs of throwing events, data outputs of catching ones."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app import engine
from tests.unit.engine.case import HEADER, RESOURCES, context
from tests.unit.engine.conftest import NewCase
from tests.unit.engine.faults import Fault

DATA = "event_data.bpmn"
SOUND = (RESOURCES / DATA).read_text(encoding="utf-8")
FAULTS = {
    "data of an event that brings none": Fault(
        '<bpmn:signalEventDefinition id="b_signal" signalRef="alarm"/>',
        '<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>',
        "event_data", "b_count", sound=SOUND,
    ),
    "data of a start that waits for several": Fault(
        'id="b_s" isInterrupting="false">',
        'id="b_s" isInterrupting="false" parallelMultiple="true"><bpmn:messageEventDefinition messageRef="order"/>',
        "event_data", "b_count", sound=SOUND,
    ),
    "an output of another event": Fault(
        "<bpmn:sourceRef>s_lines</bpmn:sourceRef>", "<bpmn:sourceRef >b_count</bpmn:sourceRef>", "data_end", "s_out",
        "<bpmn:sourceRef >", SOUND,
    ),
    "an input that no set names": Fault(
        "<bpmn:dataInputRefs>throw_lines</bpmn:dataInputRefs>", "", "data_sets", "throw_lines", sound=SOUND
    ),
}  # fmt: skip


def test_what_starts_a_case_goes_where_the_data_output_says_and_nowhere_else(new_case: NewCase) -> None:
    case = new_case(DATA).start({"lines": [1, 2], "other": "x"}, message_name="order")
    assert case.value("ordered lines") == [Decimal(1), Decimal(2)]
    assert {name for scope, name in case.variables if scope == case.root} == {
        "ordered lines", "heard", "reason", "warned"
    }  # fmt: skip


def test_a_signal_carries_the_data_inputs_and_is_heard_with_them(new_case: NewCase) -> None:
    case = new_case(DATA).start({"lines": [1, 2]}, message_name="order")
    assert case.signals == [("alarm", {"count": Decimal(2)})]
    assert case.value("heard") == Decimal(2)
    assert case.open == ["ask", "note"]
    (inside,) = (value for (scope, name), value in case.variables.items() if name == "seen inside")
    assert inside == Decimal(2)
    case.hear("b_s", count=7)
    assert (case.value("heard"), case.open) == (Decimal(7), ["ask", "note", "note"])


def test_errors_and_escalations_bring_data_to_who_catches_them(new_case: NewCase) -> None:
    case = new_case(DATA).start({"lines": []}, message_name="order").do("ask", why="no parts")
    assert (case.value("warned"), case.value("reason")) == ("late: no parts", "no parts")
    assert "look" in case.open


def test_a_required_output_without_a_value_is_an_incident(new_case: NewCase) -> None:
    with pytest.raises(engine.StepFailed, match="its data output “lines” has no value") as failure:
        new_case(DATA).start({"lines": None}, message_name="order")
    assert failure.value.incident.element_id == "s"


def test_a_required_input_without_a_value_is_an_incident() -> None:
    diagram = HEADER + """<bpmn:message id="m" name="m"/><bpmn:process id="p" isExecutable="true">
      <bpmn:dataObject id="d" name="d"/><bpmn:startEvent id="s"/><bpmn:endEvent id="e">
      <bpmn:dataInput id="i" name="text"/><bpmn:dataInputAssociation><bpmn:sourceRef>d</bpmn:sourceRef>
      <bpmn:targetRef>i</bpmn:targetRef></bpmn:dataInputAssociation>
      <bpmn:inputSet><bpmn:dataInputRefs>i</bpmn:dataInputRefs></bpmn:inputSet>
      <bpmn:messageEventDefinition messageRef="m"/></bpmn:endEvent>
      <bpmn:sequenceFlow id="f" sourceRef="s" targetRef="e"/></bpmn:process></bpmn:definitions>"""
    (process,) = engine.parse(diagram.encode(), "d.bpmn")
    with pytest.raises(engine.StepFailed, match="its data input “text” has no value"):
        engine.start(process, {}, context())
    told = engine.start(process, {"d": "x"}, context())
    assert [message.payload for message in told.messages] == [{"text": "x"}]


def test_a_task_sends_its_data_inputs_and_gets_its_data_outputs(new_case: NewCase) -> None:
    case = new_case("message_tasks_with_data.bpmn").start({"asked": "how?"})
    assert case.messages == [("question", None, {"text": "how?"})]
    case.receive("wait", whatever="so")
    assert case.value("told") == "so"
    case.receive("again", first=1, second=2, third=3)
    assert case.value("told") == {"a": Decimal(1), "b": Decimal(2)}
    assert not {name for _scope, name in case.variables} & {"whatever", "first", "third"}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_refused_for_its_own_reason(name: str) -> None:
    FAULTS[name].check()
