"""Associations: from what to what a remark or an undoing activity belongs."""

from __future__ import annotations

from app.engine.reading.constraints.drawn_level import (
    DrawnLevel,
    has_definition,
    is_compensation,
    is_event_subprocess,
    levels,
)
from app.engine.reading.constraints.kinds import ATOMIC_TASKS, THROWING
from app.engine.reading.diagram import Diagram, attribute, children, is_true, local_id
from app.engine.reading.xml_names import Element, tag
from app.i18n import N_


def check_associations(diagram: Diagram) -> None:
    """Both ends exist (BPMN 2.0.2, 8.4.1)."""
    for association in diagram.elements("bpmn:association"):
        for name in ("sourceRef", "targetRef"):
            identifier = attribute(association, name) or ""
            if local_id(identifier) not in diagram.by_id:
                msgid = N_("%(attribute)s names “%(id)s”, which does not exist.")
                diagram.refuse(association, "unknown_reference", msgid, attribute=name, id=identifier)


def check_compensation(diagram: Diagram) -> None:
    """A compensation event leads by one association to the activity that undoes (BPMN 2.0.2, 10.7.1)."""
    associations = list(diagram.elements("bpmn:association"))
    for level in levels(diagram):
        events = [event for event in level.of("bpmn:boundaryEvent") if has_definition(event, "compensate")]
        undoing: set[str] = set()
        for event in events:
            undoing |= _check_event(diagram, level, event, associations)
        for node in level.nodes.values():
            if is_compensation(node) and (node.get("id") or "") not in undoing:
                msgid = N_("Nothing leads here. Draw an association from a compensation event to this activity.")
                diagram.refuse(node, "compensation_handler", msgid)
        for event in level.of(*THROWING):
            _check_undone(diagram, level, event)
        for event in events:
            _check_begun_by(diagram, event, attribute(event, "attachedToRef"))
        if is_event_subprocess(level.element) and (around := level.element.getparent()) is not None:
            for event in level.of("bpmn:startEvent"):
                _check_begun_by(diagram, event, around.get("id"))


def _check_undone(diagram: Diagram, level: DrawnLevel, event: Element) -> None:
    """What is undone is on the level of the event, or around the event subprocess it is in (BPMN 2.0.2, 10.5.5)."""
    for definition in children(event, "bpmn:compensateEventDefinition"):
        wanted = attribute(definition, "activityRef")
        around = level.element.getparent() if is_event_subprocess(level.element) else None
        nodes = [*level.nodes.values(), *(() if around is None else around)]
        undone = next((node for node in nodes if node.get("id") == wanted), None)
        if wanted and undone is None:
            msgid = N_("activityRef names “%(id)s”, which is no activity of the same level.")
            diagram.refuse(event, "compensation_place", msgid, id=wanted)
        elif undone is not None and tag(undone) in ATOMIC_TASKS and not _has_undoing(nodes, undone):
            msgid = N_("Nothing undoes “%(id)s”. Draw a compensation event at its boundary, or remove activityRef.")
            diagram.refuse(event, "compensation_place", msgid, id=wanted)


def _has_undoing(nodes: list[Element], undone: Element) -> bool:
    """By an event at its boundary, or what one that goes beside has led to (BPMN 2.0.2, 10.5.5)."""
    return any(
        has_definition(node, "compensate") or not is_true(node, "cancelActivity", default=True)
        for node in nodes
        if tag(node) == "bpmn:boundaryEvent" and attribute(node, "attachedToRef") == undone.get("id")
    )


def _check_begun_by(diagram: Diagram, event: Element, undone: str | None) -> None:
    """Undoing begins for the activity around or at whose boundary it stands, and for no other (BPMN 2.0.2, 10.5.5)."""
    for definition in children(event, "bpmn:compensateEventDefinition"):
        if attribute(definition, "activityRef") not in {None, "", undone}:
            msgid = N_("This event begins the undoing of “%(id)s” and of nothing else. Remove activityRef.")
            diagram.refuse(event, "compensation_place", msgid, id=undone)


def _check_event(diagram: Diagram, level: DrawnLevel, event: Element, associations: list[Element]) -> set[str]:
    """The ids of the activities it leads to; a compensation event has exactly one."""
    identifier = event.get("id")
    ends: set[str] = set()
    for association in associations:
        source, target = attribute(association, "sourceRef"), attribute(association, "targetRef")
        if source == identifier and (node := level.nodes.get(target or "")) is not None:
            ends.add(target or "")
            if not is_compensation(node):
                msgid = N_("“%(id)s” is not marked as undoing. Set isForCompensation.")
                diagram.refuse(association, "compensation_handler", msgid, id=target)
        elif target == identifier and _is_undoing(level, source):
            msgid = N_("The association leads from the compensation event to the activity. Turn it round.")
            diagram.refuse(association, "compensation_direction", msgid)
            ends.add(source or "")
    if len(ends) != 1:
        msgid = N_("A compensation event has one association, to the activity that undoes. Draw it.")
        diagram.refuse(event, "compensation_event", msgid)
    return ends


def _is_undoing(level: DrawnLevel, identifier: str | None) -> bool:
    node = level.nodes.get(identifier or "")
    return node is not None and is_compensation(node)
