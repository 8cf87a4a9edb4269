"""Gateways: as many ways in and out as they need, and what may follow them."""

from __future__ import annotations

from app.engine.reading.constraints.drawn_level import DrawnLevel, has_definition, levels
from app.engine.reading.constraints.kinds import EVENT_DEFINITIONS, GATEWAYS
from app.engine.reading.diagram import Diagram, attribute, child, children, is_true, text_of
from app.engine.reading.xml_names import Element, tag
from app.i18n import N_

_DIRECTIONS = {"Converging": (True, False), "Diverging": (False, True), "Mixed": (True, True)}
_AWAITED = ("conditional", "message", "signal", "timer")


def check_gateways(diagram: Diagram) -> None:
    """BPMN 2.0.2, 10.6."""
    for level in levels(diagram):
        for gateway in level.of(*GATEWAYS):
            _check_direction(diagram, level, gateway)
            if tag(gateway) == "bpmn:eventBasedGateway":
                _check_event_based(diagram, level, gateway)
            else:
                _check_number(diagram, level, gateway)
            if tag(gateway) == "bpmn:complexGateway":
                _check_complex(diagram, level, gateway)
            if tag(gateway) == "bpmn:exclusiveGateway":
                _check_exclusive(diagram, level, gateway)


def _check_direction(diagram: Diagram, level: DrawnLevel, gateway: Element) -> None:
    """A gateway's declared direction must be what is drawn (BPMN 2.0.2, 10.6.1)."""
    drawn = len(level.flows_into(gateway)) > 1, len(level.flows_out_of(gateway)) > 1
    if _DIRECTIONS.get(attribute(gateway, "gatewayDirection") or "", drawn) != drawn:
        msgid = N_("The flows of this gateway do not fit its gatewayDirection. Remove the attribute.")
        diagram.refuse(gateway, "gateway_direction", msgid)


def _check_number(diagram: Diagram, level: DrawnLevel, gateway: Element) -> None:
    """A gateway merges or splits (BPMN 2.0.2, 10.6.1)."""
    into, out = len(level.flows_into(gateway)), len(level.flows_out_of(gateway))
    if into == 1 and out == 1:
        msgid = N_("This gateway has one way in and one way out. Draw the missing flow, or delete the gateway.")
        diagram.refuse(gateway, "gateway_flows", msgid)


def _check_complex(diagram: Diagram, level: DrawnLevel, gateway: Element) -> None:
    """Where several flows come in, a condition says how many are enough (BPMN 2.0.2, 10.6.5)."""
    if len(level.flows_into(gateway)) > 1 and not text_of(child(gateway, "bpmn:activationCondition")):
        msgid = N_("Say when enough tokens have come: write an activationCondition such as activationCount >= 2.")
        diagram.refuse(gateway, "activation_condition", msgid)


def _check_exclusive(diagram: Diagram, level: DrawnLevel, gateway: Element) -> None:
    flows, default = level.flows_out_of(gateway), attribute(gateway, "default")
    if len(flows) < 2 or (default and default not in {flow.get("id") for flow in flows}):
        return  # a faulty default is told already
    for flow in flows:
        if child(flow, "bpmn:conditionExpression") is None and (not default or flow.get("id") != default):
            msgid = N_("It leaves an exclusive gateway without a condition. Write one, or make it the default flow.")
            diagram.refuse(flow, "no_condition", msgid)


def _check_event_based(diagram: Diagram, level: DrawnLevel, gateway: Element) -> None:
    """BPMN 2.0.2, 10.6.6."""
    if len(level.flows_out_of(gateway)) < 2:
        diagram.refuse(gateway, "event_gateway", N_("An event-based gateway needs at least two ways out."))
    if is_true(gateway, "instantiate") and level.flows_into(gateway):
        msgid = N_(
            "A gateway that starts the process has no incoming flow. Remove the flow, or the attribute instantiate."
        )
        diagram.refuse(gateway, "event_gateway", msgid)
    targets = [level.target(flow) for flow in level.flows_out_of(gateway)]
    for flow, target in zip(level.flows_out_of(gateway), targets, strict=True):
        _check_target(diagram, level, flow, target)
    if {"bpmn:receiveTask"} & set(map(tag, targets)) and any(has_definition(target, "message") for target in targets):
        msgid = N_("Behind this gateway messages are awaited by receive tasks or by events. Use one kind.")
        diagram.refuse(gateway, "event_gateway", msgid)


def _check_target(diagram: Diagram, level: DrawnLevel, flow: Element, target: Element) -> None:
    if not _is_awaited(target):
        msgid = N_("An event-based gateway leads only to catch events and receive tasks.")
        diagram.refuse(flow, "event_gateway", msgid)
    elif len(level.flows_into(target)) > 1:
        msgid = N_("An event behind an event-based gateway has no other incoming flow.")
        diagram.refuse(target, "event_gateway", msgid)
    elif attribute(target, "startQuantity") not in {None, "1"} or any(
        attribute(event, "attachedToRef") == target.get("id") for event in level.of("bpmn:boundaryEvent")
    ):
        msgid = N_("A receive task behind an event-based gateway has no boundary events and no startQuantity.")
        diagram.refuse(target, "event_gateway", msgid)


def _is_awaited(target: Element) -> bool:
    if tag(target) == "bpmn:receiveTask":
        return not children(target, "bpmn:multiInstanceLoopCharacteristics", "bpmn:standardLoopCharacteristics")
    if tag(target) != "bpmn:intermediateCatchEvent":
        return False
    drawn = [tag(entry) for entry in target if tag(entry) in EVENT_DEFINITIONS]
    return all(name in {f"bpmn:{kind}EventDefinition" for kind in _AWAITED} for name in drawn)
