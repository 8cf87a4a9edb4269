"""Tying jumps to where they arrive."""

from __future__ import annotations

from collections.abc import Iterable

from app.engine.elements.flow_node import FlowNode
from app.engine.elements.link_events import LinkCatchEvent, LinkThrowEvent


def tie_links(nodes: Iterable[FlowNode]) -> None:
    """Let each throwing link of a level jump to the catching one of its name."""
    events = tuple(nodes)
    catching = {node.definitions: node for node in events if isinstance(node, LinkCatchEvent)}
    for node in events:
        target = catching.get(node.definitions) if isinstance(node, LinkThrowEvent) else None
        if target is not None and isinstance(node, LinkThrowEvent):
            node.target = target
            target.reached_from = (*target.reached_from, node.element_id)
