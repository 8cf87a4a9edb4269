"""Reading tasks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import get_args

from app.engine.elements.activity import Activity, ActivityHead
from app.engine.elements.business_rule_task import AskedDecision, BusinessRuleTask, ResultKind
from app.engine.elements.plain_tasks import AbstractTask, ManualTask, ScriptTask, SendTask
from app.engine.elements.receive_task import ReceiveTask
from app.engine.elements.service_task import ErrorRule, ServiceTask
from app.engine.elements.user_task import Assignment, UserTask
from app.engine.expressions import Literal, TextOrFeel
from app.engine.moments import iso_date, iso_duration
from app.engine.reading.assignments import assignee, candidates
from app.engine.reading.diagram import Diagram, attribute, child, extension, is_expression, is_true, text_of
from app.engine.reading.event_definitions import message_named_by, payload
from app.engine.reading.extensions import mappings, passing, title_of
from app.engine.reading.level import Level
from app.engine.reading.xml_names import Element, tag
from app.i18n import N_

_WHOLE_NUMBER = re.compile(r"[+-]?\d{1,9}", re.ASCII)
ActivityReader = Callable[[Level, Element, ActivityHead], Activity | None]


def _abstract_task(level: Level, element: Element, head: ActivityHead) -> Activity:
    del element
    return AbstractTask(level.spec, head)


def _manual_task(level: Level, element: Element, head: ActivityHead) -> Activity:
    del element
    return ManualTask(level.spec, head)


def _user_task(level: Level, element: Element, head: ActivityHead) -> Activity:
    diagram = level.diagram
    users, groups = candidates(diagram, element)
    assignment = Assignment(
        assignee=assignee(diagram, element),
        candidate_users=users,
        candidate_groups=groups,
        due_date=_time(diagram, element, "camunda:dueDate"),
        follow_up_date=_time(diagram, element, "camunda:followUpDate"),
        priority=_priority(diagram, element),
        form_key=form_key(level, element),
        title=title_of(diagram, element),
    )
    return UserTask(level.spec, head, assignment)


def _time(diagram: Diagram, element: Element, name: str) -> TextOrFeel | None:
    text = diagram.attribute_or_feel(element, name)
    if isinstance(text, Literal) and (iso_duration(text.value) or iso_date(text.value)) is None:
        msgid = N_(
            "%(attribute)s is no time. Write 2030-12-31, 2030-12-31T08:00:00, P2D, or FEEL after an equals sign."
        )
        diagram.refuse(element, "assignment", msgid, attribute=name)
    return text


def _priority(diagram: Diagram, element: Element) -> TextOrFeel | None:
    text = diagram.attribute_or_feel(element, "camunda:priority")
    if isinstance(text, Literal) and not _WHOLE_NUMBER.fullmatch(text.value):
        msgid = N_("camunda:priority is no whole number. Write one, or FEEL after an equals sign.")
        diagram.refuse(element, "assignment", msgid)
    return text


def form_key(level: Level, element: Element) -> str | None:
    """The form's key, fixed when the diagram is deployed so that the deployment can tell whether it exists."""
    given = {name: value for name in ("camunda:formKey", "camunda:formRef") if (value := attribute(element, name))}
    if len(given) > 1:
        level.diagram.refuse(element, "form_key", N_("Name one form: either in camunda:formKey or in camunda:formRef."))
    for name, value in given.items():
        if is_expression(value):
            msgid = N_("%(attribute)s must name a form; it cannot be an expression.")
            level.diagram.refuse(element, "form_key", msgid, attribute=name)
    return next(iter(given.values()), None)


def _script_task(level: Level, element: Element, head: ActivityHead) -> Activity:
    script = child(element, "bpmn:script")
    is_global = tag(element) == "bpmn:globalScriptTask"
    if (attribute(element, "scriptLanguage" if is_global else "scriptFormat") or "").lower() != "feel":
        msgid = (
            N_("Only scripts in FEEL are executed: set scriptLanguage to feel.")
            if is_global
            else N_("Only scripts in FEEL are executed: set scriptFormat to feel.")
        )
        level.diagram.refuse(element, "script_format", msgid)
        text = ""
    else:
        text = text_of(script)
        if not text:
            level.diagram.refuse(element, "missing_script", N_("The script is empty. Write it as { name: value }."))
    compiled = level.diagram.feel(element, text or "null", "script")
    return ScriptTask(level.spec, head, compiled, attribute(element, "camunda:resultVariable"))


