"""Receive tasks: wait for a message."""

from __future__ import annotations

from collections.abc import Mapping

from app.engine.elements.activity import Activity, ActivityHead
from app.engine.elements.waiting import Waiting
from app.engine.events.message import MessageEvent
from app.engine.scopes import Scope, ScopeSpec


class ReceiveTask(Waiting, Activity):
    """Goes on when its message has come (BPMN 2.0.2, 13.3.3)."""

    element_type = "receiveTask"

    def __init__(
        self, level: ScopeSpec, head: ActivityHead, event: MessageEvent, *, is_instantiating: bool = False
    ) -> None:
        super().__init__(level, head)
        self.is_instantiating = is_instantiating
        self.definitions = self.awaited = (event,)

    def take_start(self, scope: Scope, payload: Mapping[str, object]) -> Mapping[str, object]:
        """Its data outputs are variables of its own scope, which is not there yet."""
        return super().take_start(scope, payload) if self.data is None else payload

    def received(self, scope: Scope, activity_id: str, payload: Mapping[str, object]) -> None:
        """Into its own scope, where it has one: its data outputs are variables there, and what is mapped is read."""
        own = scope.runtime.scope_owned_by(scope.runtime.tokens[activity_id]) or scope
        outputs = self.data.outputs if self.data is not None else ()
        if len(outputs) == len(payload) == 1:  # whatever the sender calls it
            own.set_local(outputs[0].name, next(iter(payload.values())))
        else:
            own.set_variables(payload)
