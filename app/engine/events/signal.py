"""Signals: heard by everything that waits for them, in this case and in others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.engine.events.subscribed import Subscribed
from app.engine.expressions import Value
from app.engine.outcome import ThrownSignal
from app.engine.scopes import Scope

if TYPE_CHECKING:
    from app.engine.elements.flow_node import FlowNode


@dataclass(frozen=True, slots=True)
class SignalEvent(Subscribed):
    """A signal by name, thrown or waited for (BPMN 2.0.2, 10.5.5). sends_all: the payload begins with all variables
    the thrower sees.
    """

    subscription_kind = "signal"
    name: str
    payload: tuple[tuple[str, Value], ...] = ()
    sends_all: bool = False

    def throw(self, node: FlowNode, scope: Scope, activity_id: str) -> None:
        """Everything in this case that waits hears it at once; the outcome carries it to the others."""
        visible, context = scope.visible, scope.runtime.context
        payload = dict(visible) if self.sends_all else {}
        payload |= node.sent(scope)
        payload |= {name: source.evaluate(visible, context) for name, source in self.payload}
        scope.runtime.journal.signals.append(ThrownSignal(activity_id, node.element_id, self.name, payload))
        for spiff_task, listening, event in scope.runtime.waiting():
            if isinstance(event, SignalEvent) and event.name == self.name:
                listening.take(spiff_task, payload)
