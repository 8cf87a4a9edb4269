"""Call activities: another process, run as part of this case and seeing only what it is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.engine.elements.activity import ActivityHead, Mapped
from app.engine.elements.flow_node import FlowNode
from app.engine.elements.subprocess import SubProcess
from app.engine.expressions import Literal, TextOrFeel, names_in
from app.engine.scopes import Scope, ScopeSpec
from app.i18n import N_


@dataclass(frozen=True, slots=True)
class PassedVariable(Mapped):
    """One that is mapped. is_local: only the variables of the instance the call belongs to are looked at or set."""

    is_local: bool = False


@dataclass(frozen=True, slots=True)
class Passed:
    """Which variables cross the border of a call: all of them, or those of the instance only, and those mapped."""

    is_all: bool = False
    is_all_local: bool = False
    mapped: tuple[PassedVariable, ...] = ()


class CallActivity(SubProcess):
    """Calls a process or global task by its key (BPMN 2.0.2, 13.3.4); nothing is passed that is not said.

    called: the key, or FEEL that says it each time.
    """

    element_type = "callActivity"
    own_kind = "called"

    def __init__(
        self, level: ScopeSpec, head: ActivityHead, called: TextOrFeel, passed_in: Passed, passed_out: Passed
    ) -> None:
        super().__init__(level, head, level)
        self.called = called
        self.passed_in = passed_in
        self.passed_out = passed_out

    def takes_over(self, other: FlowNode) -> bool:
        return super().takes_over(other) and isinstance(other, CallActivity) and self.called_text == other.called_text

    @property
    def called_text(self) -> str:
        """The key, or the expression, as it is written."""
        return self.called.value if isinstance(self.called, Literal) else f"={self.called.text}"

    def why_not_opened(self) -> str | None:
        return N_("“%(element)s” calls another process, into which no token can be put.")

    def own_level(self, scope: Scope) -> ScopeSpec:
        key = self.called.evaluate(scope.visible, scope.runtime.context)
        if not isinstance(key, str):
            raise self.failure("call", N_("What “%(element)s” calls is not a text, the key of a process."))
        spec = scope.runtime.process_level(key)
        if spec is None:
            msgid = N_("“%(element)s” calls the process “%(process)s”, which is not deployed.")
            raise self.failure("call", msgid, process=key)
        if not spec.start_nodes:
            msgid = N_("“%(element)s” calls the process “%(process)s”, which has no none start event.")
            raise self.failure("call", msgid, process=key)
        return spec

    def map_inputs(self, scope: Scope, own: Scope) -> None:
        if self.passed_in.is_all or self.passed_in.is_all_local:
            for name, value in (scope.visible if self.passed_in.is_all else _nearest(scope)).items():
                own.set_local(name, value)
        for mapped in self.passed_in.mapped:
            own.set_local(mapped.name, self._passed(mapped, scope))

    def take_in_missing(self, scope: Scope, own: Scope) -> None:
        for mapped in self.passed_in.mapped:
            if mapped.name not in own.variables:
                own.set_local(mapped.name, self._passed(mapped, scope))

    @staticmethod
    def _passed(mapped: PassedVariable, scope: Scope) -> object:
        visible = _nearest(scope) if mapped.is_local else scope.visible
        return mapped.source.evaluate(visible, scope.runtime.context)

    def map_outputs(self, scope: Scope, own: Scope) -> None:
        self._pass_out(scope, own, self.passed_out.mapped)

    def hand_over(self, scope: Scope, own: Scope) -> None:
        """Pass out what there is when an error or escalation leaves the called process: not all need be set by then."""
        known = own.visible
        there = [one for one in self.passed_out.mapped if all(name in known for name in names_in(one.source))]
        self._pass_out(scope, own, there)

    def _pass_out(self, scope: Scope, own: Scope, parameters: Iterable[PassedVariable]) -> None:
        for name, value in own.variables.items():
            if self.passed_out.is_all:
                scope.set_what_is_no_counter(name, value)
            if self.passed_out.is_all_local and not scope.is_counter(name):
                scope.set_local(name, value)
        for mapped in parameters:
            put = scope.set_here if mapped.is_local else scope.set_variable
            put(mapped.name, mapped.source.evaluate(own.visible, own.runtime.context))


def _nearest(scope: Scope) -> Mapping[str, object]:
    """What the instance of a multi-instance call has of its own."""
    return scope.variables if scope.kind == "instance" else {}
