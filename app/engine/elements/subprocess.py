"""Embedded subprocesses: a level of the diagram with a scope of its own."""

from __future__ import annotations

from typing import ClassVar

from app.engine.elements.activity import Activity, ActivityHead
from app.engine.scopes import Scope, ScopeKind, ScopeSpec
from app.engine.spiff import SpiffTask


class SubProcess(Activity):
    """Done when the last token inside has ended (BPMN 2.0.2, 13.3.4)."""

    element_type = "subProcess"
    own_kind: ClassVar[ScopeKind] = "subprocess"

    def __init__(self, level: ScopeSpec, head: ActivityHead, inner: ScopeSpec) -> None:
        super().__init__(level, head)
        self.inner = inner

    @property
    def has_own_scope(self) -> bool:
        return True

    def own_level(self, scope: Scope) -> ScopeSpec:
        del scope
        return self.inner

    def is_undone_inside(self, own: Scope) -> bool:
        return super().is_undone_inside(own) or own.spec.compensation is not None

    def why_not_opened(self) -> str | None:
        return None

    def open(self, scope: Scope) -> Scope:
        spiff_task = self.admit(scope, {})
        spiff_task.make_started()
        self.runtime(spiff_task).note(spiff_task, "active")
        own = self.working_scope(spiff_task)
        own.listen()
        return own

    def _take_in(self, scope: Scope, own: Scope) -> None:
        super()._take_in(scope, own)
        own.declare_data()

    def _run_hook(self, my_task: SpiffTask) -> bool | None:
        own = self.working_scope(my_task)
        self.runtime(my_task).note(my_task, "active")
        own.begin()
        return None
