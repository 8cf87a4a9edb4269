"""Every element that is read, with its attributes and what may stand inside it. `docs/bpmn.md` shows this table."""

from __future__ import annotations

from collections.abc import Mapping

from app.engine.reading.refusals import ATTRIBUTES, ELEMENTS, PLACES, VALUES
from app.engine.reading.rules import EXECUTED, KEPT, MISPLACED, UNKNOWN, ElementRule, Rule, inside, only, parts, refused

_FEEL_LANGUAGES = only(
    "feel", "FEEL", "https://www.omg.org/spec/DMN/20191111/FEEL/", "http://www.omg.org/spec/FEEL/20140401"
)
_FORMAL = only("tFormalExpression")

_ANY = parts(inside("bpmn:documentation", "bpmn:extensionElements", rule=KEPT), id=EXECUTED)
_NAMED = parts(_ANY, name=EXECUTED)
_ASYNC = {
    "camunda:asyncBefore": only("false"),
    "camunda:asyncAfter": only("false"),
    "camunda:exclusive": only("true", "false"),
}
_TEMPLATE = {"camunda:modelerTemplate": KEPT, "camunda:modelerTemplateVersion": KEPT}
_NODE = parts(
    _NAMED, _ASYNC, _TEMPLATE, inside("bpmn:incoming", "bpmn:outgoing", "bpmn:auditing", "bpmn:monitoring", rule=KEPT)
)
_ACTIVITY = parts(
    _NODE,
    inside("bpmn:multiInstanceLoopCharacteristics"),
    default=EXECUTED,
    startQuantity=only("1"),
    completionQuantity=only("1"),
    isForCompensation=only("false"),
)
_FORM = {"camunda:formKey": EXECUTED, "camunda:formRef": EXECUTED, "camunda:formRefBinding": only("deployment")}
_GATEWAY = parts(_NODE, gatewayDirection=EXECUTED)
_MARKS = ("bpmn:association", "bpmn:group", "bpmn:textAnnotation", "bpmn:dataObject", "bpmn:dataObjectReference",
          "bpmn:dataStoreReference")  # fmt: skip
_FLOW_ELEMENTS = parts(
    inside(
        "bpmn:boundaryEvent", "bpmn:businessRuleTask", "bpmn:callActivity", "bpmn:endEvent", "bpmn:eventBasedGateway",
        "bpmn:exclusiveGateway", "bpmn:inclusiveGateway", "bpmn:intermediateCatchEvent", "bpmn:intermediateThrowEvent",
        "bpmn:laneSet", "bpmn:manualTask", "bpmn:parallelGateway", "bpmn:receiveTask", "bpmn:scriptTask",
        "bpmn:sendTask", "bpmn:sequenceFlow", "bpmn:serviceTask", "bpmn:startEvent", "bpmn:subProcess", "bpmn:task",
        "bpmn:userTask",
    ),
    inside(*_MARKS, rule=KEPT),
)  # fmt: skip
_EXPRESSION = parts({"xsi:type": _FORMAL}, id=EXECUTED, language=_FEEL_LANGUAGES, evaluatesToTypeRef=KEPT)
_DEFINITION = _ANY
_WHOLE = ElementRule(is_kept_whole=True)

