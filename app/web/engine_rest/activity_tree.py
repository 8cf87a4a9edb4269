"""Where a case stands, as the tree of scopes and activities that clients know."""

from collections.abc import Sequence
from typing import Any

from app.models.case_change_queries import OpenScope

Node = dict[str, Any]


def activity_tree(case: Any, scopes: Sequence[OpenScope], activities: Sequence[Any]) -> Node:
    """The tree of a case: its scopes from the outside inwards, in each what is open directly in it."""
    root = _node(case, case.id, None, case.definition_id, case.definition_name, "processDefinition", case.id)
    nodes = {case.id: root}
    by_element = {row.element_id: row for row in activities}
    for scope in scopes:
        if scope.id not in nodes:
            inside = nodes.get(scope.parent_id or case.id, root)
            activity = by_element.get(scope.element_id)
            name, kind = (activity.element_name, activity.element_type) if activity else (None, "subProcess")
            nodes[scope.id] = _node(case, scope.id, inside["id"], scope.element_id, name, kind, scope.id)
            inside["childActivityInstances"].append(nodes[scope.id])
    shown_as_scope = {scope.element_id for scope in scopes}
    for row in activities:
        if row.element_id in shown_as_scope:
            continue
        inside = nodes.get(row.execution_id, root)
        inside["childActivityInstances"].append(
            _node(case, row.id, inside["id"], row.element_id, row.element_name, row.element_type, row.execution_id)
        )
    return root


def _node(
    case: Any, node_id: str, parent_id: str | None, element_id: str, name: str | None, kind: str, execution_id: str
) -> Node:
    return {
        "id": node_id,
        "parentActivityInstanceId": parent_id,
        "activityId": element_id,
        "activityName": name or None,
        "name": name or None,
        "activityType": kind,
        "processInstanceId": case.id,
        "processDefinitionId": case.definition_id,
        "childActivityInstances": [],
        "childTransitionInstances": [],
        "executionIds": [execution_id],
        "incidentIds": [],
        "incidents": [],
    }
