"""Call activities: another process, run as part of this case and seeing only what it is given."""

from __future__ import annotations

from dataclasses import dataclass

from app.engine.elements.activity import ActivityHead, Mapped
from app.engine.elements.flow_node import FlowNode
from app.engine.elements.subprocess import SubProcess
from app.engine.scopes import Scope, ScopeSpec
from app.i18n import N_


@dataclass(frozen=True, slots=True)
class Passed:
    """Which variables cross the border of a call: all of them, or those mapped."""

    is_all: bool = False
    mapped: tuple[Mapped, ...] = ()


class CallActivity(SubProcess):
    """Calls a process by its key (BPMN 2.0.2, 13.3.4); nothing is passed that is not said."""

    element_type = "callActivity"
    own_kind = "called"

    def __init__(
        self, level: ScopeSpec, head: ActivityHead, called: str, passed_in: Passed, passed_out: Passed
    ) -> None:
        super().__init__(level, head, level)
        self.called = called
        self.passed_in = passed_in
        self.passed_out = passed_out

    def takes_over(self, other: FlowNode) -> bool:
        return super().takes_over(other) and isinstance(other, CallActivity) and self.called == other.called

    def why_not_opened(self) -> str | None:
        return N_("“%(element)s” calls another process, into which no token can be put.")

    def own_level(self, scope: Scope) -> ScopeSpec:
        spec = scope.runtime.process_level(self.called)
        if spec is None:
            raise self.failure(
                "call", N_("“%(element)s” calls the process “%(process)s”, which is not deployed."), process=self.called
            )
        return spec

    def map_inputs(self, scope: Scope, own: Scope) -> None:
        outside, context = scope.visible, own.runtime.context
        if self.passed_in.is_all:
            for name, value in outside.items():
                own.set_local(name, value)
        for mapped in self.passed_in.mapped:
            own.set_local(mapped.name, mapped.source.evaluate(outside, context))

    def map_outputs(self, scope: Scope, own: Scope) -> None:
        if self.passed_out.is_all:
            scope.set_variables(own.variables)
        for mapped in self.passed_out.mapped:
            scope.set_variable(mapped.name, mapped.source.evaluate(own.visible, own.runtime.context))
