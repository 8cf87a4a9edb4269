"""BPMN's kinds of elements as people call them."""

from app.i18n import N_
from app.web.texts import gettext

KINDS = {
    "adHocSubProcess": N_("ad-hoc subprocess"),
    "boundaryEvent": N_("boundary event"),
    "businessRuleTask": N_("decision"),
    "callActivity": N_("called process"),
    "complexGateway": N_("complex gateway"),
    "endEvent": N_("end"),
    "eventBasedGateway": N_("event gateway"),
    "exclusiveGateway": N_("exclusive gateway"),
    "inclusiveGateway": N_("inclusive gateway"),
    "intermediateCatchEvent": N_("event waited for"),
    "intermediateThrowEvent": N_("event"),
    "manualTask": N_("manual task"),
    "parallelGateway": N_("parallel gateway"),
    "receiveTask": N_("message waited for"),
    "scriptTask": N_("calculation"),
    "sendTask": N_("message sent"),
    "serviceTask": N_("work of the system"),
    "startEvent": N_("start"),
    "subProcess": N_("subprocess"),
    "task": N_("step"),
    "transaction": N_("transaction"),
    "userTask": N_("user task"),
}


def kind_name(element_type: str) -> str:
    """The kind of an element in the reader's language."""
    return gettext(KINDS[element_type]) if element_type in KINDS else element_type
