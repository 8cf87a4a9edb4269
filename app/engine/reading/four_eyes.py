"""Four eyes: which user tasks of a process must not have the same performer (aftercare:notPerformerOf)."""

from __future__ import annotations

from collections.abc import Iterable

from app.engine.elements.flow_node import FlowNode
from app.engine.elements.user_task import UserTask
from app.engine.reading.diagram import Diagram, attribute, names_in, qualified
from app.engine.reading.xml_names import Element
from app.i18n import N_

_NAME = "aftercare:notPerformerOf"


def read_four_eyes(diagram: Diagram, process: Element, nodes: Iterable[FlowNode]) -> None:
    """Tell each user task whose performers it excludes, on both sides; unknown ids are refused by name.

    Both sides: who checked something must not do it afterwards either, or parallel and repeated steps could be done
    in the wrong order by one person. Where both lie in the same multi-instance element, each item is work of its own.
    """
    user_tasks = {node.element_id: node for node in nodes if isinstance(node, UserTask)}
    items = {element.get("id") or "": _items_around(element) for element in process.iter(qualified("bpmn:userTask"))}
    for element in process.iter(qualified("bpmn:userTask")):
        declared, identifier = attribute(element, _NAME), element.get("id") or ""
        if declared is None:
            continue
        named = names_in(declared)
        if not named:
            diagram.refuse(element, "four_eyes", N_("aftercare:notPerformerOf names no user task."))
        for other in named:
            if other not in user_tasks:
                msgid = N_("aftercare:notPerformerOf names “%(name)s”, which is no user task of this process.")
                diagram.refuse(element, "four_eyes", msgid, name=other)
            elif identifier in user_tasks:
                user_tasks[identifier].not_performer_of |= {other}
                user_tasks[other].not_performer_of |= {identifier}
                shared = next((item for item in items[identifier] if item in items[other]), None)
                if shared is not None and other != identifier:
                    user_tasks[identifier].shared_items[other] = shared
                    user_tasks[other].shared_items[identifier] = shared


def _items_around(element: Element) -> list[str]:
    """The multi-instance subprocesses that an element lies in, the innermost first."""
    return [
        around.get("id") or ""
        for around in element.iterancestors()
        if around.find(qualified("bpmn:multiInstanceLoopCharacteristics")) is not None
    ]
