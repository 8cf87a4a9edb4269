"""Tasks, subprocesses, calls and what repeats them."""

from __future__ import annotations

from collections.abc import Mapping

from app.engine.reading.catalogue.building_blocks import (
    ANY,
    ASSOCIATIONS,
    ASYNC_OF_A_MARKER,
    EXPRESSION,
    FLOW_ELEMENTS,
    FORM,
    NAMED,
    NODE,
)
from app.engine.reading.rules import EXECUTED, KEPT, ElementRule, inside, only, parts

_SUBPROCESS = parts(
    NODE,
    ASSOCIATIONS,
    inside("bpmn:multiInstanceLoopCharacteristics", "bpmn:standardLoopCharacteristics"),
    default=EXECUTED,
    startQuantity=EXECUTED,
    completionQuantity=EXECUTED,
    isForCompensation=EXECUTED,
)
_ACTIVITY = parts(_SUBPROCESS, inside("bpmn:ioSpecification"))
_IMPLEMENTATION = {"implementation": only("##unspecified", "##WebService")}
ROLES = ("bpmn:humanPerformer", "bpmn:performer", "bpmn:potentialOwner")
_FOR_A_PERSON = parts(
    FORM,
    {
        "camunda:assignee": EXECUTED,
        "camunda:candidateGroups": EXECUTED,
        "camunda:candidateUsers": EXECUTED,
        "camunda:dueDate": EXECUTED,
        "camunda:followUpDate": EXECUTED,
        "camunda:priority": EXECUTED,
    },
    inside(*ROLES),
    _IMPLEMENTATION,
)
_ROLE = ElementRule(parts(NAMED, inside("bpmn:resourceAssignmentExpression")))
_DECISION = parts(
    {
        "camunda:decisionRef": EXECUTED,
        "camunda:decisionRefBinding": only("deployment"),
        "camunda:mapDecisionResult": only("singleEntry", "singleResult", "collectEntries", "resultList"),
        "camunda:resultVariable": EXECUTED,
    },
    _IMPLEMENTATION,
)
_LOOP_ITEM = ElementRule(
    parts(NAMED, inside("bpmn:dataState", rule=KEPT), isCollection=EXECUTED, itemSubjectRef=EXECUTED)
)

ACTIVITIES: Mapping[str, ElementRule] = {
    **dict.fromkeys(ROLES, _ROLE),
    "bpmn:resourceAssignmentExpression": ElementRule(parts(ANY, inside("bpmn:expression", "bpmn:formalExpression"))),
    "bpmn:expression": ElementRule(ANY),
    "bpmn:formalExpression": ElementRule(EXPRESSION),
    "bpmn:task": ElementRule(_ACTIVITY),
    "bpmn:manualTask": ElementRule(_ACTIVITY),
    "bpmn:userTask": ElementRule(parts(_ACTIVITY, _FOR_A_PERSON, {"aftercare:notPerformerOf": EXECUTED})),
    "bpmn:scriptTask": ElementRule(
        parts(_ACTIVITY, inside("bpmn:script"), {"camunda:resultVariable": EXECUTED}, scriptFormat=EXECUTED)
    ),
    "bpmn:script": ElementRule(),
    "bpmn:businessRuleTask": ElementRule(parts(_ACTIVITY, _DECISION)),
    "bpmn:serviceTask": ElementRule(
        parts(
            _ACTIVITY,
            {"camunda:type": only("external"), "camunda:topic": EXECUTED},
            implementation=only("##unspecified", "##WebService"),
        )
    ),
    "bpmn:sendTask": ElementRule(
        parts(_ACTIVITY, messageRef=EXECUTED, implementation=only("##unspecified", "##WebService"))
    ),
    "bpmn:receiveTask": ElementRule(
        parts(
            _ACTIVITY,
            messageRef=EXECUTED,
            instantiate=EXECUTED,
            implementation=only("##unspecified", "##WebService"),
        )
    ),
    "bpmn:callActivity": ElementRule(
        parts(_ACTIVITY, {"camunda:calledElementBinding": only("deployment")}, calledElement=EXECUTED)
    ),
    "bpmn:subProcess": ElementRule(parts(_SUBPROCESS, FLOW_ELEMENTS, triggeredByEvent=EXECUTED)),
    "bpmn:transaction": ElementRule(
        parts(_SUBPROCESS, FLOW_ELEMENTS, triggeredByEvent=only("false"), method=only("##Compensate"))
    ),
    "bpmn:adHocSubProcess": ElementRule(
        parts(
            _SUBPROCESS,
            FLOW_ELEMENTS,
            inside("bpmn:completionCondition"),
            {"aftercare:activeElements": EXECUTED},
            cancelRemainingInstances=EXECUTED,
            ordering=EXECUTED,
            triggeredByEvent=only("false"),
        )
    ),
    "bpmn:multiInstanceLoopCharacteristics": ElementRule(
        parts(
            ANY,
            ASYNC_OF_A_MARKER,
            inside(
                "bpmn:completionCondition",
                "bpmn:complexBehaviorDefinition",
                "bpmn:inputDataItem",
                "bpmn:loopCardinality",
                "bpmn:loopDataInputRef",
                "bpmn:loopDataOutputRef",
                "bpmn:outputDataItem",
            ),
            {
                "aftercare:outputCollection": EXECUTED,
                "aftercare:outputElement": EXECUTED,
                "camunda:collection": EXECUTED,
                "camunda:elementVariable": EXECUTED,
            },
            behavior=EXECUTED,
            noneBehaviorEventRef=EXECUTED,
            oneBehaviorEventRef=EXECUTED,
            isSequential=EXECUTED,
        )
    ),
    "bpmn:standardLoopCharacteristics": ElementRule(
        parts(ANY, ASYNC_OF_A_MARKER, inside("bpmn:loopCondition"), loopMaximum=EXECUTED, testBefore=EXECUTED)
    ),
    "bpmn:loopCondition": ElementRule(EXPRESSION),
    "bpmn:completionCondition": ElementRule(EXPRESSION),
    "bpmn:loopCardinality": ElementRule(EXPRESSION),
    "bpmn:loopDataInputRef": ElementRule(),
    "bpmn:loopDataOutputRef": ElementRule(),
    "bpmn:inputDataItem": _LOOP_ITEM,
    "bpmn:outputDataItem": _LOOP_ITEM,
    "bpmn:complexBehaviorDefinition": ElementRule(parts(ANY, inside("bpmn:condition", "bpmn:event"))),
    "bpmn:event": ElementRule(
        parts(
            NAMED,
            inside(
                "bpmn:errorEventDefinition",
                "bpmn:escalationEventDefinition",
                "bpmn:eventDefinitionRef",
                "bpmn:messageEventDefinition",
                "bpmn:signalEventDefinition",
            ),
        )
    ),
    "bpmn:globalTask": ElementRule(NAMED),
    "bpmn:globalManualTask": ElementRule(NAMED),
    "bpmn:globalUserTask": ElementRule(parts(NAMED, _FOR_A_PERSON)),
    "bpmn:globalScriptTask": ElementRule(
        parts(NAMED, inside("bpmn:script"), {"camunda:resultVariable": EXECUTED}, scriptLanguage=EXECUTED)
    ),
    "bpmn:globalBusinessRuleTask": ElementRule(parts(NAMED, _DECISION)),
}
