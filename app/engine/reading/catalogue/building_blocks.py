"""What many rows of the catalogue have in common: identity, markers, forms, flow elements, expressions."""

from __future__ import annotations

from app.engine.reading.rules import EXECUTED, KEPT, ElementRule, inside, only, parts
from app.i18n import N_

FEEL_LANGUAGES = only(
    "feel", "FEEL", "https://www.omg.org/spec/DMN/20191111/FEEL/", "http://www.omg.org/spec/FEEL/20140401"
)

ANY = parts(inside("bpmn:documentation", "bpmn:extensionElements", rule=KEPT), id=EXECUTED)
NAMED = parts(ANY, name=EXECUTED)
ASYNC = {
    "camunda:asyncBefore": only("true", "false"),
    "camunda:asyncAfter": only("true", "false"),
    "camunda:exclusive": only("true", "false"),
}
_NOT_AT_A_MARKER = only("false", instead=N_("The activity goes on as a whole. Set it there, not at its marker."))
ASYNC_OF_A_MARKER = {**ASYNC, "camunda:asyncBefore": _NOT_AT_A_MARKER, "camunda:asyncAfter": _NOT_AT_A_MARKER}
NODE = parts(
    NAMED,
    ASYNC,
    {"camunda:modelerTemplate": KEPT, "camunda:modelerTemplateVersion": KEPT},
    inside("bpmn:incoming", "bpmn:outgoing", "bpmn:auditing", "bpmn:monitoring", rule=KEPT),
)
FORM = {"camunda:formKey": EXECUTED, "camunda:formRef": EXECUTED, "camunda:formRefBinding": only("deployment")}
FLOW_ELEMENTS = parts(
    inside(
        "bpmn:adHocSubProcess",
        "bpmn:association",
        "bpmn:boundaryEvent",
        "bpmn:businessRuleTask",
        "bpmn:callActivity",
        "bpmn:complexGateway",
        "bpmn:endEvent",
        "bpmn:eventBasedGateway",
        "bpmn:exclusiveGateway",
        "bpmn:inclusiveGateway",
        "bpmn:intermediateCatchEvent",
        "bpmn:intermediateThrowEvent",
        "bpmn:laneSet",
        "bpmn:manualTask",
        "bpmn:parallelGateway",
        "bpmn:receiveTask",
        "bpmn:scriptTask",
        "bpmn:sendTask",
        "bpmn:sequenceFlow",
        "bpmn:serviceTask",
        "bpmn:startEvent",
        "bpmn:subProcess",
        "bpmn:task",
        "bpmn:transaction",
        "bpmn:userTask",
    ),
    inside("bpmn:dataObject", "bpmn:dataObjectReference", "bpmn:dataStoreReference"),
    inside(
        "bpmn:group",
        "bpmn:textAnnotation",
        rule=KEPT,
    ),
)
EXPRESSION = parts(
    {"xsi:type": only("tFormalExpression")}, id=EXECUTED, language=FEEL_LANGUAGES, evaluatesToTypeRef=KEPT
)
ASSOCIATIONS = inside("bpmn:dataInputAssociation", "bpmn:dataOutputAssociation", "bpmn:property")
WHOLE = ElementRule(is_kept_whole=True)
