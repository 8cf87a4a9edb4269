"""Every node can be reached, and every way goes on (BPMN 2.0.2, 10.5.2 and 10.5.3)."""

from __future__ import annotations

from app.engine.reading.constraints.drawn_level import (
    DrawnLevel,
    has_definition,
    is_compensation,
    is_event_subprocess,
    levels,
)
from app.engine.reading.diagram import Diagram, attribute, is_true
from app.engine.reading.xml_names import Element, tag
from app.i18n import N_

_INSTANTIATING = frozenset({"bpmn:eventBasedGateway", "bpmn:receiveTask"})


def check_reachability(diagram: Diagram) -> None:
    """Check all levels but those whose activities are begun one by one."""
    for level in levels(diagram):
        if tag(level.element) != "bpmn:adHocSubProcess":
            _check_level(diagram, level)


def _check_level(diagram: Diagram, level: DrawnLevel) -> None:
    starts = level.of("bpmn:startEvent")
    loose = [node for node in level.nodes.values() if not level.flows_into(node) and not _needs_no_way_in(node)]
    begins = starts or loose or _instantiating(level)
    if not begins:
        diagram.refuse(level.element, "no_start", N_("There is no start event. Draw one."))
        return
    if starts:
        for node in loose:
            diagram.refuse(node, "unreachable", N_("No sequence flow leads here. Connect it, or delete it."))
    aside = [node for node in level.nodes.values() if _needs_no_way_in(node) and tag(node) != "bpmn:boundaryEvent"]
    reached = _reached(level, [*begins, *aside, *loose])
    for identifier, node in level.nodes.items():
        if identifier not in reached and not level.flows_into(node) and tag(node) == "bpmn:boundaryEvent":
            continue  # its activity is told
        if identifier not in reached:
            msgid = N_("No way leads here from where the process begins. Connect it, or delete it.")
            diagram.refuse(node, "unreachable", msgid)
    _check_dead_ends(diagram, level)


def _needs_no_way_in(node: Element) -> bool:
    """Nodes that begin by something else than a sequence flow."""
    name = tag(node)
    return (
        name in {"bpmn:startEvent", "bpmn:boundaryEvent"}
        or (name in _INSTANTIATING and is_true(node, "instantiate"))
        or (name == "bpmn:intermediateCatchEvent" and has_definition(node, "link"))
        or is_event_subprocess(node)
        or is_compensation(node)
    )


def _instantiating(level: DrawnLevel) -> list[Element]:
    return [node for node in level.of(*_INSTANTIATING) if is_true(node, "instantiate")]


def _reached(level: DrawnLevel, begins: list[Element]) -> set[str]:
    """Ids of the nodes a token can come to, by flows and by events on the boundary of what it came to."""
    boundary: dict[str, list[Element]] = {}
    for node in level.of("bpmn:boundaryEvent"):
        boundary.setdefault(attribute(node, "attachedToRef") or "", []).append(node)
    found: set[str] = set()
    pending = [node.get("id") or "" for node in begins]
    while pending:
        identifier = pending.pop()
        if identifier in found:
            continue
        found.add(identifier)
        pending += [attribute(flow, "targetRef") or "" for flow in level.outgoing.get(identifier, ())]
        pending += [event.get("id") or "" for event in boundary.get(identifier, ())]
    return found


def _check_dead_ends(diagram: Diagram, level: DrawnLevel) -> None:
    has_end = bool(level.of("bpmn:endEvent"))
    for node in level.nodes.values():
        if level.flows_out_of(node) or _needs_no_way_out(node):
            continue
        if tag(node) == "bpmn:boundaryEvent" or has_end:
            diagram.refuse(node, "dead_end", N_("No sequence flow leaves here. Lead it to an end event."))


def _needs_no_way_out(node: Element) -> bool:
    name = tag(node)
    return (
        name == "bpmn:endEvent"
        or (name == "bpmn:boundaryEvent" and has_definition(node, "compensate"))
        or (name == "bpmn:intermediateThrowEvent" and has_definition(node, "link"))
        or is_event_subprocess(node)
        or is_compensation(node)
    )
