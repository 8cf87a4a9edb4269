"""Messages between cases, correlated by a key or else by the business key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.engine.events.subscribed import Subscribed
from app.engine.expressions import TextOrFeel, Value
from app.engine.outcome import ThrownMessage
from app.engine.scopes import Scope
from app.engine.spiff import SpiffTask
from app.i18n import N_

if TYPE_CHECKING:
    from app.engine.elements.flow_node import FlowNode

MAX_KEY_LENGTH = 200


def correlation_text(wanted: TextOrFeel | None, node: FlowNode, scope: Scope) -> str | None:
    """The key, which must be a text; without an expression the business key."""
    if wanted is None:
        return scope.runtime.business_key
    value = wanted.evaluate(scope.visible, scope.runtime.context)
    if isinstance(value, str) and len(value) <= MAX_KEY_LENGTH:
        return value
    raise node.failure("correlation", N_("The correlation key of “%(element)s” is no text of at most 200 characters."))


@dataclass(frozen=True, slots=True)
class MessageEvent(Subscribed):
    """A message by name, thrown or waited for (BPMN 2.0.2, 8.4.11 and 10.5.5)."""

    subscription_kind = "message"
    name: str
    correlation_key: TextOrFeel | None = None
    payload: tuple[tuple[str, Value], ...] = ()

    def arm(self, node: FlowNode, scope: Scope, spiff_task: SpiffTask) -> None:
        key = correlation_text(self.correlation_key, node, scope)
        spiff_task.internal_data["key"] = key
        super(MessageEvent, self).arm(node, scope, spiff_task)

    def throw(self, node: FlowNode, scope: Scope, activity_id: str) -> None:
        visible, context = scope.visible, scope.runtime.context
        payload = node.sent(scope)
        payload |= {name: source.evaluate(visible, context) for name, source in self.payload}
        key = correlation_text(self.correlation_key, node, scope)
        scope.runtime.journal.messages.append(ThrownMessage(activity_id, node.element_id, self.name, key, payload))
