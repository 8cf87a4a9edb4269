"""Multi-instance activities: the same activity for each item of a list, one after another or all at once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app import feel
from app.engine.data.collections import CollectionIn, CollectionOut
from app.engine.elements.activity import Activity, ActivityHead
from app.engine.elements.flow_node import FlowNode
from app.engine.elements.instance_events import NO_EVENTS, InstanceEvents
from app.engine.elements.repeated_activity import RepeatedActivity
from app.engine.expressions import FeelText
from app.engine.scopes import Scope, ScopeSpec, counter_changed
from app.engine.spiff import SpiffTask
from app.engine.undoable import undoable
from app.i18n import N_


@dataclass(frozen=True, slots=True)
class LoopCharacteristics:
    """How often, over what, and until when (BPMN 2.0.2, 13.3.7).

    Exactly one of collection, data_in and cardinality is set. output_element is evaluated in each finished instance;
    the list of its values, in the order of the collection, becomes the variable output_collection. data_out is the
    same as BPMN writes it.
    """

    is_sequential: bool
    collection: FeelText | None
    cardinality: FeelText | None
    element_variable: str | None
    completion_condition: FeelText | None
    output_collection: str | None
    output_element: FeelText | None
    data_in: CollectionIn | None = None
    data_out: CollectionOut | None = None
    events: InstanceEvents = NO_EVENTS

    @property
    def has_items(self) -> bool:
        return self.collection is not None or self.data_in is not None

    @property
    def has_results(self) -> bool:
        return self.output_element is not None or self.data_out is not None

    @property
    def form(self) -> tuple[object, ...]:
        """What decides which data lie in the body and in its instances between two passes."""
        return self.is_sequential, self.has_items, self.has_results, self.data_out and self.data_out.variable


class MultiInstanceBody(RepeatedActivity):
    """The activity as a whole, with the counters; each instance has a scope of its own inside.

    An instance's scope holds `loopCounter` (from 0) and the item. The counters have Camunda's names, and the
    standard's as well: see `Scope.visible`.
    """

    def __init__(self, level: ScopeSpec, head: ActivityHead, inner: Activity, loop: LoopCharacteristics) -> None:
        super().__init__(level, head, inner)
        self.loop = loop

    def takes_over(self, other: FlowNode) -> bool:
        return super().takes_over(other) and isinstance(other, MultiInstanceBody) and self._counts_as(other.loop)

    def _counts_as(self, loop: LoopCharacteristics) -> bool:
        """Whether what is kept between two passes has the same form."""
        return self.loop.form == loop.form

    def _run_hook(self, my_task: SpiffTask) -> bool | None:
        body = self.working_scope(my_task)
        items = self._items(body)
        body.set_local("nrOfInstances", Decimal(len(items)))
        for name in ("nrOfActiveInstances", "nrOfCompletedInstances", "numberOfTerminatedInstances"):
            body.set_local(name, Decimal(0))
        if not items:
            self._hand_over(my_task)
            return True
        if self.loop.is_sequential and self.loop.has_items:
            my_task.internal_data["items"] = [feel.encode(item) for item in items]
        if self.loop.has_results:
            my_task.internal_data["results"] = [feel.encode(None)] * len(items)
        self.runtime(my_task).note(my_task, "active")
        for index in range(1 if self.loop.is_sequential else len(items)):
            self._begin_instance(my_task, body, index, items[index])
        return None

    def _items(self, body: Scope) -> list[object]:
        """One entry per instance: the item, or null where only their number is given."""
        context, loop = body.runtime.context, self.loop
        if loop.has_items:
            value = self._collection(body)
            if isinstance(value, list):
                self._check_number(body, len(value))
                return value
            raise self.failure("multi_instance", N_("What “%(element)s” should go through is not a list."))
        number = loop.cardinality.evaluate(body.visible, context) if loop.cardinality is not None else None
        if isinstance(number, Decimal) and number >= 0 and number == number.to_integral_value():
            self._check_number(body, int(number))
            return [None] * int(number)
        raise self.failure("multi_instance", N_("How often “%(element)s” should be done is not a whole number."))

    def _collection(self, body: Scope) -> object:
        loop = self.loop
        if loop.collection is not None:
            return loop.collection.evaluate(body.visible, body.runtime.context)
        return loop.data_in.read(self, body) if loop.data_in is not None else None

    def _check_number(self, body: Scope, number: int) -> None:
        limit = body.runtime.context.max_live_tokens
        if number > limit:
            raise self.failure("budget", N_("“%(element)s” has more than %(limit)s instances."), limit=limit)

    def _begin_instance(self, my_task: SpiffTask, body: Scope, index: int, item: object) -> None:
        scope = body.runtime.open_scope(self.level, "instance", my_task, parent=body)
        scope.set_local("loopCounter", Decimal(index))
        if self.loop.element_variable:
            scope.set_local(self.loop.element_variable, item)
        if self.loop.data_out is not None:
            scope.set_local(self.loop.data_out.variable, None)
        self._count(body, "nrOfActiveInstances", 1)
        self.inner.enter(scope)

    @staticmethod
    def _number(scope: Scope, name: str) -> int:
        value = scope.variables.get(name)  # states of older versions do not count those that were withdrawn
        return int(value) if isinstance(value, Decimal) else 0

    def _count(self, body: Scope, name: str, change: int) -> int:
        number = self._number(body, name) + change
        body.set_local(name, Decimal(number))
        return number

    def scope_ended(self, my_task: SpiffTask, scope: Scope) -> None:
        """An instance has ended."""
        body = self.working_scope(my_task)
        self._count(body, "nrOfActiveInstances", -1)
        completed = self._count(body, "nrOfCompletedInstances", 1)
        if self.loop.has_results:
            self._keep_result(my_task, scope)
        self.loop.events.throw(self, scope, my_task.id, is_first=completed == 1)
        if not scope.is_open:
            return  # what was thrown has interrupted the activity
        condition = self.loop.completion_condition
        is_enough = condition is not None and condition.evaluate_boolean(scope.visible, scope.runtime.context)
        scope.close()
        if scope.undoable:
            body.remember(undoable("", scope, scope.undoable))
        self._go_on(my_task, body, is_enough=is_enough)

    def _go_on(self, my_task: SpiffTask, body: Scope, *, is_enough: bool) -> None:
        """An instance is over: the next one begins, or the activity is done."""
        over = self._number(body, "nrOfCompletedInstances") + self._number(body, "numberOfTerminatedInstances")
        if is_enough or over == self._number(body, "nrOfInstances"):
            self._terminate_others(body)
            self._hand_over(my_task)
            my_task.complete()
        elif self.loop.is_sequential:
            self._begin_instance(my_task, body, over, self._item(my_task, over))

    def leave_out(self, my_task: SpiffTask, scope: Scope) -> None:
        """It counts as terminated, and its result is null."""
        body = self.working_scope(my_task)
        scope.cancel()
        self._count(body, "nrOfActiveInstances", -1)
        self._count(body, "numberOfTerminatedInstances", 1)
        self._go_on(my_task, body, is_enough=False)

    def _terminate_others(self, body: Scope) -> None:
        """Withdraw the instances that are no longer needed."""
        others = body.inner_scopes()
        for other in others:
            other.cancel()
        if others:
            self._count(body, "nrOfActiveInstances", -len(others))
            self._count(body, "numberOfTerminatedInstances", len(others))

    @staticmethod
    def _item(my_task: SpiffTask, index: int) -> object:
        items = my_task.internal_data.get("items")
        return feel.decode(items[index]) if items is not None else None

    def _keep_result(self, my_task: SpiffTask, scope: Scope) -> None:
        results, index = my_task.internal_data["results"], self._number(scope, "loopCounter")
        if not 0 <= index < len(results):
            raise counter_changed(self.element_id, "loopCounter")
        results[index] = feel.encode(self._result(scope))

    def _result(self, scope: Scope) -> object:
        loop = self.loop
        if loop.output_element is not None:
            return loop.output_element.evaluate(scope.visible, scope.runtime.context)
        return scope.variables[loop.data_out.variable] if loop.data_out is not None else None

    def _hand_over(self, my_task: SpiffTask) -> None:
        """Give the collected values to the scope around."""
        if not self.loop.has_results:
            return
        results = [feel.decode(value) for value in my_task.internal_data.get("results", ())]
        self.weigh(my_task.workflow, results)
        if self.loop.output_collection:
            my_task.workflow.set_variable(self.loop.output_collection, results)
        if self.loop.data_out is not None:
            self.loop.data_out.write(self, self.working_scope(my_task), my_task.id, results)
