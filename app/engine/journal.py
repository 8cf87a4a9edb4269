"""What happens during a step, in order, until it becomes the step's Outcome."""

from __future__ import annotations

from app.engine.budgets import (
    MAX_REQUESTS,
    MAX_VALUE_SIZE,
    MAX_WRITTEN_SIZE,
    TOO_MANY_REQUESTS,
    TOO_MUCH_WRITTEN,
    VALUE_TOO_LARGE,
    size_of,
)
from app.engine.errors import StepFailed
from app.engine.outcome import (
    ActivityChange,
    ClockChange,
    ClosedUserTask,
    DataStoreWrite,
    EvaluatedDecision,
    ExecutionChange,
    OpenedUserTask,
    Outcome,
    RaisedIncident,
    RequestedJob,
    RescheduledUserTask,
    SubscriptionChange,
    ThrownMessage,
    ThrownSignal,
    TimerChange,
    VariableChange,
)


def _too_much(element_id: str, msgid: str, limit: int) -> StepFailed:
    return StepFailed(RaisedIncident(None, element_id, "budget", msgid, {"element": element_id, "limit": limit}))


class Journal:
    """Lists that only grow; one per step. id_seed: what the identifiers of the step follow."""

    def __init__(self, id_seed: str) -> None:
        self.id_seed = id_seed
        self.executions: list[ExecutionChange] = []
        self.activities: list[ActivityChange] = []
        self.flows: list[str] = []
        self.variables: list[VariableChange] = []
        self.opened: list[OpenedUserTask] = []
        self.closed: list[ClosedUserTask] = []
        self.rescheduled: list[RescheduledUserTask] = []
        self.clocks: list[ClockChange] = []
        self.timers: list[TimerChange] = []
        self.jobs: list[RequestedJob] = []
        self.messages: list[ThrownMessage] = []
        self.signals: list[ThrownSignal] = []
        self.data_stores: list[DataStoreWrite] = []
        self.decisions: list[EvaluatedDecision] = []
        self.subscriptions: list[SubscriptionChange] = []
        self.incidents: list[RaisedIncident] = []

    def check_requests(self, element_id: str) -> None:
        """Refuse a step that asks for more than the world outside can take at once."""
        asked = (self.timers, self.jobs, self.messages, self.signals, self.data_stores, self.subscriptions)
        if any(len(requests) > MAX_REQUESTS for requests in asked):
            raise _too_much(element_id, TOO_MANY_REQUESTS, MAX_REQUESTS)
        if self.jobs or self.messages or self.signals or self.data_stores:
            contents: list[object] = [job.inputs for job in self.jobs]
            contents += [message.payload for message in self.messages]
            contents += [signal.payload for signal in self.signals]
            contents += [write.value for write in self.data_stores]
            sizes = [size_of(content) for content in contents]
            if None in sizes:
                raise _too_much(element_id, VALUE_TOO_LARGE, MAX_VALUE_SIZE)
            if sum(size or 0 for size in sizes) > MAX_WRITTEN_SIZE:
                raise _too_much(element_id, TOO_MUCH_WRITTEN, MAX_WRITTEN_SIZE)

    def outcome(self, state: bytes | None, *, end_event_id: str | None) -> Outcome:
        # What the step itself withdrew was never anybody's task, though it began: its activity tells so.
        unseen = {one.id for one in self.opened} & {one.id for one in self.closed} if self.closed else set()
        return Outcome(
            state=state,
            is_ended=state is None,
            end_event_id=end_event_id,
            executions=tuple(self.executions),
            activities=tuple(self.activities),
            flows=tuple(self.flows),
            variables=tuple(self.variables),
            opened=tuple(one for one in self.opened if one.id not in unseen),
            closed=tuple(one for one in self.closed if one.id not in unseen),
            rescheduled=tuple(self.rescheduled),
            clocks=tuple(self.clocks),
            timers=tuple(self.timers),
            jobs=tuple(self.jobs),
            messages=tuple(self.messages),
            signals=tuple(self.signals),
            data_stores=tuple(self.data_stores),
            decisions=tuple(self.decisions),
            subscriptions=tuple(self.subscriptions),
            incidents=tuple(self.incidents),
            id_seed=self.id_seed,
        )
