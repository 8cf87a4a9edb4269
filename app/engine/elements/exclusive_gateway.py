"""Exclusive gateways: the first flow whose condition holds."""

from __future__ import annotations

from app.engine.elements.flow_node import FlowNode
from app.engine.flows import SequenceFlow
from app.engine.scopes import Scope


class ExclusiveGateway(FlowNode):
    """One way out, asked for in the order of the diagram (BPMN 2.0.2, 13.4.2); tokens coming in are not joined."""

    element_type = "exclusiveGateway"

    def chosen_flows(self, scope: Scope) -> list[SequenceFlow]:
        if len(self.outgoing) == 1 and self.outgoing[0].condition is None:
            return [self.outgoing[0]]
        visible, context = scope.visible, scope.runtime.context
        for flow in self.outgoing:
            if (
                flow.condition is not None
                and flow is not self.default
                and flow.condition.evaluate_boolean(visible, context)
            ):
                return [flow]
        if self.default is None:
            raise self.no_flow_taken()
        return [self.default]
