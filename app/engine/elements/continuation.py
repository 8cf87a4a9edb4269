"""Asynchronous continuations: a token waits before or behind a node until a job lets it go on."""

from __future__ import annotations

from typing import Literal

from app.engine.elements.activity import Activity
from app.engine.elements.flow_node import FlowNode, NodeHead
from app.engine.flows import SequenceFlow
from app.engine.outcome import RequestedJob
from app.engine.scopes import Scope, ScopeSpec
from app.engine.spiff import SpiffTask

Place = Literal["before", "after"]


class Continuation(FlowNode):
    """Ends the transaction at a node: camunda:asyncBefore and camunda:asyncAfter of Camunda 7.

    To the outside its token is the node's own activity: it has its id before the node begins and after it is done.
    """

    def __init__(self, level: ScopeSpec, node: FlowNode, place: Place) -> None:
        head = NodeHead(node.element_id, node.element_name, node.lane, node.line)
        super().__init__(level, head, node_name=f"{node.element_id}#{place}")
        self.element_type = node.element_type  # type: ignore[misc]  # stands for the node
        self.node = node
        self.place = place

    @property
    def goes_by_flows(self) -> bool:
        """Before anything but a join it is the same by which flow the token came."""
        node = self.node
        return self.place == "after" or node.is_join or (isinstance(node, Activity) and node.gathering is not None)

    def drawn_as(self) -> FlowNode:
        return self.node

    def takes_over(self, other: FlowNode) -> bool:
        return isinstance(other, Continuation) and self.place == other.place and self.node.takes_over(other.node)

    def hold_before(self, scope: Scope, flow: SequenceFlow | None) -> None:
        """A token has come to the node, over a flow or at the beginning of the level."""
        spiff_task = scope.runtime.new_token(scope, self)
        spiff_task.internal_data["flow"] = flow.id if flow is not None else None
        self._wait(spiff_task)

    def hold_after(self, scope: Scope, activity_id: str, flows: list[SequenceFlow]) -> None:
        """The node is done, and these flows are to be taken."""
        spiff_task = scope.runtime.new_token(scope, self, activity_id)
        spiff_task.internal_data["flows"] = [flow.id for flow in flows]
        self._wait(spiff_task)

    def _wait(self, spiff_task: SpiffTask) -> None:
        runtime = self.runtime(spiff_task)
        spiff_task.make_waiting()
        runtime.note(spiff_task, "active")
        runtime.journal.jobs.append(
            RequestedJob(
                spiff_task.id,
                self.element_id,
                connector=None,
                topic=None,
                inputs={},
                is_continuation=True,
                **self.node.retry.for_job(),
            )
        )

    def go_on(self, my_task: SpiffTask) -> None:
        """The job lets the token go on."""
        scope: Scope = my_task.workflow
        scope.leave(my_task)
        if self.place == "before":
            self._begin(scope, my_task)
            return
        scope.runtime.note(my_task, "done")
        flows = [scope.spec.flows[flow_id] for flow_id in my_task.kept_data["flows"]]
        for flow in flows or self.node.chosen_flows(scope):  # nothing followed in the version it was done in
            scope.take(flow)
        scope.end_if_empty()

    def _begin(self, scope: Scope, my_task: SpiffTask) -> None:
        """The node's token takes over the id; at a join there may be a token already that this one goes into."""
        flow_id = my_task.kept_data["flow"]
        scope.runtime.next_token_id = my_task.id
        if flow_id is None:
            self.node.enter(scope)
        else:
            self.node.arrive(scope, scope.spec.flows[flow_id])
        if scope.runtime.next_token_id is not None:
            scope.runtime.next_token_id = None
            scope.runtime.note(my_task, "done")
