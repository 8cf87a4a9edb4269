"""Nodes that wait for events: each of their tokens waits for one event definition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.engine.elements.flow_node import FlowNode
from app.engine.scopes import Scope
from app.engine.spiff import SpiffTask

if TYPE_CHECKING:
    from app.engine.events.caught import CaughtEvent

_Again = dict[str, object] | None


class Awaiting(FlowNode):
    """Has one event definition or several (BPMN 2.0.2, 10.5.5).

    awaited: what can be waited for; a token remembers which of them as `part` (the first when it says nothing), and
    tokens that wait for parts of the same event share a `group`. is_parallel: all parts must happen, not just one.
    """

    awaited: tuple[CaughtEvent, ...] = ()
    is_parallel: bool = False

    def awaited_by(self, my_task: SpiffTask) -> CaughtEvent:
        part: int = my_task.kept_data.get("part", 0)
        return self.awaited[part]

    def await_all(self, scope: Scope, group: str, internal: dict[str, object]) -> None:
        """Begin to wait for each part, with a token for each."""
        for part in range(len(self.awaited)):
            more: dict[str, object] = {"part": part, "group": group} if len(self.awaited) > 1 else {}
            self.await_one(scope, {**internal, **more})

    def await_one(self, scope: Scope, internal: dict[str, object]) -> SpiffTask:
        spiff_task = scope.runtime.new_token(scope, self)
        spiff_task.internal_data.update(internal)
        self.arm(spiff_task)
        return spiff_task

    def arm(self, my_task: SpiffTask) -> None:
        """Begin to wait with this token."""
        scope: Scope = my_task.workflow
        my_task.make_waiting()
        scope.runtime.note(my_task, "active")
        self.awaited_by(my_task).arm(self, scope, my_task)

    def fire(self, my_task: SpiffTask) -> None:
        """What this token waited for has happened."""
        self._disarm(my_task)
        others = self.siblings(my_task) if self.is_parallel else []
        if others:
            over = self._over(my_task)
            for spiff_task in others:
                spiff_task.internal_data["over"] = over
            self.runtime(my_task).note(my_task, "done")
            my_task.workflow.leave(my_task)
        else:
            self.happened(my_task)

    def take(self, my_task: SpiffTask, payload: Mapping[str, object]) -> None:
        """What this token waited for has happened, and brings something along."""
        self.received(my_task.workflow, my_task.id, payload)
        self.fire(my_task)

    def happened(self, my_task: SpiffTask) -> None:
        """The event as a whole has happened, with this token's part as the last."""
        raise NotImplementedError

    def wait_again(self, my_task: SpiffTask, internal: dict[str, object]) -> None:
        """Wait once more for the part that has happened or, where all must happen, for each.

        Not where one of them happens only once.
        """
        over = dict(self._over(my_task))
        if None in over.values():
            return
        # States of older versions do not tell what the parts remember that have happened before this one.
        for part in range(len(self.awaited)) if self.is_parallel else over:
            of_part = {"part": part, "group": my_task.kept_data["group"]} if len(self.awaited) > 1 else {}
            self.await_one(my_task.workflow, {**of_part, **(over.get(part) or {}), **internal})

    def _over(self, my_task: SpiffTask) -> list[tuple[int, _Again]]:
        """The parts that have happened since all were waited for, this one last, with what each remembers next time."""
        before = my_task.kept_data.get("over", ()) if self.is_parallel else ()
        return [*before, (my_task.kept_data.get("part", 0), self.awaited_by(my_task).again(my_task))]

    def siblings(self, my_task: SpiffTask) -> list[SpiffTask]:
        """The other tokens of the same event that still wait."""
        group = my_task.kept_data.get("group")
        if group is None:
            return []
        scope: Scope = my_task.workflow
        return [
            spiff_task
            for spiff_task in (*scope.tasks.values(), *scope.listeners.values())
            if spiff_task.task_spec is self
            and spiff_task.is_waiting
            and spiff_task is not my_task
            and spiff_task.kept_data.get("group") == group
        ]

    def _disarm(self, my_task: SpiffTask) -> None:
        my_task.internal_data["fired"] = True
        self.awaited_by(my_task).disarm(self, my_task.workflow, my_task)

    def _on_cancel(self, my_task: SpiffTask) -> None:
        if not my_task.kept_data.get("fired"):
            self._disarm(my_task)
        super()._on_cancel(my_task)
