"""What all flow nodes share: letting a token in, working, sending tokens on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from app.engine.elements.movable import Movable
from app.engine.errors import StepFailed
from app.engine.flows import SequenceFlow
from app.engine.outcome import RaisedIncident
from app.engine.retries import RetryRule
from app.engine.scopes import Scope, ScopeSpec
from app.engine.spiff import SpiffTask
from app.i18n import N_

if TYPE_CHECKING:
    from app.engine.clocks import ClockMark
    from app.engine.data.event_data import EventInput, EventOutput
    from app.engine.elements.boundary_events import BoundaryEvent
    from app.engine.elements.continuation import Continuation
    from app.engine.runtime import RunningInstance


@dataclass(frozen=True, slots=True)
class NodeHead:
    """What every flow node says about itself."""

    id: str
    name: str
    lane: str | None
    line: int


class FlowNode(Movable):
    """A node of a diagram; knows its flows, holds nothing of a running case."""

    element_type: ClassVar[str]
    is_event_subprocess: ClassVar[bool] = False
    is_activity: ClassVar[bool] = False
    clock_marks: tuple[ClockMark, ...] = ()  # what it does to clocks, filled in once the whole process is read
    boundary_events: tuple[BoundaryEvent, ...] = ()  # of activities only
    is_listener: ClassVar[bool] = False  # waits without keeping its scope open
    goes_on: ClassVar[bool] = True  # a token here will leave by the flows of the element
    reached_from: tuple[str, ...] = ()  # nodes a token can come from without a sequence flow
    sends: EventInput | None = None  # of events
    receives: EventOutput | None = None

    def __init__(self, level: ScopeSpec, head: NodeHead, *, node_name: str | None = None, manual: bool = False) -> None:
        super().__init__(level, node_name or head.id, manual=manual)
        self.element_id = head.id
        self.element_name = head.name
        self.lane = head.lane
        self.line = head.line
        self.incoming: tuple[SequenceFlow, ...] = ()
        self.outgoing: tuple[SequenceFlow, ...] = ()
        self.default: SequenceFlow | None = None
        self.before: Continuation | None = None  # where tokens wait for a job that lets them in
        self.after: Continuation | None = None
        self.retry = RetryRule()

    @staticmethod
    def runtime(my_task: SpiffTask) -> RunningInstance:
        scope: Scope = my_task.workflow
        return scope.runtime

    def arrive(self, scope: Scope, flow: SequenceFlow) -> None:
        """A token comes in over a flow; only joins care over which."""
        del flow
        self.enter(scope)

    def begin_level(self, scope: Scope) -> None:
        """Let in the token with which a level begins."""
        if self.before is None:
            self.enter(scope)
        else:
            self.before.hold_before(scope, None)

    def take_start(self, scope: Scope, payload: Mapping[str, object]) -> Mapping[str, object]:
        """What starts a case brings data, which goes where the event says; returns what waits for this node's scope."""
        if self.receives is None:
            scope.set_variables(payload)
        else:
            self.receives.hand_out(self, scope, scope.id, payload)
        return {}

    def begin_by_event(self, scope: Scope, part: int, payload: Mapping[str, object]) -> None:
        """Let in the token with which a case begins; `part` of what this node waits for has happened.

        payload: what `take_start` has left.
        """
        del part, payload
        self.begin_level(scope)

    def enter(self, scope: Scope, **internal: str) -> SpiffTask:
        """Let a token in; `internal` is remembered with it."""
        spiff_task = scope.runtime.new_token(scope, self)
        spiff_task.internal_data.update(internal)
        self.begin(spiff_task)
        return spiff_task

    def can_go_on(self, my_task: SpiffTask) -> bool:
        """Whether a waiting token may go on now that all others have come to rest."""
        del my_task
        return False

    def scope_ended(self, my_task: SpiffTask, scope: Scope) -> None:
        """The last token of the scope that this token owns has gone."""
        del scope
        my_task.complete()

    def inner_ended(self, my_task: SpiffTask, scope: Scope) -> None:
        """An activity directly in the scope that this token owns has ended."""

    def _on_ready_hook(self, my_task: SpiffTask) -> None:
        self.runtime(my_task).agenda.append(my_task)

    def _on_complete_hook(self, my_task: SpiffTask) -> None:
        scope: Scope = my_task.workflow
        runtime, interruptions = scope.runtime, scope.interruptions
        if self.after is None:
            runtime.note(my_task, "done")
        scope.leave(my_task)
        self.left(scope, my_task.id)
        if runtime.unseen:
            runtime.ask_conditions()
        goes_on = scope.is_open and scope.interruptions == interruptions
        if self.after is not None:
            self._hold(my_task, scope, goes_on=goes_on)
        elif goes_on:
            self.send_on(scope)
            scope.end_if_empty()

    def _hold(self, my_task: SpiffTask, scope: Scope, *, goes_on: bool) -> None:
        """Wait for a job behind this node, unless what it did has closed or interrupted the scope."""
        if self.after is not None and goes_on:
            self.after.hold_after(scope, my_task.id, self.chosen_flows(scope))
        else:
            scope.runtime.note(my_task, "done")

    def left(self, scope: Scope, activity_id: str) -> None:
        """The token has done its work here and not yet gone on; what happens now may close or interrupt the scope."""

    def sent(self, scope: Scope) -> dict[str, object]:
        """What its data inputs make this node send, by name."""
        return {} if self.sends is None else self.sends.payload(self, scope)

    def received(self, scope: Scope, activity_id: str, payload: Mapping[str, object]) -> None:
        """What has come to it: its data outputs hand it out, else it becomes variables."""
        if self.receives is None:
            scope.set_variables(payload)
        else:
            self.receives.hand_out(self, scope, activity_id, payload)

    def send_on(self, scope: Scope) -> None:
        """Send tokens on."""
        for flow in self.chosen_flows(scope):
            scope.take(flow)

    def _on_cancel(self, my_task: SpiffTask) -> None:
        scope: Scope = my_task.workflow
        scope.runtime.note(my_task, "cancelled")
        scope.leave(my_task)

    def chosen_flows(self, scope: Scope) -> list[SequenceFlow]:
        """The flows a token leaves by: each without a condition and each whose condition holds.

        The default flow is taken when no condition holds (BPMN 2.0.2, 13.3.1 and 13.3.3).
        """
        if self.default is None and not any(flow.condition for flow in self.outgoing):
            return list(self.outgoing)
        return self.flows_whose_condition_holds(scope, self.outgoing)

    def flows_whose_condition_holds(self, scope: Scope, flows: tuple[SequenceFlow, ...]) -> list[SequenceFlow]:
        visible, context = scope.visible, scope.runtime.context
        chosen = [
            flow
            for flow in flows
            if flow is not self.default
            and (flow.condition is None or flow.condition.evaluate_boolean(visible, context))
        ]
        if self.default is not None and not any(flow.condition for flow in chosen):
            chosen.append(self.default)
        if not chosen:
            raise self.no_flow_taken()
        return chosen

    def no_flow_taken(self) -> StepFailed:
        msgid = N_("At “%(element)s” no condition is true and there is no default flow.")
        return self.failure("no_flow", msgid)

    def weigh(self, scope: Scope, value: object) -> None:
        """Refuse a value that is too large, or too much for one step; what FEEL gave is weighed already."""
        refusal = scope.runtime.context.meter.refusal(value)
        if refusal is not None:
            msgid, limit = refusal
            raise self.failure("budget", msgid, limit=limit)

    def failure(self, kind: str, msgid: str, **params: object) -> StepFailed:
        params = {"element": self.element_name or self.element_id, **params}
        return StepFailed(RaisedIncident(None, self.element_id, kind, msgid, params))
