from __future__ import annotations

import pytest

from app import engine
from tests.unit.engine.case import Case, context, document, flows, process_of
from tests.unit.engine.conftest import NewCase

ERRORS = '<bpmn:error id="low" errorCode="too_low"/><bpmn:error id="gone" errorCode="gone"/>'


def source(*rules: str, attributes: str = 'camunda:type="external" camunda:topic="t"') -> bytes:
    """An external task with these rules, and a boundary event that catches both errors."""
    task = (
        f'<bpmn:serviceTask id="job" {attributes}><bpmn:extensionElements>{"".join(rules)}'
        "</bpmn:extensionElements></bpmn:serviceTask>"
    )
    boundary = (
        '<bpmn:boundaryEvent id="b" attachedToRef="job"><bpmn:errorEventDefinition camunda:errorCodeVariable="code" '
        'camunda:errorMessageVariable="said"/></bpmn:boundaryEvent><bpmn:userTask id="repair"/>'
    )
    ways = flows("s job", "job e", "b repair", "repair e")
    body = f'<bpmn:startEvent id="s"/>{task}{boundary}<bpmn:endEvent id="e"/>{ways}'
    return document(ERRORS, f'<bpmn:process id="p" isExecutable="true">{body}</bpmn:process>')


def rule(error: str, expression: str) -> str:
    return f'<camunda:errorEventDefinition errorRef="{error}" expression="{expression}"/>'


RULES = (
    rule("low", "=score &lt; 10"),
    rule("gone", "=contains(externalTask.errorMessage, &quot;not found&quot;)"),
)


def reported(case: Case, message: str) -> engine.Outcome | None:
    (activity_id,) = case.jobs
    return engine.report_failure(case.process, case.state or b"", activity_id, message, None, context())


def test_a_result_may_mean_an_error(new_case: NewCase) -> None:
    case = new_case(source(*RULES)).start({"score": None})
    case.finish("job", score=5)
    assert (case.open, case.value("code"), case.value("score")) == (["repair"], "too_low", 5)


def test_a_result_that_means_none_goes_on(new_case: NewCase) -> None:
    assert new_case(source(*RULES)).start({"score": None}).finish("job", score=50).is_ended


def test_a_failure_may_mean_an_error(new_case: NewCase) -> None:
    case = new_case(source(*RULES)).start({"score": None})
    assert reported(case, "timed out") is None
    outcome = reported(case, "customer not found")
    assert outcome is not None
    assert [task.element_id for task in outcome.opened] == ["repair"]
    said = {change.name: change.new for change in outcome.variables}
    assert said == {"code": "gone", "said": "customer not found"}


@pytest.mark.parametrize(
    ("rules", "attributes"),
    [
        (rule("low", ""), 'camunda:type="external" camunda:topic="t"'),
        ('<camunda:errorEventDefinition expression="=true"/>', 'camunda:type="external" camunda:topic="t"'),
        (
            rule("low", "=true")
            + "<camunda:connector><camunda:connectorId>c</camunda:connectorId></camunda:connector>",
            "",
        ),
    ],
)
def test_what_says_too_little_is_refused(rules: str, attributes: str) -> None:
    with pytest.raises(engine.DeploymentRefused) as refused:
        engine.parse(source(rules, attributes=attributes), "x.bpmn")
    assert "error_rule" in {problem.code for problem in refused.value.problems}


def test_only_external_tasks_have_such_rules() -> None:
    inside = "<bpmn:extensionElements>" + rule("low", "=true") + "</bpmn:extensionElements>"
    task = f'<bpmn:startEvent id="s"/><bpmn:task id="x">{inside}</bpmn:task><bpmn:endEvent id="e"/>'
    with pytest.raises(engine.DeploymentRefused):
        engine.parse(process_of(task, flows("s x", "x e")), "x.bpmn")
