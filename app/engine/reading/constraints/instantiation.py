"""What starts a case without being a start event: receive tasks and event-based gateways (BPMN 2.0.2, 13.2)."""

from __future__ import annotations

from app.engine.reading.constraints.drawn_level import DrawnLevel, definitions_of, levels
from app.engine.reading.diagram import Diagram, attribute, children, is_true
from app.engine.reading.xml_names import Element, tag
from app.i18n import N_

_LOOPS = ("bpmn:multiInstanceLoopCharacteristics", "bpmn:standardLoopCharacteristics")


def check_instantiation(diagram: Diagram) -> None:
    """Check all that says instantiate, and gateways that need all their events."""
    for level in levels(diagram):
        for node in level.of("bpmn:eventBasedGateway", "bpmn:receiveTask"):
            if is_true(node, "instantiate"):
                _check_starting(diagram, level, node)
            elif attribute(node, "eventGatewayType") == "Parallel":
                msgid = N_("Only a gateway that starts the process waits for all its events. Set instantiate to true.")
                diagram.refuse(node, "instantiate", msgid)
        for node in level.of("bpmn:startEvent"):
            if is_true(node, "parallelMultiple") and len(definitions_of(node)) > 1:
                _check_transaction(diagram, node)


def _check_starting(diagram: Diagram, level: DrawnLevel, node: Element) -> None:
    if tag(level.element) != "bpmn:process":
        msgid = N_("Only on the top level of a process something starts a case. Remove instantiate.")
        diagram.refuse(node, "instantiate", msgid)
    if tag(node) == "bpmn:receiveTask" and level.flows_into(node):
        msgid = N_("A receive task that starts the process has no incoming flow. Remove the flow, or instantiate.")
        diagram.refuse(node, "instantiate", msgid)
    if children(node, *_LOOPS):
        msgid = N_("A receive task that starts the process is not repeated. Remove the marker, or instantiate.")
        diagram.refuse(node, "instantiate", msgid)
    _check_transaction(diagram, node)


def _check_transaction(diagram: Diagram, node: Element) -> None:
    if is_true(node, "camunda:asyncBefore"):
        msgid = N_("A case begins here because something happened already. Set asyncAfter instead of asyncBefore.")
        diagram.refuse(node, "instantiate", msgid)
