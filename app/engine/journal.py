"""What happens during a step, in order, until it becomes the step's Outcome."""

from __future__ import annotations

from app.engine.outcome import (
    ActivityChange,
    ClosedUserTask,
    DataStoreWrite,
    ExecutionChange,
    OpenedUserTask,
    Outcome,
    RaisedIncident,
    RequestedJob,
    SubscriptionChange,
    ThrownMessage,
    ThrownSignal,
    TimerChange,
    VariableChange,
)


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
        self.timers: list[TimerChange] = []
        self.jobs: list[RequestedJob] = []
        self.messages: list[ThrownMessage] = []
        self.signals: list[ThrownSignal] = []
        self.data_stores: list[DataStoreWrite] = []
        self.subscriptions: list[SubscriptionChange] = []
        self.incidents: list[RaisedIncident] = []

    def outcome(self, state: bytes | None, *, end_event_id: str | None) -> Outcome:
        return Outcome(
            state=state,
            is_ended=state is None,
            end_event_id=end_event_id,
            executions=tuple(self.executions),
            activities=tuple(self.activities),
            flows=tuple(self.flows),
            variables=tuple(self.variables),
            opened=tuple(self.opened),
            closed=tuple(self.closed),
            timers=tuple(self.timers),
            jobs=tuple(self.jobs),
            messages=tuple(self.messages),
            signals=tuple(self.signals),
            data_stores=tuple(self.data_stores),
            subscriptions=tuple(self.subscriptions),
            incidents=tuple(self.incidents),
            id_seed=self.id_seed,
        )
