"""Complex gateways: a condition says when enough tokens have come; the late ones cause a reset."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from app.engine.elements.awaited_paths import AwaitingPaths
from app.engine.elements.flow_node import NodeHead
from app.engine.expressions import FeelText
from app.engine.flows import SequenceFlow
from app.engine.scopes import Scope, ScopeSpec
from app.engine.spiff import SpiffTask
from app.engine.variables import VisibleVariables


class ComplexGateway(AwaitingPaths):
    """Waits for start, then for reset (BPMN 2.0.2, 13.4.5).

    Its token counts the tokens on each incoming flow: `tokens`; while it waits for reset it knows the flows it has
    `consumed` a token of. All conditions see `waitingForStart`, `activationCount` (tokens on all incoming flows) and
    `activationCounts` (a context: those on each, by the flow's id). A flow without a condition is taken at the start
    only, so that the common partial join goes on once. With one incoming flow there is nothing to reset.
    """

    element_type = "complexGateway"
    is_join = True

    def __init__(self, level: ScopeSpec, head: NodeHead, activation: FeelText | None) -> None:
        super().__init__(level, head)
        self.activation = activation

    def arrive(self, scope: Scope, flow: SequenceFlow) -> None:
        spiff_task = next((token for token in scope.tasks.values() if token.task_spec is self), None)
        if spiff_task is None:
            spiff_task = self._wait(scope, {})
        tokens: dict[str, int] = spiff_task.internal_data["tokens"]
        tokens[flow.id] = tokens.get(flow.id, 0) + 1
        self._start_if_enough(spiff_task)

    def enter(self, scope: Scope, **internal: str) -> SpiffTask:
        """Let in a token that somebody puts here: it is enough."""
        spiff_task = self._wait(scope, {flow.id: 1 for flow in self.incoming[:1]})
        spiff_task.internal_data.update(internal)
        spiff_task.make_ready()
        return spiff_task

    def _wait(self, scope: Scope, tokens: dict[str, int], consumed: list[str] | None = None) -> SpiffTask:
        spiff_task = scope.runtime.new_token(scope, self)
        spiff_task.internal_data["tokens"] = tokens
        if consumed is not None:
            spiff_task.internal_data["consumed"] = consumed
        spiff_task.make_waiting()
        scope.runtime.note(spiff_task, "active")
        return spiff_task

    def _start_if_enough(self, my_task: SpiffTask) -> None:
        if my_task.is_waiting and "consumed" not in my_task.kept_data and self._is_enough(my_task):
            my_task.make_ready()

    def can_go_on(self, my_task: SpiffTask) -> bool:
        consumed: list[str] | None = my_task.kept_data.get("consumed")
        if consumed is None:
            return self._is_enough(my_task)
        return not self.is_more_expected(my_task.workflow, {*consumed, *my_task.kept_data["tokens"]})

    def _is_enough(self, my_task: SpiffTask) -> bool:
        if self.activation is None:
            return True
        scope: Scope = my_task.workflow
        visible = self._visible(scope, my_task.kept_data["tokens"], is_start=True)
        return self.activation.evaluate_boolean(visible, scope.runtime.context)

    def _visible(self, scope: Scope, tokens: Mapping[str, int], *, is_start: bool) -> Mapping[str, object]:
        state: dict[str, object] = {
            "waitingForStart": is_start,
            "activationCount": Decimal(sum(tokens.values())),
            "activationCounts": {flow.id: Decimal(tokens.get(flow.id, 0)) for flow in self.incoming},
        }
        return VisibleVariables(state, scope.visible)

    def _on_complete_hook(self, my_task: SpiffTask) -> None:
        """The gateway starts, or resets: tokens are consumed, others sent on, and it waits for what comes next."""
        scope: Scope = my_task.workflow
        consumed: list[str] | None = my_task.kept_data.get("consumed")
        tokens: dict[str, int] = my_task.kept_data["tokens"]
        flows = self._flows_taken(scope, tokens, is_start=consumed is None)
        taken = [flow_id for flow_id in tokens if consumed is None or flow_id not in consumed]
        left = {flow_id: number - (flow_id in taken) for flow_id, number in tokens.items()}
        left = {flow_id: number for flow_id, number in left.items() if number}
        scope.runtime.note(my_task, "done")
        scope.leave(my_task)
        if consumed is None and len(self.incoming) > 1:
            self._wait(scope, left, taken)
        elif left:
            self._start_if_enough(self._wait(scope, left))
        for flow in flows:
            scope.take(flow)
        scope.end_if_empty()

    def chosen_flows(self, scope: Scope) -> list[SequenceFlow]:
        """Those of a token that somebody puts behind the gateway."""
        return self._flows_taken(scope, {}, is_start=True)

    def _flows_taken(self, scope: Scope, tokens: Mapping[str, int], *, is_start: bool) -> list[SequenceFlow]:
        visible, context = self._visible(scope, tokens, is_start=is_start), scope.runtime.context
        chosen = [
            flow
            for flow in self.outgoing
            if flow is not self.default
            and (is_start if flow.condition is None else flow.condition.evaluate_boolean(visible, context))
        ]
        if not chosen and self.default is not None:
            return [self.default]
        if not chosen and is_start:
            raise self.no_flow_taken()
        return chosen
