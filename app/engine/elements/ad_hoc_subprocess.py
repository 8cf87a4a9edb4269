"""Ad-hoc subprocesses: activities whose order nobody has drawn."""

from __future__ import annotations

from dataclasses import dataclass

from app.engine.elements.activity import ActivityHead
from app.engine.elements.flow_node import FlowNode
from app.engine.elements.subprocess import SubProcess
from app.engine.errors import ActivityNotEnabled
from app.engine.expressions import FeelText
from app.engine.scopes import Scope, ScopeSpec
from app.engine.spiff import SpiffTask
from app.i18n import N_


@dataclass(frozen=True, slots=True)
class AdHocRules:
    """How its activities are begun and when it is done (BPMN 2.0.2, 13.3.5).

    active_elements: the ids of those begun at the entry, in this order; None for all, in the order of the diagram.
    condition: asked when one has ended; without one it is done when nothing is open any more. cancels_remaining:
    whether those still open are withdrawn then, or waited for.
    """

    is_sequential: bool
    condition: FeelText | None
    cancels_remaining: bool
    active_elements: FeelText | None


class AdHocSubProcess(SubProcess):
    """Activities no flow leads to can be begun at any time, as often as wanted, while it is open."""

    element_type = "adHocSubProcess"

    def __init__(self, level: ScopeSpec, head: ActivityHead, inner: ScopeSpec, rules: AdHocRules) -> None:
        super().__init__(level, head, inner)
        self.rules = rules
        inner.is_ad_hoc = True

    def open(self, scope: Scope) -> Scope:
        own = super().open(scope)
        if own.owner is not None:
            own.owner.internal_data["next"] = []
        return own

    def migrated(self, my_task: SpiffTask) -> None:
        """What was to be begun next and is no longer there is left to people."""
        waiting: list[str] = my_task.kept_data.get("next", [])
        my_task.internal_data["next"] = [name for name in waiting if name in self.inner.task_specs]

    def _run_hook(self, my_task: SpiffTask) -> bool | None:
        own = self.working_scope(my_task)
        own.listen()
        first = [node.name for node in self._begun_at_entry(own)]
        self.runtime(my_task).note(my_task, "active")
        my_task.internal_data["next"] = first
        if first:
            self._begin_next(my_task, own)
            return None
        return True if self.rules.condition is None else None

    def _begun_at_entry(self, own: Scope) -> list[FlowNode]:
        if self.rules.active_elements is None:
            return list(self.inner.start_nodes)
        wanted = self.rules.active_elements.evaluate(own.visible, own.runtime.context)
        known = {node.element_id: node for node in self.inner.start_nodes}
        if isinstance(wanted, list) and all(isinstance(name, str) and name in known for name in wanted):
            return [known[name] for name in wanted]
        msgid = N_("What “%(element)s” should begin with is not a list of ids of its activities that no flow leads to.")
        raise self.failure("ad_hoc", msgid)

    def _begin_next(self, my_task: SpiffTask, own: Scope) -> None:
        waiting: list[str] = my_task.internal_data["next"]
        number = 1 if self.rules.is_sequential else len(waiting)
        my_task.internal_data["next"] = waiting[number:]
        for name in waiting[:number]:
            if own.is_open:
                own.spec.node(name).begin_level(own)

    def why_not_enabled(self, my_task: SpiffTask, element_id: str) -> str | None:
        """Why nobody can begin this activity now, as a msgid; None where it can be begun."""
        if element_id not in {node.element_id for node in self.inner.start_nodes}:
            return N_("“%(element)s” is no activity that can be begun here.")
        if not my_task.is_started or my_task.kept_data.get("closing"):
            return N_("This part of the case is done: nothing can be begun in it any more.")
        if self.rules.is_sequential and self.working_scope(my_task).tasks:
            return N_("Here one activity is done after another: complete the open one first.")
        return None

    def begin_inner(self, my_task: SpiffTask, element_id: str) -> None:
        """Begin an activity; `ActivityNotEnabled` where that is not possible."""
        refusal = self.why_not_enabled(my_task, element_id)
        if refusal is not None:
            raise ActivityNotEnabled(refusal, element_id)
        own = self.working_scope(my_task)
        own.spec.node(element_id).begin_level(own)

    def inner_ended(self, my_task: SpiffTask, scope: Scope) -> None:
        condition = self.rules.condition
        if condition is None or my_task.kept_data.get("closing"):
            return
        if condition.evaluate_boolean(scope.visible, scope.runtime.context):
            my_task.internal_data["closing"] = True
            if self.rules.cancels_remaining:
                for spiff_task in tuple(scope.tasks.values()):
                    spiff_task.cancel()

    def scope_ended(self, my_task: SpiffTask, scope: Scope) -> None:
        """Nothing is open inside: it is done, or goes on, or waits until somebody begins something."""
        if my_task.kept_data.get("closing"):
            my_task.complete()
        elif my_task.kept_data.get("next"):
            self._begin_next(my_task, scope)
        elif self.rules.condition is None:
            my_task.complete()
