"""Which level of a diagram lies in which: from an element to the subprocesses around it."""

from __future__ import annotations

from collections.abc import Iterator

from app.engine.elements.flow_node import FlowNode
from app.engine.elements.subprocess import SubProcess
from app.engine.parsed_process import ParsedProcess
from app.engine.scopes import ScopeSpec


class LevelTree:
    """The levels of one process. Elements of the processes it calls are not among them."""

    def __init__(self, process: ParsedProcess) -> None:
        self.root = process.root
        self._level_of: dict[str, ScopeSpec] = {}
        self._owner_of: dict[str, FlowNode] = {}  # element id of a level -> the subprocess, or the loop around it
        for level in process.levels.values():
            for node in nodes_of(level):
                self._level_of[node.element_id] = level
                if isinstance(node, SubProcess) and node.inner is not level:
                    self._owner_of[node.inner.element_id] = level.node(node.element_id)

    def node(self, element_id: str) -> FlowNode | None:
        """The node that flows lead to; None for what is no flow node of this process."""
        level = self._level_of.get(element_id)
        return level.node(element_id) if level is not None and element_id in level.task_specs else None

    def level_of(self, element_id: str) -> ScopeSpec:
        """The level on which an element is drawn."""
        return self._level_of[element_id]

    def owner_of(self, level: ScopeSpec) -> FlowNode:
        """The subprocess that this level is the inside of."""
        return self._owner_of[level.element_id]

    def path_of(self, element_id: str) -> list[str]:
        """The subprocesses around an element, from the inside outwards."""
        path, level = [], self._level_of[element_id]
        while level is not self.root:
            owner = self._owner_of[level.element_id]
            path.append(owner.element_id)
            level = self._level_of[owner.element_id]
        return path

    def nodes(self) -> Iterator[FlowNode]:
        """All flow nodes, from the outside inwards in the order of the diagram."""
        for element_id in self._level_of:
            node = self.node(element_id)
            if node is not None:
                yield node


def nodes_of(level: ScopeSpec) -> Iterator[FlowNode]:
    """All nodes of one level, those inside loops as well."""
    for name in level.task_specs:
        yield level.node(name)
