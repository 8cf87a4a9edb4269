"""Four eyes over a change of version: what was done stays barred from what checks it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from app.engine.changes.level_tree import LevelTree
from app.engine.changes.refusal import Reason
from app.engine.elements.flow_node import FlowNode
from app.engine.elements.repeated_activity import RepeatedActivity
from app.engine.elements.user_task import UserTask
from app.engine.parsed_process import ParsedProcess
from app.i18n import N_

_LOST = N_(
    "“%(element)s” was done, and who did it must not do “%(target)s”: the new version does not say so of a step of the"
    " same id."
)


def lost_exclusions(
    process: ParsedProcess, target: ParsedProcess, becomes: Mapping[str, str], performed: Collection[str]
) -> Iterator[Reason]:
    """Why people could check their own work: user tasks are known by their ids once they are done.

    Arguments: becomes, element ids of the process to those of the target, where they are others; performed, elements
    that were done in the case.
    """
    new_tree = LevelTree(target)
    for node in LevelTree(process).nodes():
        barred = _exclusions(node) & set(performed)
        other = new_tree.node(becomes.get(node.element_id, node.element_id)) if barred else None
        if other is None or not isinstance(_repeated(other), UserTask):
            continue
        for element_id in sorted(barred - _exclusions(other)):
            yield Reason(element_id, _LOST, {"target": other.element_id})


def _exclusions(node: FlowNode) -> frozenset[str]:
    inner = _repeated(node)
    return inner.not_performer_of if isinstance(inner, UserTask) else frozenset()


def _repeated(node: FlowNode) -> FlowNode:
    return node.inner if isinstance(node, RepeatedActivity) else node
