"""Receive tasks: wait for a message."""

from __future__ import annotations

from app.engine.elements.activity import Activity, ActivityHead
from app.engine.elements.waiting import Waiting
from app.engine.events.message import MessageEvent
from app.engine.scopes import ScopeSpec


class ReceiveTask(Waiting, Activity):
    """Goes on when its message has come (BPMN 2.0.2, 13.3.3)."""

    element_type = "receiveTask"

    def __init__(
        self, level: ScopeSpec, head: ActivityHead, event: MessageEvent, *, is_instantiating: bool = False
    ) -> None:
        super().__init__(level, head)
        self.is_instantiating = is_instantiating
        self.definitions = self.awaited = (event,)
