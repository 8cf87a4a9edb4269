"""Global tasks: tasks of the file that only call activities begin (BPMN 2.0.2, 10.3.6)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app import engine
from tests.unit.engine.case import RESOURCES, Case, document, flows
from tests.unit.engine.conftest import NewCase
from tests.unit.engine.test_business_rule_task import DECISIONS

CALL = (
    '<bpmn:callActivity id="x" calledElement="Ask"><bpmn:extensionElements>{}</bpmn:extensionElements>'
    "</bpmn:callActivity>"
)


def calling(element: str, mapping: str = "") -> bytes:
    process = '<bpmn:startEvent id="s"/>' + CALL.format(mapping) + '<bpmn:userTask id="u"/>' + flows("s x", "x u")
    return document(f'<bpmn:process id="p" isExecutable="true">{process}</bpmn:process>', element)


def test_each_kind_of_global_task_does_what_the_task_of_that_kind_does(new_case: NewCase) -> None:
    case = new_case("global_tasks.bpmn").start({"number": 4})
    (task,) = case.user_tasks.values()
    assert (task.element_id, task.name, task.assignee, task.form_key) == ("Sign", "Sign it", "ann", "signature")
    assert case.value("total") == Decimal(8)
    case.do("Sign", signed=True)
    assert (case.end_event_id, case.value("signed")) == ("end", True)


def test_a_global_business_rule_task_asks_its_decision(new_case: NewCase) -> None:
    task = '<bpmn:globalBusinessRuleTask id="Ask" camunda:decisionRef="{}" camunda:resultVariable="r"/>'
    mapping = '<camunda:in source="amount" target="amount"/><camunda:out source="r" target="result"/>'
    decision_id = next(iter(DECISIONS))
    case = new_case(calling(task.format(decision_id), mapping), decisions=DECISIONS).start({"amount": 600})
    assert case.open == ["u"]
    assert isinstance(case.value("result"), list)


def test_global_tasks_come_after_the_processes_and_are_started_by_nobody() -> None:
    processes = engine.parse((RESOURCES / "global_tasks.bpmn").read_bytes(), "x")
    assert [process.key for process in processes] == ["p", "Sign", "Double", "Carry", "Anything", "Judge"]
    task = processes[1]
    assert (task.is_global_task, task.is_executable, task.is_startable, task.start_triggers) == (True, False, False, ())
    assert task.elements == {"Sign": engine.ElementName("userTask", "Sign it")}
    assert task.translations == {"zh_CN": {"": "签字", "Sign": "签字"}}
    assert (task.form_keys, processes[5].decisions) == ({"signature"}, {"speed"})
    assert processes[0].called_processes == {"Sign", "Double", "Carry", "Anything"}


def test_a_global_task_of_another_file_comes_with_the_context(new_case: NewCase) -> None:
    caller = engine.parse(calling(""), "x")[0]
    called = {task.key: task for task in engine.parse(document('<bpmn:globalUserTask id="Ask"/>'), "y")}
    case = Case(caller, is_saved=True, processes=called).start()
    assert case.open == ["Ask"]
    assert case.do("Ask").open == ["u"]


def test_the_lane_of_the_outermost_call_holds_in_all_that_is_called_inside(new_case: NewCase) -> None:
    lane = '<bpmn:lane id="Office"><bpmn:flowNodeRef>x</bpmn:flowNodeRef></bpmn:lane>'
    several = '<bpmn:multiInstanceLoopCharacteristics camunda:collection="[1]"/>'
    call = f'<bpmn:callActivity id="x" calledElement="q">{several}</bpmn:callActivity>'
    outer = f'<bpmn:laneSet id="set">{lane}</bpmn:laneSet>{call}'
    inner = '<bpmn:callActivity id="y" calledElement="Ask"/>'
    source = document(
        f'<bpmn:process id="p" isExecutable="true">{outer}</bpmn:process>',
        f'<bpmn:process id="q" isExecutable="true">{inner}</bpmn:process><bpmn:globalUserTask id="Ask"/>',
    )
    assert [task.lane for task in new_case(source).start().user_tasks.values()] == ["Office"]


@pytest.mark.parametrize(
    ("element", "code"),
    [
        ('<bpmn:globalScriptTask id="Ask"><bpmn:script>1</bpmn:script></bpmn:globalScriptTask>', "script_format"),
        ('<bpmn:globalScriptTask id="Ask" scriptLanguage="feel"/>', "missing_script"),
        ('<bpmn:globalBusinessRuleTask id="Ask"/>', "decision_ref"),
        ('<bpmn:globalTask id="Ask" isExecutable="true"/>', "attribute"),
    ],
)
def test_faulty_global_tasks_are_refused(element: str, code: str) -> None:
    with pytest.raises(engine.DeploymentRefused) as refusal:
        engine.parse(calling(element), "x.bpmn")
    assert ("Ask", code) in {(found.element_id, found.code) for found in refusal.value.problems}
