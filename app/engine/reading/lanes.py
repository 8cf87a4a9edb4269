"""Lanes: which part of the house a flow node belongs to."""

from __future__ import annotations

from app.engine.reading.diagram import Diagram, child, children, text_of
from app.engine.reading.xml_names import Element
from app.i18n import N_


def lanes_of(diagram: Diagram, element: Element) -> dict[str, str]:
    """Flow node id -> id of its innermost lane."""
    nodes = {inner.get("id") for inner in element}
    found: dict[str, str] = {}
    lane_sets = children(element, "bpmn:laneSet")
    while lane_sets:
        lane_set = lane_sets.pop(0)
        for lane in children(lane_set, "bpmn:lane"):
            for reference in children(lane, "bpmn:flowNodeRef"):
                if text_of(reference) not in nodes:
                    msgid = N_("The lane names “%(id)s”, which is no flow node of the same level.")
                    diagram.refuse(reference, "lane_node", msgid, id=text_of(reference))
                found[text_of(reference)] = lane.get("id") or ""
            inner = child(lane, "bpmn:childLaneSet")
            if inner is not None:
                lane_sets.append(inner)
    return found
