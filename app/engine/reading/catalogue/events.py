"""Events, their definitions and what these refer to."""

from __future__ import annotations

from collections.abc import Mapping

from app.engine.reading.catalogue.building_blocks import ANY, EXPRESSION, FORM, NAMED, NODE
from app.engine.reading.rules import EXECUTED, KEPT, ElementRule, inside, only, parts

EVENTS: Mapping[str, ElementRule] = {
    "bpmn:startEvent": ElementRule(
        parts(
            NODE,
            FORM,
            inside("bpmn:messageEventDefinition"),
            isInterrupting=only("true"),
            parallelMultiple=only("false"),
        )
    ),
    "bpmn:endEvent": ElementRule(
        parts(
            NODE,
            inside(
                "bpmn:cancelEventDefinition",
                "bpmn:compensateEventDefinition",
                "bpmn:errorEventDefinition",
                "bpmn:escalationEventDefinition",
                "bpmn:messageEventDefinition",
                "bpmn:terminateEventDefinition",
            ),
        )
    ),
    "bpmn:intermediateCatchEvent": ElementRule(
        parts(NODE, inside("bpmn:messageEventDefinition", "bpmn:timerEventDefinition"), parallelMultiple=only("false"))
    ),
    "bpmn:intermediateThrowEvent": ElementRule(
        parts(
            NODE,
            inside("bpmn:compensateEventDefinition", "bpmn:escalationEventDefinition", "bpmn:messageEventDefinition"),
        )
    ),
    "bpmn:boundaryEvent": ElementRule(
        parts(
            NODE,
            inside(
                "bpmn:cancelEventDefinition",
                "bpmn:compensateEventDefinition",
                "bpmn:errorEventDefinition",
                "bpmn:escalationEventDefinition",
                "bpmn:messageEventDefinition",
                "bpmn:timerEventDefinition",
            ),
            attachedToRef=EXECUTED,
            cancelActivity=EXECUTED,
            parallelMultiple=only("false"),
        )
    ),
    "bpmn:messageEventDefinition": ElementRule(parts(ANY, messageRef=EXECUTED)),
    "bpmn:timerEventDefinition": ElementRule(
        parts(ANY, inside("bpmn:timeCycle", "bpmn:timeDate", "bpmn:timeDuration"))
    ),
    "bpmn:timeCycle": ElementRule(EXPRESSION),
    "bpmn:timeDate": ElementRule(EXPRESSION),
    "bpmn:timeDuration": ElementRule(EXPRESSION),
    "bpmn:errorEventDefinition": ElementRule(
        parts(
            ANY,
            {"camunda:errorCodeVariable": EXECUTED, "camunda:errorMessageVariable": EXECUTED},
            errorRef=EXECUTED,
        )
    ),
    "bpmn:escalationEventDefinition": ElementRule(
        parts(ANY, {"camunda:escalationCodeVariable": EXECUTED}, escalationRef=EXECUTED)
    ),
    "bpmn:cancelEventDefinition": ElementRule(ANY),
    "bpmn:compensateEventDefinition": ElementRule(parts(ANY, activityRef=EXECUTED, waitForCompletion=EXECUTED)),
    "bpmn:terminateEventDefinition": ElementRule(ANY),
    "bpmn:message": ElementRule(parts(NAMED, itemRef=KEPT)),
    "bpmn:error": ElementRule(parts(NAMED, errorCode=EXECUTED, structureRef=KEPT)),
    "bpmn:escalation": ElementRule(parts(NAMED, escalationCode=EXECUTED, structureRef=KEPT)),
}
