"""Lanes: which part of the house a flow node belongs to."""

from __future__ import annotations

from app.engine.reading.diagram import child, children, local_id, text_of
from app.engine.reading.xml_names import Element


def lanes_of(element: Element) -> dict[str, str]:
    """Flow node id -> id of its innermost lane."""
    found: dict[str, str] = {}
    lane_sets = children(element, "bpmn:laneSet")
    while lane_sets:
        lane_set = lane_sets.pop(0)
        for lane in children(lane_set, "bpmn:lane"):
            for reference in children(lane, "bpmn:flowNodeRef"):
                found[local_id(text_of(reference))] = lane.get("id") or ""
            inner = child(lane, "bpmn:childLaneSet")
            if inner is not None:
                lane_sets.append(inner)
    return found
