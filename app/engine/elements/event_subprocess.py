"""Event subprocesses: what a scope does when something happens while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from app.engine.elements.activity import ActivityHead
from app.engine.elements.awaiting import Awaiting
from app.engine.elements.flow_node import FlowNode, NodeHead
from app.engine.elements.subprocess import SubProcess
from app.engine.events.caught import is_awaited
from app.engine.scopes import Scope, ScopeSpec
from app.engine.spiff import SpiffTask
from app.i18n import N_

_BEGINS_BY_ITSELF = N_("“%(element)s” begins when its event happens: it cannot be started by hand.")


class EventSubProcess(SubProcess):
    """Started by its start event, as often as that happens; an interrupting one takes the place of everything else in
    its scope and is the last thing to happen there (BPMN 2.0.2, 10.3.5 and 13.5.4).

    start_head, definitions: of its one start event.
    """

    is_event_subprocess = True

    def __init__(
        self,
        level: ScopeSpec,
        head: ActivityHead,
        inner: ScopeSpec,
        *,
        start_head: NodeHead,
        definitions: tuple[object, ...],
        is_interrupting: bool,
        is_parallel: bool,
    ) -> None:
        super().__init__(level, head, inner)
        self.definitions = definitions
        self.is_interrupting = is_interrupting
        self.listener = Listener(level, start_head, self, is_parallel=is_parallel)

    def why_not_before(self) -> str | None:
        return _BEGINS_BY_ITSELF

    def why_not_opened(self) -> str | None:
        return _BEGINS_BY_ITSELF

    def is_interrupting_now(self, scope: Scope) -> bool:
        """Whether it has taken the place of everything else in this scope."""
        return self.is_interrupting and any(spiff_task.task_spec is self for spiff_task in scope.tasks.values())

    def listen(self, scope: Scope) -> None:
        """The scope around begins."""
        self.listener.listen(scope)

    def catch(self, scope: Scope, payload: Mapping[str, object]) -> None:
        """What was thrown inside the scope arrives."""
        if self.is_interrupting:
            scope.interrupt()
        self._receive(self.enter(scope), payload)

    def follow(self, scope: Scope, payload: Mapping[str, object] | None) -> None:
        """Its start event has happened already: go on behind it. payload: for data outputs of that event."""
        spiff_task = self.enter(scope, started="1")
        if payload is not None:
            self._receive(spiff_task, payload)

    def _receive(self, my_task: SpiffTask, payload: Mapping[str, object]) -> None:
        """Without data outputs it becomes variables around, with them also data that is drawn inside can be written."""
        scope = my_task.workflow if self.listener.receives is None else self.working_scope(my_task)
        self.listener.received(scope, my_task.id, payload)

    def _run_hook(self, my_task: SpiffTask) -> bool | None:
        if "started" not in my_task.kept_data:
            return super()._run_hook(my_task)
        own = self.working_scope(my_task)
        self.runtime(my_task).note(my_task, "active")
        own.listen()
        for node in self.inner.start_nodes:
            if node.after is not None:
                node.after.hold_after(own, self.runtime(my_task).identifiers.next(), node.chosen_flows(own))
            else:
                node.send_on(own)
        own.end_if_empty()
        return None


class Listener(Awaiting):
    """The start event of an event subprocess, seen from the scope in which it waits."""

    element_type = "startEvent"
    is_listener: ClassVar[bool] = True

    def __init__(self, level: ScopeSpec, head: NodeHead, handler: EventSubProcess, *, is_parallel: bool) -> None:
        super().__init__(level, head)
        self.handler = handler
        self.definitions = handler.definitions
        self.awaited = tuple(event for event in handler.definitions if is_awaited(event))
        self.is_parallel = is_parallel
        for start in handler.inner.start_nodes:  # the same event, seen from inside
            self.retry = start.retry

    def why_not_before(self) -> str | None:
        return _BEGINS_BY_ITSELF

    def why_not_after(self) -> str | None:
        return _BEGINS_BY_ITSELF

    def why_not_withdrawn(self, my_task: SpiffTask) -> str | None:
        del my_task
        return N_("“%(element)s” waits as long as what is around it runs.")

    def follows(self, leader: FlowNode | None) -> bool:
        return leader is None

    def listen(self, scope: Scope) -> None:
        self.await_all(scope, scope.id, {})

    def take(self, my_task: SpiffTask, payload: Mapping[str, object]) -> None:
        if self.receives is None:
            super().take(my_task, payload)
        else:
            self._disarm(my_task)
            self._begin(my_task, payload)

    def arm(self, my_task: SpiffTask) -> None:
        my_task.workflow.add_listener(my_task)
        super().arm(my_task)

    def happened(self, my_task: SpiffTask) -> None:
        self._begin(my_task, None)

    def _begin(self, my_task: SpiffTask, payload: Mapping[str, object] | None) -> None:
        scope: Scope = my_task.workflow
        scope.runtime.note(my_task, "done")
        scope.leave(my_task)
        if self.handler.is_interrupting:
            scope.interrupt()
        else:
            self.wait_again(my_task, {})
        self.handler.follow(scope, payload)