def _send_task(level: Level, element: Element, head: ActivityHead) -> Activity | None:
    # A send task's inputs are the payload, not variables of a scope of its own.
    event = message_named_by(level, element, element, payload(level, element))
    return None if event is None else SendTask(level.spec, replace(head, inputs=()), event)


def _receive_task(level: Level, element: Element, head: ActivityHead) -> Activity | None:
    event = message_named_by(level, element, element, ())
    return (
        None
        if event is None
        else ReceiveTask(level.spec, head, event, is_instantiating=is_true(element, "instantiate"))
    )


def _service_task(level: Level, element: Element, head: ActivityHead) -> Activity:
    diagram = level.diagram
    topic = attribute(element, "camunda:topic")
    is_external = attribute(element, "camunda:type") == "external"
    holder = extension(element, "camunda:connector")
    connector = text_of(child(holder, "camunda:connectorId")) if holder is not None else ""
    if bool(topic) == bool(connector) or bool(topic) != is_external:
        msgid = N_("Say who does the work: a camunda:connector, or camunda:type external with a camunda:topic.")
        diagram.refuse(element, "no_implementation", msgid)
    inputs = mappings(diagram, holder, "input", inside=True) if holder is not None else ()
    outputs = mappings(diagram, holder, "output", inside=True) if holder is not None else ()
    return ServiceTask(
        level.spec,
        head,
        connector=connector or None,
        topic=topic,
        connector_inputs=inputs,
        connector_outputs=outputs,
        error_rules=tuple(_error_rules(level, element)),
    )


def _error_rules(level: Level, element: Element) -> Iterator[ErrorRule]:
    diagram = level.diagram
    for entry in passing(element, "camunda:errorEventDefinition"):
        identifier = diagram.reference(entry, "errorRef", diagram.errors)
        code, text = diagram.errors.get(identifier or ""), attribute(entry, "expression")
        if not code or not text or not attribute(element, "camunda:topic"):
            msgid = N_("Say which error an external task ends with, and when: set errorRef and expression.")
            diagram.refuse(entry, "error_rule", msgid)
        else:
            yield ErrorRule(code, diagram.feel(entry, text, "camunda:errorEventDefinition"))


def _business_rule_task(level: Level, element: Element, head: ActivityHead) -> Activity:
    decision = attribute(element, "camunda:decisionRef") or ""
    variable = attribute(element, "camunda:resultVariable") or None
    if not decision or is_expression(decision):
        msgid = N_("camunda:decisionRef must be the id of a decision; it cannot be an expression.")
        level.diagram.refuse(element, "decision_ref", msgid)
    if variable is None and not head.outputs:
        msgid = N_("Say where the result goes: set camunda:resultVariable.")
        level.diagram.refuse(element, "no_result_variable", msgid)
    wanted = attribute(element, "camunda:mapDecisionResult") or "resultList"
    kind: ResultKind = next(kind for kind in get_args(ResultKind) if kind == wanted)
    return BusinessRuleTask(level.spec, head, AskedDecision(decision, kind, variable))


GLOBAL_TASK_READERS: dict[str, ActivityReader] = {
    "bpmn:globalTask": _abstract_task,
    "bpmn:globalManualTask": _manual_task,
    "bpmn:globalUserTask": _user_task,
    "bpmn:globalScriptTask": _script_task,
    "bpmn:globalBusinessRuleTask": _business_rule_task,
}
TASK_READERS: dict[str, ActivityReader] = {
    "bpmn:task": _abstract_task,
    "bpmn:manualTask": _manual_task,
    "bpmn:userTask": _user_task,
    "bpmn:scriptTask": _script_task,
    "bpmn:businessRuleTask": _business_rule_task,
    "bpmn:sendTask": _send_task,
    "bpmn:receiveTask": _receive_task,
    "bpmn:serviceTask": _service_task,
}
