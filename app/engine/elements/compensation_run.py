"""Undoing: what an event does that throws compensation, or that cancels a transaction."""

from __future__ import annotations

from typing import TypedDict

from app import feel
from app.engine.elements.activity import Activity
from app.engine.elements.flow_node import FlowNode
from app.engine.elements.repeated_activity import RepeatedActivity
from app.engine.elements.subprocess import SubProcess
from app.engine.scopes import Scope, ScopeKind, ScopeSpec
from app.engine.spiff import SpiffTask
from app.engine.undoable import Undoable, give_back


class Frame(TypedDict):
    """What is left to undo in a scope; is_reopened: the scope was opened to undo what is inside of `node`."""

    scope: str
    node: str
    left: list[Undoable]
    is_reopened: bool


class CompensationRun(FlowNode):
    """Undoes one completed activity after the other, the last one first (BPMN 2.0.2, 13.5.5).

    An activity with a handler is undone by it, in a scope with the variables the activity had. Any other is opened
    again with them, and either its compensation event subprocess undoes it, or what was completed inside is undone in
    the same way.
    """

    def begin_undoing(self, my_task: SpiffTask, taken: list[tuple[Scope, list[Undoable]]]) -> bool:
        """Undo the last first; False while something is still to be done."""
        frames = [Frame(scope=scope.id, node="", left=records, is_reopened=False) for scope, records in taken]
        my_task.internal_data["undoing"] = frames
        return self._go_on(my_task)

    def scope_ended(self, my_task: SpiffTask, scope: Scope) -> None:
        """A handler has done its work."""
        scope.close()
        if self._go_on(my_task):
            my_task.complete()

    def _go_on(self, my_task: SpiffTask) -> bool:
        runtime = self.runtime(my_task)
        frames: list[Frame] = my_task.internal_data["undoing"]
        my_task.internal_data.pop("undone_by_event", None)
        while frames:
            frame = frames[-1]
            scope = runtime.scopes[frame["scope"]]
            if frame["left"]:
                if self._undo(my_task, scope, frame["left"].pop()):
                    return False
            else:
                frames.pop()
                if frame["is_reopened"]:
                    scope.close()
        return True

    def _undo(self, my_task: SpiffTask, around: Scope, record: Undoable) -> bool:
        """Undo one; True while a handler is at work."""
        node = around.spec.node(record["node"]) if record["node"] else None
        handler = self._handler(node, record)
        if handler is not None:
            handler.enter(self._reopened(my_task, around, around.spec, "local", record))
            return True
        level = self._level(around, node, record)
        scope = self._reopened(my_task, around, level, record["kind"], record)
        if level.compensation is not None and scope.holds_a_level and not record["is_unfinished"]:
            scope.undoable = record["inner"]  # for it to undo
            my_task.internal_data["undone_by_event"] = Frame(
                scope=scope.id, node=record["node"], left=[], is_reopened=True
            )
            level.compensation.enter(scope)
            return True
        frames: list[Frame] = my_task.internal_data["undoing"]
        frames.append(Frame(scope=scope.id, node=record["node"], left=record["inner"], is_reopened=True))
        return False

    @staticmethod
    def _reopened(my_task: SpiffTask, around: Scope, level: ScopeSpec, kind: ScopeKind, record: Undoable) -> Scope:
        """A scope with the variables that the activity had when it completed."""
        scope = around.runtime.open_scope(level, kind, my_task, parent=around)
        for name, data in record["variables"].items():
            scope.set_local(name, feel.decode(data))
        return scope

    @staticmethod
    def _level(around: Scope, node: FlowNode | None, record: Undoable) -> ScopeSpec:
        if record["process"]:
            return around.runtime.process_level(record["process"]) or around.spec
        return node.inner if isinstance(node, SubProcess) else around.spec

    @staticmethod
    def _handler(node: FlowNode | None, record: Undoable) -> Activity | None:
        if record["is_unfinished"] or not isinstance(node, Activity) or isinstance(node, RepeatedActivity):
            return None
        return node.compensation_handler

    def _on_cancel(self, my_task: SpiffTask) -> None:
        runtime = self.runtime(my_task)
        give_back(runtime, my_task)
        for scope in tuple(runtime.scopes.values()):
            if scope.owner is my_task and scope.is_open:
                scope.cancel()
        super()._on_cancel(my_task)
