"""Data associations: how values come into an activity or event and out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.engine.data.items import DataItem, Readable
from app.engine.expressions import FeelText
from app.engine.variables import VisibleVariables, isolated
from app.i18n import N_

if TYPE_CHECKING:
    from app.engine.elements.flow_node import FlowNode


@dataclass(frozen=True, slots=True)
class DataAssignment:
    """One bpmn:assignment: what `source` gives becomes the target, or the entry of it that `path` leads to."""

    source: FeelText
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DataAssociation:
    """Copies the one source to the target, or what the transformation makes of the sources (BPMN 2.0.2, 10.4.2).

    Assignments, where there are some, say what is written instead.
    """

    sources: tuple[DataItem, ...]
    target: DataItem
    transformation: FeelText | None = None
    assignments: tuple[DataAssignment, ...] = ()

    @property
    def is_drawn_only(self) -> bool:
        """It names no source: it says that the element writes the target, which its work does by name."""
        return not self.sources and self.transformation is None and not self.assignments

    def value(self, node: FlowNode, scope: Readable, old: object) -> object:
        """What the target becomes; `scope` is where the sources are read, `old` the target's value."""
        if self.transformation is None and not self.assignments:
            return self.sources[0].read(scope)
        visible = self._visible(scope)
        value = old
        if self.transformation is not None:
            value = self.transformation.evaluate(visible, scope.runtime.context)
        for assignment in self.assignments:
            part = assignment.source.evaluate(visible, scope.runtime.context)
            value = _with(node, value, assignment.path, part)
        return value

    def _visible(self, scope: Readable) -> Mapping[str, object]:
        return VisibleVariables({source.name: source.read(scope) for source in self.sources}, scope.visible)


def _with(node: FlowNode, value: object, path: tuple[str, ...], part: object) -> object:
    """The value with the entry at this path replaced; contexts on the way are made where there are none."""
    if not path:
        return part
    if value is not None and not isinstance(value, dict):
        msgid = N_("“%(element)s” assigns to “%(entry)s” of what is not a context.")
        raise node.failure("data", msgid, entry=path[0])
    copy = dict(isolated_context(value))
    copy[path[0]] = _with(node, copy.get(path[0]), path[1:], part)
    return copy


def isolated_context(value: dict[str, object] | None) -> dict[str, object]:
    """A copy of a context; an empty one for null."""
    copied = isolated(value)
    return copied if isinstance(copied, dict) else {}
