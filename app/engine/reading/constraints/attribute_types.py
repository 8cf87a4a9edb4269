"""Attributes whose values have a type: booleans, whole numbers, and words of a list."""

from __future__ import annotations

from collections.abc import Mapping

from app.engine.reading.diagram import Diagram
from app.engine.reading.xml_names import Element, short, tag
from app.i18n import N_

_BOOLEANS = frozenset(
    {
        "camunda:asyncAfter",
        "camunda:asyncBefore",
        "camunda:exclusive",
        "camunda:isStartableInTasklist",
        "cancelActivity",
        "cancelRemainingInstances",
        "instantiate",
        "isClosed",
        "isCollection",
        "isExecutable",
        "isForCompensation",
        "isImmediate",
        "isInterrupting",
        "isSequential",
        "isUnlimited",
        "local",
        "parallelMultiple",
        "testBefore",
        "triggeredByEvent",
        "waitForCompletion",
    }
)
# attribute -> the least value
_WHOLE_NUMBERS: Mapping[str, int] = {
    "capacity": 0,
    "completionQuantity": 1,
    "loopMaximum": 0,
    "startQuantity": 1,
}
_WORDS: Mapping[str, tuple[str, ...]] = {
    "associationDirection": ("None", "One", "Both"),
    "behavior": ("None", "One", "All", "Complex"),
    "eventGatewayType": ("Exclusive", "Parallel"),
    "gatewayDirection": ("Unspecified", "Converging", "Diverging", "Mixed"),
    "itemKind": ("Information", "Physical"),
    "ordering": ("Parallel", "Sequential"),
    "processType": ("None", "Public", "Private"),
}


def check_attribute_types(diagram: Diagram) -> None:
    """Compare values with the types the schema of BPMN 2.0.2 gives them."""
    for element in diagram.elements():
        if tag(element).startswith("bpmn:") or tag(element) in {"camunda:in", "camunda:out"}:
            for raw, value in element.attrib.items():
                _check(diagram, element, short(str(raw)), str(value).strip())


def _check(diagram: Diagram, element: Element, name: str, value: str) -> None:
    if name in _BOOLEANS:
        allowed = ("true", "false", "1", "0")
        if value not in allowed:
            _refuse(diagram, element, name, value, allowed[:2])
    elif name in _WORDS:
        if value not in _WORDS[name]:
            _refuse(diagram, element, name, value, _WORDS[name])
    elif name in _WHOLE_NUMBERS and not (
        value.isascii() and value.isdigit() and len(value) < 10 and int(value) >= _WHOLE_NUMBERS[name]
    ):
        msgid = N_("%(name)s is a whole number from %(least)s on, not “%(value)s”.")
        diagram.refuse(element, "attribute_type", msgid, name=name, least=_WHOLE_NUMBERS[name], value=value)


def _refuse(diagram: Diagram, element: Element, name: str, value: str, allowed: tuple[str, ...]) -> None:
    msgid = N_("%(name)s can be %(allowed)s, not “%(value)s”.")
    diagram.refuse(element, "attribute_type", msgid, name=name, allowed=", ".join(allowed), value=value)
