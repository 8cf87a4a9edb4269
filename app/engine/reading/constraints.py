"""What the standard asks of nodes and flows once they are connected; each fault is refused for its own reason."""

from __future__ import annotations

from collections.abc import Callable

from app.engine.elements.activity import Activity
from app.engine.elements.boundary_events import BoundaryEvent
from app.engine.elements.end_events import EndEvent
from app.engine.elements.event_based_gateway import EventBasedGateway
from app.engine.elements.exclusive_gateway import ExclusiveGateway
from app.engine.elements.flow_node import FlowNode
from app.engine.elements.inclusive_gateway import InclusiveGateway
from app.engine.elements.multi_instance import MultiInstanceBody
from app.engine.elements.plain_tasks import AbstractTask
from app.engine.elements.start_events import StartEvent
from app.engine.elements.waiting import Waiting
from app.engine.flows import SequenceFlow
from app.i18n import N_

Refuse = Callable[[str, str, str], None]  # id of the element, code, msgid

_MAY_HAVE_CONDITIONS = (Activity, ExclusiveGateway, InclusiveGateway)


class StandIn(AbstractTask):
    """In the place of an element that was refused, so that what is connected to it is not blamed as well."""


def check_level(nodes: dict[str, FlowNode], flows: dict[str, SequenceFlow], refuse: Refuse) -> None:
    """Check the nodes and flows of one level; `refuse` is told every fault."""
    for node in nodes.values():
        if not isinstance(node, StandIn):
            _check_ends(node, nodes, refuse)
        if isinstance(node, ExclusiveGateway):
            _check_exclusive(node, refuse)
        if isinstance(node, EventBasedGateway):
            _check_event_based(node, nodes, refuse)
    for flow in flows.values():
        _check_condition(flow, nodes[flow.source], refuse)


def check_direction(node: FlowNode, direction: str, refuse: Refuse) -> None:
    """A gateway's declared direction must be what is drawn (BPMN 2.0.2, 10.6.1)."""
    joins, splits = len(node.incoming) > 1, len(node.outgoing) > 1
    expected = {"Converging": (True, False), "Diverging": (False, True), "Mixed": (True, True)}.get(direction)
    if expected not in {None, (joins, splits)}:
        msgid = N_("The flows of this gateway do not fit its gatewayDirection. Remove the attribute.")
        refuse(node.element_id, "gateway_direction", msgid)


def _check_ends(node: FlowNode, nodes: dict[str, FlowNode], refuse: Refuse) -> None:
    """Where flows must and must not lead (BPMN 2.0.2, 10.5.2 and 10.5.3)."""
    has_start = any(isinstance(other, StartEvent) for other in nodes.values())
    has_end = any(isinstance(other, EndEvent) for other in nodes.values())
    if isinstance(node, (StartEvent, BoundaryEvent)):
        if node.incoming:
            refuse(node.element_id, "flow_into_start", N_("A sequence flow leads into this event. Remove it."))
    elif not node.incoming and has_start:
        refuse(node.element_id, "unreachable", N_("No sequence flow leads here. Connect it, or delete it."))
    if isinstance(node, EndEvent):
        if node.outgoing:
            refuse(node.element_id, "flow_out_of_end", N_("A sequence flow leaves this end event. Remove it."))
    elif not node.outgoing and has_end:
        refuse(node.element_id, "dead_end", N_("No sequence flow leaves here. Lead it to an end event."))


def _check_exclusive(node: FlowNode, refuse: Refuse) -> None:
    if len(node.outgoing) < 2:
        return
    for flow in node.outgoing:
        if flow.condition is None and flow is not node.default:
            msgid = N_("It leaves an exclusive gateway without a condition. Write one, or make it the default flow.")
            refuse(flow.id, "no_condition", msgid)


def _check_event_based(node: FlowNode, nodes: dict[str, FlowNode], refuse: Refuse) -> None:
    """BPMN 2.0.2, 10.6.6."""
    if len(node.outgoing) < 2:
        refuse(node.element_id, "event_gateway", N_("An event-based gateway needs at least two ways out."))
    for flow in node.outgoing:
        target = nodes[flow.target]
        if isinstance(target, StandIn):
            continue
        if not isinstance(target, Waiting) or isinstance(target, MultiInstanceBody):
            msgid = N_("An event-based gateway leads only to catch events and receive tasks.")
            refuse(flow.id, "event_gateway", msgid)
        elif len(target.incoming) > 1:
            msgid = N_("An event behind an event-based gateway has no other incoming flow.")
            refuse(target.element_id, "event_gateway", msgid)
        elif isinstance(target, Activity) and target.boundary_events:
            msgid = N_("A receive task behind an event-based gateway has no boundary events.")
            refuse(target.element_id, "event_gateway", msgid)


def _check_condition(flow: SequenceFlow, source: FlowNode, refuse: Refuse) -> None:
    if flow.condition is None:
        return
    if not isinstance(source, _MAY_HAVE_CONDITIONS):
        msgid = N_("Only flows out of activities, exclusive and inclusive gateways have conditions. Remove it.")
        refuse(flow.id, "condition_place", msgid)
    if flow is source.default:
        refuse(flow.id, "default_condition", N_("A default flow has no condition. Remove it."))
