"""Files, processes, lanes, collaborations and what only explains."""

from __future__ import annotations

from collections.abc import Mapping

from app.engine.reading.catalogue.building_blocks import ANY, FEEL_LANGUAGES, FLOW_ELEMENTS, NAMED, WHOLE
from app.engine.reading.rules import EXECUTED, KEPT, ElementRule, inside, parts

STRUCTURE: Mapping[str, ElementRule] = {
    "bpmn:definitions": ElementRule(
        parts(
            NAMED,
            inside(
                "bpmn:collaboration",
                "bpmn:conditionalEventDefinition",
                "bpmn:error",
                "bpmn:errorEventDefinition",
                "bpmn:escalation",
                "bpmn:escalationEventDefinition",
                "bpmn:message",
                "bpmn:messageEventDefinition",
                "bpmn:process",
                "bpmn:signal",
                "bpmn:signalEventDefinition",
                "bpmn:terminateEventDefinition",
                "bpmn:timerEventDefinition",
            ),
            inside("bpmn:dataStore", "bpmn:itemDefinition"),
            inside(
                "bpmn:globalBusinessRuleTask",
                "bpmn:globalManualTask",
                "bpmn:globalScriptTask",
                "bpmn:globalTask",
                "bpmn:globalUserTask",
            ),
            inside("bpmn:category", rule=KEPT),
            {"camunda:diagramRelationId": KEPT},
            targetNamespace=KEPT,
            typeLanguage=KEPT,
            exporter=KEPT,
            exporterVersion=KEPT,
            expressionLanguage=FEEL_LANGUAGES,
        )
    ),
    "bpmn:process": ElementRule(
        parts(
            NAMED,
            FLOW_ELEMENTS,
            inside("bpmn:ioSpecification", "bpmn:property"),
            inside("bpmn:auditing", "bpmn:monitoring", rule=KEPT),
            {
                "camunda:candidateStarterGroups": EXECUTED,
                "camunda:historyTimeToLive": KEPT,
                "camunda:isStartableInTasklist": EXECUTED,
                "camunda:versionTag": KEPT,
            },
            isExecutable=EXECUTED,
            processType=KEPT,
            isClosed=KEPT,
        )
    ),
    "bpmn:laneSet": ElementRule(parts(NAMED, inside("bpmn:lane"))),
    "bpmn:lane": ElementRule(parts(NAMED, inside("bpmn:childLaneSet", "bpmn:flowNodeRef"), partitionElementRef=KEPT)),
    "bpmn:childLaneSet": ElementRule(parts(NAMED, inside("bpmn:lane"))),
    "bpmn:flowNodeRef": ElementRule(),
    "bpmn:incoming": ElementRule(),
    "bpmn:outgoing": ElementRule(),
    "bpmn:documentation": WHOLE,
    "bpmn:auditing": WHOLE,
    "bpmn:monitoring": WHOLE,
    "bpmn:category": WHOLE,
    "bpmn:association": ElementRule(parts(ANY, sourceRef=EXECUTED, targetRef=EXECUTED, associationDirection=KEPT)),
    "bpmn:group": WHOLE,
    "bpmn:textAnnotation": WHOLE,
    "bpmn:collaboration": ElementRule(
        parts(
            NAMED,
            inside("bpmn:participant"),
            inside("bpmn:association", "bpmn:group", "bpmn:messageFlow", "bpmn:textAnnotation", rule=KEPT),
            isClosed=KEPT,
        )
    ),
    "bpmn:participant": ElementRule(parts(NAMED, inside("bpmn:participantMultiplicity", rule=KEPT), processRef=KEPT)),
    "bpmn:participantMultiplicity": WHOLE,
    "bpmn:messageFlow": WHOLE,
}
