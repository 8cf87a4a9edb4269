"""Extension elements, and in whose bpmn:extensionElements each may stand."""

from __future__ import annotations

from collections.abc import Mapping

from app.engine.reading.rules import EXECUTED, KEPT, ElementRule, inside, only, parts

_NESTED = inside("camunda:list", "camunda:map", "camunda:script")

EXTENSION_ELEMENTS: Mapping[str, ElementRule] = {
    "bpmn:extensionElements": ElementRule(),
    "camunda:inputOutput": ElementRule(inside("camunda:inputParameter", "camunda:outputParameter")),
    "camunda:inputParameter": ElementRule(parts(_NESTED, name=EXECUTED)),
    "camunda:outputParameter": ElementRule(parts(_NESTED, name=EXECUTED)),
    "camunda:script": ElementRule({"scriptFormat": EXECUTED}),
    "camunda:list": ElementRule(parts(_NESTED, inside("camunda:value"))),
    "camunda:value": ElementRule(),
    "camunda:map": ElementRule(inside("camunda:entry")),
    "camunda:entry": ElementRule(parts(_NESTED, key=EXECUTED)),
    "camunda:connector": ElementRule(inside("camunda:connectorId", "camunda:inputOutput")),
    "camunda:connectorId": ElementRule(),
    "camunda:errorEventDefinition": ElementRule(parts(id=KEPT, errorRef=EXECUTED, expression=EXECUTED)),
    "camunda:properties": ElementRule(inside("camunda:property")),
    "camunda:property": ElementRule(parts(id=KEPT, name=EXECUTED, value=EXECUTED)),
    "camunda:in": ElementRule(
        parts(
            source=EXECUTED,
            sourceExpression=EXECUTED,
            target=EXECUTED,
            local=EXECUTED,
            variables=only("all"),
            businessKey=only("#{execution.processBusinessKey}", "${execution.processBusinessKey}"),
        )
    ),
    "camunda:out": ElementRule(
        parts(source=EXECUTED, sourceExpression=EXECUTED, target=EXECUTED, local=EXECUTED, variables=only("all"))
    ),
    "camunda:failedJobRetryTimeCycle": ElementRule(),
    "aftercare:translations": ElementRule(inside("aftercare:translation")),
    "aftercare:translation": ElementRule(parts(locale=EXECUTED, name=EXECUTED)),
    "aftercare:title": ElementRule(parts(value=EXECUTED)),
    "aftercare:readers": ElementRule(parts(groups=EXECUTED)),
    "aftercare:clock": ElementRule(
        parts(
            inside("aftercare:translations"),
            id=EXECUTED,
            name=EXECUTED,
            starts=EXECUTED,
            stops=EXECUTED,
            withdraws=EXECUTED,
            limit=EXECUTED,
            warn=EXECUTED,
            escalate=EXECUTED,
            pausers=EXECUTED,
        )
    ),
}

_TASKS = (
    "bpmn:task",
    "bpmn:manualTask",
    "bpmn:userTask",
    "bpmn:scriptTask",
    "bpmn:businessRuleTask",
    "bpmn:serviceTask",
    "bpmn:receiveTask",
    "bpmn:sendTask",
    "bpmn:subProcess",
    "bpmn:transaction",
    "bpmn:adHocSubProcess",
)
_GLOBAL_TASKS = (
    "bpmn:globalTask",
    "bpmn:globalManualTask",
    "bpmn:globalUserTask",
    "bpmn:globalScriptTask",
    "bpmn:globalBusinessRuleTask",
)
_THROWERS = ("bpmn:endEvent", "bpmn:intermediateThrowEvent")
_NODES = (
    *_TASKS,
    *_THROWERS,
    "bpmn:callActivity",
    "bpmn:startEvent",
    "bpmn:intermediateCatchEvent",
    "bpmn:boundaryEvent",
    "bpmn:exclusiveGateway",
    "bpmn:inclusiveGateway",
    "bpmn:parallelGateway",
    "bpmn:eventBasedGateway",
    "bpmn:complexGateway",
)

# Which extension may stand in whose bpmn:extensionElements.
EXTENSIONS: Mapping[str, tuple[str, ...]] = {
    "camunda:inputOutput": (*_TASKS, *_THROWERS),
    "camunda:connector": ("bpmn:serviceTask",),
    "camunda:errorEventDefinition": ("bpmn:serviceTask",),
    "camunda:properties": ("bpmn:message", "bpmn:process", *_NODES),
    "camunda:in": ("bpmn:callActivity", "bpmn:signalEventDefinition"),
    "camunda:out": ("bpmn:callActivity",),
    "camunda:failedJobRetryTimeCycle": _NODES,
    "aftercare:translations": (
        "bpmn:process",
        "bpmn:participant",
        "bpmn:lane",
        "bpmn:sequenceFlow",
        *_NODES,
        *_GLOBAL_TASKS,
    ),
    "aftercare:title": ("bpmn:process", "bpmn:userTask"),
    "aftercare:readers": ("bpmn:process",),
    "aftercare:clock": ("bpmn:process",),
}
