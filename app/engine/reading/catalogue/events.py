"""Events, their definitions and what these refer to."""

from __future__ import annotations

from collections.abc import Mapping

from app.engine.reading.catalogue.building_blocks import ANY, EXPRESSION, FORM, NAMED, NODE
from app.engine.reading.rules import EXECUTED, KEPT, ElementRule, inside, parts

# What an event can wait for wherever it stands, and what only the start of an event subprocess or a boundary catches.
_WAITED_FOR = (
    "bpmn:conditionalEventDefinition",
    "bpmn:eventDefinitionRef",
    "bpmn:messageEventDefinition",
    "bpmn:signalEventDefinition",
    "bpmn:timerEventDefinition",
)
_SENT = inside("bpmn:dataInput", "bpmn:dataInputAssociation", "bpmn:inputSet")
_RECEIVED = inside("bpmn:dataOutput", "bpmn:dataOutputAssociation", "bpmn:outputSet")
_CAUGHT = ("bpmn:compensateEventDefinition", "bpmn:errorEventDefinition", "bpmn:escalationEventDefinition")

EVENTS: Mapping[str, ElementRule] = {
    "bpmn:startEvent": ElementRule(
        parts(
            NODE,
            _RECEIVED,
            FORM,
            inside(*_WAITED_FOR, *_CAUGHT),
            {"camunda:initiator": EXECUTED},
            isInterrupting=EXECUTED,
            parallelMultiple=EXECUTED,
        )
    ),
    "bpmn:endEvent": ElementRule(
        parts(
            NODE,
            _SENT,
            inside(
                "bpmn:cancelEventDefinition",
                "bpmn:compensateEventDefinition",
                "bpmn:errorEventDefinition",
                "bpmn:escalationEventDefinition",
                "bpmn:eventDefinitionRef",
                "bpmn:messageEventDefinition",
                "bpmn:signalEventDefinition",
                "bpmn:terminateEventDefinition",
            ),
        )
    ),
    "bpmn:intermediateCatchEvent": ElementRule(
        parts(
            NODE,
            _RECEIVED,
            inside(*_WAITED_FOR, "bpmn:linkEventDefinition"),
            parallelMultiple=EXECUTED,
        )
    ),
    "bpmn:intermediateThrowEvent": ElementRule(
        parts(
            NODE,
            _SENT,
            inside(
                "bpmn:compensateEventDefinition",
                "bpmn:escalationEventDefinition",
                "bpmn:eventDefinitionRef",
                "bpmn:linkEventDefinition",
                "bpmn:messageEventDefinition",
                "bpmn:signalEventDefinition",
            ),
        )
    ),
    "bpmn:boundaryEvent": ElementRule(
        parts(
            NODE,
            _RECEIVED,
            inside(*_WAITED_FOR, *_CAUGHT, "bpmn:cancelEventDefinition"),
            attachedToRef=EXECUTED,
            cancelActivity=EXECUTED,
            parallelMultiple=EXECUTED,
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
    "bpmn:signalEventDefinition": ElementRule(parts(ANY, signalRef=EXECUTED)),
    "bpmn:conditionalEventDefinition": ElementRule(
        parts(
            ANY,
            inside("bpmn:condition"),
            {"camunda:variableEvents": EXECUTED, "camunda:variableName": EXECUTED},
        )
    ),
    "bpmn:condition": ElementRule(EXPRESSION),
    "bpmn:eventDefinitionRef": ElementRule(),
    "bpmn:linkEventDefinition": ElementRule(parts(NAMED, inside("bpmn:source", "bpmn:target"))),
    "bpmn:source": ElementRule(),
    "bpmn:target": ElementRule(),
    "bpmn:terminateEventDefinition": ElementRule(ANY),
    "bpmn:message": ElementRule(parts(NAMED, itemRef=KEPT)),
    "bpmn:signal": ElementRule(parts(NAMED, structureRef=KEPT)),
    "bpmn:error": ElementRule(parts(NAMED, errorCode=EXECUTED, structureRef=KEPT)),
    "bpmn:escalation": ElementRule(parts(NAMED, escalationCode=EXECUTED, structureRef=KEPT)),
}