CATALOGUE: Mapping[str, ElementRule] = {
    "bpmn:definitions": ElementRule(
        parts(
            _NAMED,
            inside("bpmn:collaboration", "bpmn:error", "bpmn:escalation", "bpmn:message", "bpmn:process"),
            inside("bpmn:category", "bpmn:dataStore", "bpmn:itemDefinition", rule=KEPT),
            {"camunda:diagramRelationId": KEPT},
            targetNamespace=KEPT,
            typeLanguage=KEPT,
            exporter=KEPT,
            exporterVersion=KEPT,
            expressionLanguage=_FEEL_LANGUAGES,
        )
    ),
    "bpmn:process": ElementRule(
        parts(
            _NAMED,
            _FLOW_ELEMENTS,
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
    "bpmn:task": ElementRule(_ACTIVITY),
    "bpmn:manualTask": ElementRule(_ACTIVITY),
    "bpmn:userTask": ElementRule(
        parts(
            _ACTIVITY,
            _FORM,
            {
                "camunda:assignee": EXECUTED,
                "camunda:candidateGroups": EXECUTED,
                "camunda:candidateUsers": EXECUTED,
                "camunda:dueDate": EXECUTED,
                "camunda:followUpDate": EXECUTED,
                "camunda:priority": EXECUTED,
            },
            implementation=only("##unspecified", "##WebService"),
        )
    ),
    "bpmn:scriptTask": ElementRule(
        parts(_ACTIVITY, inside("bpmn:script"), {"camunda:resultVariable": EXECUTED}, scriptFormat=EXECUTED)
    ),
    "bpmn:script": ElementRule(),
    "bpmn:businessRuleTask": ElementRule(
        parts(
            _ACTIVITY,
            {
                "camunda:decisionRef": EXECUTED,
                "camunda:decisionRefBinding": only("deployment"),
                "camunda:mapDecisionResult": only("singleEntry", "singleResult", "collectEntries", "resultList"),
                "camunda:resultVariable": EXECUTED,
            },
            implementation=only("##unspecified", "##WebService"),
        )
    ),
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
            instantiate=only("false"),
            implementation=only("##unspecified", "##WebService"),
        )
    ),
    "bpmn:callActivity": ElementRule(
        parts(_ACTIVITY, {"camunda:calledElementBinding": only("deployment")}, calledElement=EXECUTED)
    ),
    "bpmn:subProcess": ElementRule(parts(_ACTIVITY, _FLOW_ELEMENTS, triggeredByEvent=only("false"))),
    "bpmn:exclusiveGateway": ElementRule(parts(_GATEWAY, default=EXECUTED)),
    "bpmn:inclusiveGateway": ElementRule(parts(_GATEWAY, default=EXECUTED)),
    "bpmn:parallelGateway": ElementRule(_GATEWAY),
    "bpmn:eventBasedGateway": ElementRule(
        parts(_GATEWAY, instantiate=only("false"), eventGatewayType=only("Exclusive"))
    ),
    "bpmn:startEvent": ElementRule(
        parts(
            _NODE,
            _FORM,
            inside("bpmn:messageEventDefinition"),
            isInterrupting=only("true"),
            parallelMultiple=only("false"),
        )
    ),
    "bpmn:endEvent": ElementRule(
        parts(
            _NODE,
            inside(
                "bpmn:errorEventDefinition",
                "bpmn:escalationEventDefinition",
                "bpmn:messageEventDefinition",
                "bpmn:terminateEventDefinition",
            ),
        )
    ),
    "bpmn:intermediateCatchEvent": ElementRule(
        parts(_NODE, inside("bpmn:messageEventDefinition", "bpmn:timerEventDefinition"), parallelMultiple=only("false"))
    ),
    "bpmn:intermediateThrowEvent": ElementRule(
        parts(_NODE, inside("bpmn:escalationEventDefinition", "bpmn:messageEventDefinition"))
    ),
    "bpmn:boundaryEvent": ElementRule(
        parts(
            _NODE,
            inside(
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
    "bpmn:messageEventDefinition": ElementRule(parts(_DEFINITION, messageRef=EXECUTED)),
    "bpmn:timerEventDefinition": ElementRule(
        parts(_DEFINITION, inside("bpmn:timeCycle", "bpmn:timeDate", "bpmn:timeDuration"))
    ),
    "bpmn:timeCycle": ElementRule(_EXPRESSION),
    "bpmn:timeDate": ElementRule(_EXPRESSION),
    "bpmn:timeDuration": ElementRule(_EXPRESSION),
    "bpmn:errorEventDefinition": ElementRule(
        parts(
            _DEFINITION,
            {"camunda:errorCodeVariable": EXECUTED, "camunda:errorMessageVariable": EXECUTED},
            errorRef=EXECUTED,
        )
    ),
    "bpmn:escalationEventDefinition": ElementRule(
        parts(_DEFINITION, {"camunda:escalationCodeVariable": EXECUTED}, escalationRef=EXECUTED)
    ),
    "bpmn:terminateEventDefinition": ElementRule(_DEFINITION),
    "bpmn:message": ElementRule(parts(_NAMED, itemRef=KEPT)),
    "bpmn:error": ElementRule(parts(_NAMED, errorCode=EXECUTED, structureRef=KEPT)),
    "bpmn:escalation": ElementRule(parts(_NAMED, escalationCode=EXECUTED, structureRef=KEPT)),
    "bpmn:sequenceFlow": ElementRule(
        parts(
            _NAMED,
            inside("bpmn:conditionExpression"),
            inside("bpmn:auditing", "bpmn:monitoring", rule=KEPT),
            sourceRef=EXECUTED,
            targetRef=EXECUTED,
            isImmediate=only("true"),
        )
    ),
    "bpmn:conditionExpression": ElementRule(_EXPRESSION),
    "bpmn:multiInstanceLoopCharacteristics": ElementRule(
        parts(
            _ANY,
            _ASYNC,
            inside("bpmn:completionCondition", "bpmn:loopCardinality"),
            {
                "aftercare:outputCollection": EXECUTED,
                "aftercare:outputElement": EXECUTED,
                "camunda:collection": EXECUTED,
                "camunda:elementVariable": EXECUTED,
            },
            behavior=only("All"),
            isSequential=EXECUTED,
        )
    ),
    "bpmn:completionCondition": ElementRule(_EXPRESSION),
    "bpmn:loopCardinality": ElementRule(_EXPRESSION),
    "bpmn:laneSet": ElementRule(parts(_NAMED, inside("bpmn:lane"))),
    "bpmn:lane": ElementRule(parts(_NAMED, inside("bpmn:childLaneSet", "bpmn:flowNodeRef"), partitionElementRef=KEPT)),
    "bpmn:childLaneSet": ElementRule(parts(_NAMED, inside("bpmn:lane"))),
    "bpmn:flowNodeRef": ElementRule(),
    "bpmn:incoming": ElementRule(),
    "bpmn:outgoing": ElementRule(),
    "bpmn:documentation": _WHOLE,
    "bpmn:auditing": _WHOLE,
    "bpmn:monitoring": _WHOLE,
    "bpmn:itemDefinition": _WHOLE,
    "bpmn:category": _WHOLE,
    "bpmn:dataStore": _WHOLE,
    "bpmn:dataObject": _WHOLE,
    "bpmn:dataObjectReference": _WHOLE,
    "bpmn:dataStoreReference": _WHOLE,
    "bpmn:association": _WHOLE,
    "bpmn:group": _WHOLE,
    "bpmn:textAnnotation": _WHOLE,
    "bpmn:collaboration": ElementRule(
        parts(
            _NAMED,
            inside("bpmn:participant"),
            inside("bpmn:association", "bpmn:group", "bpmn:messageFlow", "bpmn:textAnnotation", rule=KEPT),
            isClosed=KEPT,
        )
    ),
    "bpmn:participant": ElementRule(parts(_NAMED, inside("bpmn:participantMultiplicity", rule=KEPT), processRef=KEPT)),
    "bpmn:participantMultiplicity": _WHOLE,
    "bpmn:messageFlow": _WHOLE,
    "bpmn:extensionElements": ElementRule(),
    "camunda:inputOutput": ElementRule(inside("camunda:inputParameter", "camunda:outputParameter")),
    "camunda:inputParameter": ElementRule(parts(inside("camunda:script"), name=EXECUTED)),
    "camunda:outputParameter": ElementRule(parts(inside("camunda:script"), name=EXECUTED)),
    "camunda:script": ElementRule({"scriptFormat": EXECUTED}),
    "camunda:connector": ElementRule(inside("camunda:connectorId", "camunda:inputOutput")),
    "camunda:connectorId": ElementRule(),
    "camunda:properties": ElementRule(inside("camunda:property")),
    "camunda:property": ElementRule(parts(id=KEPT, name=EXECUTED, value=EXECUTED)),
    "camunda:in": ElementRule(
        parts(
            source=EXECUTED,
            sourceExpression=EXECUTED,
            target=EXECUTED,
            variables=only("all"),
            businessKey=only("#{execution.processBusinessKey}", "${execution.processBusinessKey}"),
        )
    ),
    "camunda:out": ElementRule(
        parts(source=EXECUTED, sourceExpression=EXECUTED, target=EXECUTED, variables=only("all"))
    ),
    "aftercare:translations": ElementRule(inside("aftercare:translation")),
    "aftercare:translation": ElementRule(parts(locale=EXECUTED, name=EXECUTED)),
    "aftercare:title": ElementRule(parts(value=EXECUTED)),
    "aftercare:readers": ElementRule(parts(groups=EXECUTED)),
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
)

# Which extension may stand in whose bpmn:extensionElements.
EXTENSIONS: Mapping[str, tuple[str, ...]] = {
    "camunda:inputOutput": (*_TASKS, *_THROWERS),
    "camunda:connector": ("bpmn:serviceTask",),
    "camunda:properties": ("bpmn:message", "bpmn:process", *_NODES),
    "camunda:in": ("bpmn:callActivity",),
    "camunda:out": ("bpmn:callActivity",),
    "aftercare:translations": ("bpmn:process", "bpmn:participant", "bpmn:lane", "bpmn:sequenceFlow", *_NODES),
    "aftercare:title": ("bpmn:process",),
    "aftercare:readers": ("bpmn:process",),
}


def child_rule(parent: str, name: str) -> Rule:
    """The verdict on an element inside another; `parent` is the owner where it stands in extensionElements."""
    if name in EXTENSIONS and parent in EXTENSIONS[name]:
        return EXECUTED
    rule = CATALOGUE[parent].parts.get(f"<{name}>") if parent in CATALOGUE else None
    if rule is not None:
        return rule
    if (parent, name) in PLACES:
        return refused(PLACES[parent, name])
    if name in ELEMENTS:
        return refused(ELEMENTS[name])
    return MISPLACED if name in CATALOGUE else UNKNOWN


def attribute_rule(element: str, name: str) -> Rule:
    """The verdict on an attribute of an element that is read."""
    rule = CATALOGUE[element].parts.get(name)
    if rule is not None:
        return Rule(rule.verdict, rule.only, VALUES.get(name, "")) if rule.only else rule
    return refused(ATTRIBUTES[name]) if name in ATTRIBUTES else UNKNOWN
